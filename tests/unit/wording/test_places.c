#include "hub/wording/feature.h"
#include "hub/wording/places.h"
#include "hub/wording/street.h"
#include "tests/unit/base/run.h"

static int match(const char *one, const char *other)
{
        PlaceNames a, b;

        places_read(&a, one, 48);
        places_read(&b, other, 48);
        return places_match(&a, &b);
}

static int area(const char *one, const char *other)
{
        PlaceNames a, b;

        places_read(&a, one, 48);
        places_read(&b, other, 48);
        return places_area(&a, &b);
}

static int address(const char *one, const char *other)
{
        Houses a, b;

        houses_read(&a, one, NULL, NULL);
        houses_read(&b, other, NULL, NULL);
        return houses_match(&a, &b);
}

START_TEST(the_same_estate_under_more_words_is_the_same_place)
{
        ck_assert_int_eq(match("湖里区阳光新城小区停水", "阳光新城小区又停水了"), MATCH_SAME);
        ck_assert_int_eq(match("枋湖南路积水", "枋湖南路有积水,枋湖东路也是"), MATCH_SAME);
}
END_TEST

START_TEST(another_estate_in_the_same_words_is_another_place)
{
        ck_assert_int_eq(match("金山小区物业乱收费", "海天小区物业乱收费"), MATCH_DIFFERENT);
        ck_assert_int_eq(match("物业乱收费", "海天小区物业乱收费"), MATCH_ABSENT);
        ck_assert_int_eq(match("", "海天小区"), MATCH_ABSENT);
}
END_TEST

START_TEST(districts_part_and_a_town_alone_says_little)
{
        ck_assert_int_eq(area("A市A1区噪音", "A1区半夜噪音"), AREA_DISTRICT);
        ck_assert_int_eq(area("A市A1区噪音", "A市A5区噪音"), AREA_DIFFERENT);
        ck_assert_int_eq(area("A市公交", "A市地铁"), AREA_TOWN);
        ck_assert_int_eq(area("A市公交", "K市公交"), AREA_DIFFERENT);
        ck_assert_int_eq(area("公交", "A市公交"), AREA_ABSENT);
        ck_assert_int_eq(area("湖里区", "思明区"), AREA_DIFFERENT);
        ck_assert_int_eq(area("厦门湖里区", "厦门思明区"), AREA_DIFFERENT);
}
END_TEST

START_TEST(addresses_are_a_street_and_a_number)
{
        ck_assert_int_eq(address("434 W Roscoe St", "434 W ROSCOE ST, Chicago"), ADDRESS_SAME);
        ck_assert_int_eq(address("434 W Roscoe St", "436 W ROSCOE ST"), ADDRESS_STREET);
        ck_assert_int_eq(address("434 W Roscoe St", "434 N Clark St"), ADDRESS_DIFFERENT);
        ck_assert_int_eq(address("枋湖南路12号", "厦门市湖里区枋湖南路１２号阿明烧烤"), ADDRESS_HOUSE);
        ck_assert_int_eq(address("枋湖南路12号", "枋湖南路14号"), ADDRESS_OTHER_HOUSE);
        ck_assert_int_eq(address("湖里街道枋湖南路12号", "枋湖南路"), ADDRESS_ROAD);
        ck_assert_int_eq(address("枋湖南路12号", "枋湖北路12号"), ADDRESS_OTHER_ROAD);
        ck_assert_int_eq(address("湖里街道湖里公园", "枋湖南路12号"), ADDRESS_ABSENT);
        ck_assert_int_eq(address("434 W Roscoe St", "枋湖南路12号"), ADDRESS_ABSENT);
        ck_assert_int_eq(address(NULL, "枋湖南路12号"), ADDRESS_ABSENT);
        ck_assert_int_eq(address("12", "12"), ADDRESS_ABSENT);
        /* what a bridge is called after is not where things stand that are near it */
        ck_assert_int_eq(address("湖里区禾山街道嘉禾路SM天桥", "寨上北路279号"), ADDRESS_ABSENT);
        ck_assert_int_eq(address("嘉禾路12号SM天桥", "寨上北路279号"), ADDRESS_OTHER_ROAD);
        ck_assert_int_eq(address("嘉禾路老林茶庄", "寨上北路279号"), ADDRESS_OTHER_ROAD);
}
END_TEST

START_TEST(a_house_is_read_in_the_words_too_a_road_where_no_house_is_known)
{
        Houses told, written, vague, both;

        houses_read(&written, "湖里区枋湖南路12号", NULL, NULL);
        houses_read(&told, NULL, "占道经营", "每天在枋湖南路12号门口摆摊，道路都堵了");
        houses_read(&vague, NULL, NULL, "枋湖南路上，道路都堵了");
        ck_assert_int_eq(houses_match(&told, &written), ADDRESS_HOUSE);
        ck_assert_int_eq(houses_match(&vague, &written), ADDRESS_ROAD);
        ck_assert_uint_eq(vague.size, 1);
        houses_read(&both, "湖里区枋湖南路12号", NULL, "枋湖北路也是");
        ck_assert_uint_eq(both.size, 1);
        houses_read(&vague, NULL, "堵路", "道路都堵了，堆在路上，十字路口，沿街摆摊，从小巷绕路");
        ck_assert_uint_eq(vague.size, 0);
}
END_TEST

RUN("places", the_same_estate_under_more_words_is_the_same_place, another_estate_in_the_same_words_is_another_place,
    districts_part_and_a_town_alone_says_little, addresses_are_a_street_and_a_number,
    a_house_is_read_in_the_words_too_a_road_where_no_house_is_known)
