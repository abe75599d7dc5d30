#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/geo/gazetteer.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define HEADER "name,kind,lon,lat,crs,radius_m\n"

static const char places[] = HEADER "枋湖南路,road,118.1350,24.5140,wgs84,700\n"
                                    "湖里大道,road,118.1000,24.5100,wgs84,2000\n"
                                    "金湖路|金湖一路,road,118.1400,24.5150,wgs84,300\n"
                                    "枋湖南路与金湖路交叉口|枋湖金湖路口,crossing,118.1390,24.5150,wgs84,60\n"
                                    "金湖花园|金湖花园小区,estate,118.1360,24.5150,wgs84,150\n"
                                    "枋湖南路1号,house,118.1300,24.5140,wgs84,20\n"
                                    "中山公园,landmark,118.1100,24.5000,wgs84,100\n"
                                    "中山公园,landmark,118.1600,24.5300,wgs84,100\n"
                                    "江头街道,area,118.1300,24.5050,wgs84,1500\n"
                                    "SM城市广场,landmark,118.1279350,24.5001280,gcj02,200\n";

static void gazetteer_drop(Gazetteer **gazetteer)
{
        gazetteer_free(*gazetteer);
}

static Gazetteer *load(const char *text, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        const int file = mkstemp(path);

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        Gazetteer *gazetteer = gazetteer_load(path, err);
        unlink(path);
        return gazetteer;
}

static const GazetteerPlace *find(const Gazetteer *gazetteer, const char *address, const char *title,
                                  const char *description)
{
        const char *const texts[] = { address, title, description };

        return gazetteer_find(gazetteer, texts, 3);
}

START_TEST(words_name_a_place_that_is_as_wide_as_words_are)
{
        static const struct {
                const char *text, *name;
                double accuracy_m;
        } cases[] = {
                { "湖里区枋湖南路占道经营", "枋湖南路", 700 },
                { "枋湖 南路２３号", "枋湖南路", 700 },
                { "金湖一路有人摆摊", "金湖路|金湖一路", 500 },
                { "江头街道的噪音", "江头街道", 1500 },
                { "ＳＭ城市广场北门", "SM城市广场", 500 },
                /* a house or a crossing is a place, not an area */
                { "枋湖南路与金湖路交叉口红灯不亮", "枋湖南路与金湖路交叉口|枋湖金湖路口", 60 },
                { "枋湖南路、枋湖金湖路口", "枋湖南路与金湖路交叉口|枋湖金湖路口", 60 },
                { "枋湖南路1号门口", "枋湖南路1号", 20 },
                /* the finest of what may be one place */
                { "江头街道枋湖南路金湖花园", "金湖花园|金湖花园小区", 500 },
                { "金湖花园小区旁的金湖路", "金湖花园|金湖花园小区", 500 },
        };
        Error err = { 0 };
        CLEANUP(gazetteer_drop) Gazetteer *gazetteer = load(places, &err);

        ck_assert_msg(gazetteer != NULL, "%s", err.text);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                const GazetteerPlace *found = find(gazetteer, NULL, cases[i].text, NULL);

                ck_assert_msg(found != NULL, "%s", cases[i].text);
                ck_assert_str_eq(found->name, cases[i].name);
                ck_assert(fabs(found->accuracy_m - cases[i].accuracy_m) < 1e-9);
        }
        const GazetteerPlace *mall = find(gazetteer, NULL, "SM城市广场", NULL);
        ck_assert(fabs(mall->lon - 118.1230) < 0.0005 && fabs(mall->lat - 24.5028) < 0.0005);
}
END_TEST

START_TEST(what_names_no_one_place_names_none)
{
        static const char *const texts[] = {
                "",
                "。。",
                "湖里区",
                "枋湖",
                "路",
                "枋湖南路与湖里大道之间", /* two roads */
                "中山公园",               /* two of that name */
                "东枋湖南路",
                "新金湖路",         /* other roads */
                "湖里大道金湖花园", /* an estate that is not there */
                "金湖花园和中山公园",
        };
        Error err = { 0 };
        CLEANUP(gazetteer_drop) Gazetteer *gazetteer = load(places, &err);

        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                ck_assert_msg(find(gazetteer, NULL, texts[i], NULL) == NULL, "%s", texts[i]);
        ck_assert_ptr_null(find(gazetteer, NULL, NULL, NULL));
        /* 21号 is another house: the road is all that is named */
        ck_assert_str_eq(find(gazetteer, NULL, "枋湖南路21号", NULL)->name, "枋湖南路");
        ck_assert_str_eq(find(gazetteer, NULL, "枋湖南路12号", NULL)->name, "枋湖南路");
}
END_TEST

START_TEST(the_address_goes_before_the_title_and_that_before_the_rest)
{
        Error err = { 0 };
        CLEANUP(gazetteer_drop) Gazetteer *gazetteer = load(places, &err);

        ck_assert_str_eq(find(gazetteer, "枋湖南路", "湖里大道", "江头街道")->name, "枋湖南路");
        ck_assert_str_eq(find(gazetteer, "湖里区", "湖里大道", "枋湖南路")->name, "湖里大道");
        ck_assert_str_eq(find(gazetteer, NULL, NULL, "枋湖南路")->name, "枋湖南路");
        /* what the address leaves open the title does not settle */
        ck_assert_ptr_null(find(gazetteer, "中山公园", "枋湖南路", NULL));
}
END_TEST

START_TEST(a_wrong_row_is_said_with_its_line)
{
        static const struct {
                const char *rows, *text;
        } cases[] = {
                { "枋湖南路,street,118.1,24.5,wgs84,500\n", "line 2: kind \"street\"" },
                { "枋湖南路,road,118.1,24.5,wgs84,500\n金湖路,road,118.1,24.5,wgs84,0\n", "line 3: radius_m \"0\"" },
                { "枋湖南路,road,118.1,24.5,wgs84,wide\n", "line 2: radius_m \"wide\"" },
                { "枋湖南路,road,,,wgs84,500\n", "line 2: lon and lat are empty" },
                { "枋湖南路,road,24.5,118.1,wgs84,500\n", "line 2: lon \"24.5\"" },
                { "枋湖南路,road,118.1,24.5,wgs72,500\n", "line 2: crs: " },
                { "枋湖南路|路,road,118.1,24.5,wgs84,500\n", "line 2: name: \"路\" is too short" },
                { ",road,118.1,24.5,wgs84,500\n", "line 2: name: \"\" is too short" },
        };

        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                CLEANUP(mem_drop) char *text = text_format("%s%s", HEADER, cases[i].rows);
                Error err = { 0 };
                CLEANUP(gazetteer_drop) Gazetteer *gazetteer = load(text, &err);

                ck_assert_ptr_null(gazetteer);
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_msg(strstr(err.text, cases[i].text) != NULL, "%s", err.text);
        }
}
END_TEST

START_TEST(what_is_shipped_loads)
{
        Error err = { 0 };
        CLEANUP(gazetteer_drop)
        Gazetteer *gazetteer =
                gazetteer_load(HUB_SCHEMAS_SOURCE "/../deploy/config/gazetteer/huli-schematic.csv", &err);

        ck_assert_msg(gazetteer != NULL, "%s", err.text);
        ck_assert_ptr_nonnull(find(gazetteer, NULL, "住在园山西路118号", NULL));
}
END_TEST

RUN("gazetteer", words_name_a_place_that_is_as_wide_as_words_are, what_names_no_one_place_names_none,
    the_address_goes_before_the_title_and_that_before_the_rest, a_wrong_row_is_said_with_its_line,
    what_is_shipped_loads)
