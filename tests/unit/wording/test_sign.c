#include "hub/wording/feature.h"
#include "hub/wording/sign.h"
#include "tests/unit/base/run.h"

static Signs told(const char *address, const char *text)
{
        Signs signs;

        signs_read(&signs, address, NULL, text);
        return signs;
}

static int match(Signs one, Signs other)
{
        return signs_match(&one, &other);
}

START_TEST(what_follows_road_and_number_is_a_name_that_a_letter_says_too)
{
        const Signs record = told("厦门市湖里区枋湖西路88号老林茶庄", NULL);

        ck_assert_uint_eq(record.size, 1);
        ck_assert_int_eq(match(record, told(NULL, "枋湖西路的老林茶庄每天摆摊")), SIGN_SAME);
        ck_assert_int_eq(match(record, told(NULL, "您好，老林茶庄旁边堆了垃圾")), SIGN_SAME);
        ck_assert_int_eq(match(record, told(NULL, "老地方面馆对面")), SIGN_DIFFERENT);
        ck_assert_int_eq(match(record, told(NULL, "行人过不去")), SIGN_ABSENT);
        ck_assert_uint_eq(told("厦门市湖里区枋湖西路88号", NULL).size, 0);
        ck_assert_uint_eq(told("434 W Roscoe St", NULL).size, 0);
        ck_assert_uint_eq(told(NULL, NULL).size, 0);
}
END_TEST

/* A name without a word for its kind is one in an address only. */
START_TEST(any_name_counts_behind_a_road)
{
        ck_assert_int_eq(match(told("江村路阿婆横幅", NULL), told("湖里区江村路12号阿婆横幅", NULL)), SIGN_SAME);
        ck_assert_uint_eq(told(NULL, "阿婆横幅快掉下来").size, 0);
}
END_TEST

START_TEST(one_letter_in_four_may_be_a_slip_and_a_building_never_is)
{
        ck_assert_int_eq(match(told(NULL, "欣顺KTV太吵"), told(NULL, "和顺KTV太吵")), SIGN_SLIP);
        ck_assert_int_eq(match(told(NULL, "老林茶庄"), told(NULL, "老王面馆")), SIGN_DIFFERENT);
        ck_assert_int_eq(match(told(NULL, "金山小区12号楼"), told(NULL, "金山小区12栋")), SIGN_SAME);
        ck_assert_int_eq(match(told(NULL, "金山小区12号楼"), told("枋湖路9号金山小区12号楼", NULL)), SIGN_SAME);
        ck_assert_int_eq(match(told(NULL, "金山小区12号楼"), told(NULL, "金山小区13号楼")), SIGN_OTHER_BUILDING);
        ck_assert_int_eq(match(told(NULL, "金山小区12号楼"), told(NULL, "金山小区门口")), SIGN_ESTATE);
        ck_assert_int_eq(match(told(NULL, "金山小区12号楼"), told(NULL, "海天小区13号楼")), SIGN_DIFFERENT);
}
END_TEST

START_TEST(more_words_before_a_name_leave_a_part_of_it)
{
        ck_assert_int_eq(match(told(NULL, "深夜石头酒吧吵"), told(NULL, "石头酒吧吵")), SIGN_PART);
        ck_assert_int_eq(match(told(NULL, "石头酒吧吵"), told(NULL, "楼下石头酒吧吵")), SIGN_SAME);
        ck_assert_int_eq(match(told(NULL, "石头酒吧吵"), told(NULL, "有家石头酒吧")), SIGN_SAME);
        ck_assert_int_eq(match(told(NULL, "闽南五金店"), told(NULL, "卖五金店")), SIGN_DIFFERENT);
}
END_TEST

/* Many doors stand near one market: it names none of them. */
START_TEST(a_landmark_is_no_door)
{
        ck_assert_int_eq(match(told(NULL, "枋湖菜市场附近"), told("湖里区枋湖菜市场", NULL)), SIGN_MARK);
        ck_assert_int_eq(match(told(NULL, "枋湖菜市场附近"), told(NULL, "靠近殿前小学")), SIGN_OTHER_MARK);
        ck_assert_int_eq(match(told(NULL, "枋湖菜市场旁的百味面馆"), told(NULL, "枋湖菜市场旁的宝岛药店")),
                         SIGN_DIFFERENT);
        ck_assert_int_eq(match(told(NULL, "枋湖菜市场"), told(NULL, "宝岛药店")), SIGN_ABSENT);
        ck_assert_int_eq(match(told("湖里区仙岳公园北门", NULL), told("仙岳公园北门", NULL)), SIGN_MARK);
}
END_TEST

START_TEST(a_schools_building_site_is_a_site)
{
        ck_assert_int_eq(match(told(NULL, "蓝鲸学校工地没有喷淋"), told("仙岳南路蓝鲸学校工地", NULL)), SIGN_SAME);
        ck_assert_int_eq(match(told(NULL, "客家道路改造工地"), told("金尚南路客家道路改造工地", NULL)), SIGN_SAME);
        ck_assert_int_eq(match(told(NULL, "客家道路改造工地"), told("金尚南路金鼎道路改造工地", NULL)), SIGN_DIFFERENT);
}
END_TEST

START_TEST(a_kind_of_shop_is_no_name)
{
        ck_assert_uint_eq(told(NULL, "有家理发店，五金店门口，学校工地，拆迁工地").size, 0);
        ck_assert_uint_eq(told(NULL, "货架伸出店门，水漫进店里，告诉店主，沿街店面").size, 0);
        ck_assert_int_eq(match(told(NULL, "老林面店门口"), told(NULL, "老林面店")), SIGN_SAME);
}
END_TEST

START_TEST(an_address_begins_behind_city_and_district)
{
        ck_assert_str_eq(sign_address("厦门市湖里区禾山街道枋湖路1号"), "枋湖路1号");
        ck_assert_str_eq(sign_address("湖里区金山小区"), "金山小区");
        ck_assert_str_eq(sign_address("后埔社区"), "后埔社区");
        ck_assert_str_eq(sign_address("江头超市"), "江头超市");
        ck_assert_str_eq(sign_address("高崎菜市场"), "高崎菜市场");
        ck_assert_ptr_null(sign_address(NULL));
}
END_TEST

/* A sixth name is kept, a seventh is not. */
START_TEST(long_texts_fill_no_more_than_there_is_room_for)
{
        const Signs many = told(NULL, "甲乙面馆，丙丁面馆，戊己面馆，庚辛面馆，壬癸面馆，子丑面馆，寅卯面馆");

        ck_assert_uint_eq(many.size, SIGNS_MOST);
        ck_assert_int_eq(match(many, told(NULL, "子丑面馆")), SIGN_SAME);
        ck_assert_int_ne(match(many, told(NULL, "寅卯面馆")), SIGN_SAME);
        ck_assert_uint_eq(told("枋湖路一二三四五六七八九十百千万", NULL).items[0].size, SIGN_LETTERS_MOST);
}
END_TEST

RUN("sign", what_follows_road_and_number_is_a_name_that_a_letter_says_too, any_name_counts_behind_a_road,
    one_letter_in_four_may_be_a_slip_and_a_building_never_is, more_words_before_a_name_leave_a_part_of_it,
    a_landmark_is_no_door, a_schools_building_site_is_a_site, a_kind_of_shop_is_no_name,
    an_address_begins_behind_city_and_district, long_texts_fill_no_more_than_there_is_room_for)
