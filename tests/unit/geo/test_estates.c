#include "hub/base/memory.h"
#include "hub/geo/estates.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define HEADER "estate,building,lon,lat,crs\n"

static void estates_drop(Estates **estates)
{
        estates_free(*estates);
}

static Estates *load(const char *text, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        int file = mkstemp(path);
        Estates *estates;

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        estates = estates_load(path, err);
        unlink(path);
        return estates;
}

static void finds(const Estates *estates, const char *estate, const char *building, const char *wanted)
{
        const Estate *found = estates_find(estates, estate, building);

        ck_assert_msg(found != NULL, "%s %s is not found", estate, building);
        ck_assert_str_eq(found->building, wanted);
}

START_TEST(a_building_is_found_however_it_is_written)
{
        static const char *const spellings[] = { "12",   "１２",   "12号楼", "第12幢", "12#",
                                                 "12＃", " 12 栋", "12号",   "12座" };
        Error err = { 0 };
        CLEANUP(estates_drop)
        Estates *estates = load(HEADER "金林湾花园,12,118.1147685,24.5098473,gcj02\n金林湾花园,1,118.12,24.51,wgs84\n"
                                       "金林湾花园,A座,118.12,24.511,wgs84\n",
                                &err);
        const Estate *found;

        ck_assert_msg(estates != NULL, "%s", err.text);
        for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
                finds(estates, "金林湾 花园", spellings[i], "12");
        finds(estates, "金林湾花园（）", "a", "A座");
        found = estates_find(estates, "金林湾花园", "12");
        ck_assert(found->at.positioned && fabs(found->at.lon - 118.1098) < 0.0005 &&
                  fabs(found->at.lat - 24.5125) < 0.0005);
        ck_assert_str_eq(found->at.raw_lon, "118.1147685");
        ck_assert_ptr_eq(found->at.crs, CRS_GCJ02);
        ck_assert(fabs(found->radius_m) < 1e-9);
}
END_TEST

START_TEST(a_longer_text_is_no_building)
{
        Error err = { 0 };
        CLEANUP(estates_drop)
        Estates *estates = load(HEADER "金林湾花园,12,118.12,24.51,wgs84\n金林湾花园,1,118.12,24.51,wgs84\n", &err);

        finds(estates, "金林湾花园", "12-1203", "");
        finds(estates, "金林湾花园", "1号楼2单元", "");
        finds(estates, "金林湾花园", "号楼", "");
        finds(estates, "金林湾花园", "", "");
        finds(estates, "金林湾花园", NULL, "");
        ck_assert_ptr_null(estates_find(estates, "别的花园", "12"));
        ck_assert_ptr_null(estates_find(estates, "", "12"));
        ck_assert_ptr_null(estates_find(estates, NULL, "12"));
}
END_TEST

/* 0.01 degree of latitude at 24.5 degrees north is 1,107.7 m (WGS 84 meridian, M = a(1-e2)/(1-e2 sin2)^1.5). */
START_TEST(a_whole_estate_reaches_to_its_farthest_building)
{
        Error err = { 0 };
        CLEANUP(estates_drop)
        Estates *estates = load(
                HEADER "甲,1,118.12,24.50,wgs84\n甲,2,118.12,24.52,wgs84\n甲,3,,,\n"
                       "乙,1,118.12,24.50,wgs84\n乙,,118.12,24.51,cgcs2000\n丙,1,-,-,wgs84\n丁,7,118.1,24.5,wgs84\n",
                &err);
        const Estate *found = estates_find(estates, "甲", "9");

        ck_assert_msg(estates != NULL, "%s", err.text);
        ck_assert(fabs(found->at.lon - 118.12) < 1e-9 && fabs(found->at.lat - 24.51) < 1e-9);
        ck_assert_msg(fabs(found->radius_m - 1107.7) < 1, "%f", found->radius_m);
        ck_assert(!estates_find(estates, "甲", "3")->at.positioned);
        found = estates_find(estates, "乙", "9");
        ck_assert(fabs(found->at.lat - 24.51) < 1e-6);
        ck_assert_str_eq(found->at.raw_lat, "24.51");
        ck_assert_ptr_eq(found->at.crs, CRS_CGCS2000);
        ck_assert_msg(fabs(found->radius_m - 1107.7) < 1, "%f", found->radius_m);
        ck_assert(!estates_find(estates, "丙", "2")->at.positioned);
        ck_assert(fabs(estates_find(estates, "丁", "8")->radius_m - 200) < 1e-9);
}
END_TEST

static void refuses(const char *text, const char *why)
{
        Error err = { 0 };
        CLEANUP(estates_drop) Estates *estates = load(text, &err);

        ck_assert_ptr_null(estates);
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_msg(strstr(err.text, why) != NULL, "\"%s\" does not say \"%s\"", err.text, why);
}

START_TEST(a_wrong_row_is_named_with_its_line)
{
        refuses("estate,building,lon,lat\n", "column \"crs\" is missing");
        refuses(HEADER "甲,1,118.1,24.5,\n", "line 2: crs: \"\" is no coordinate system");
        refuses(HEADER "甲,1,118.1,,gcj02\n", "line 2: lon \"118.1\", lat \"\": this is no position");
        refuses(HEADER "甲,1,24.5,118.1,gcj02\n", "no position (swapped");
        refuses(HEADER "甲,1,,,\n甲,1号楼,,,\n", "line 3: estate \"甲\", building \"1号楼\" is there twice");
        refuses(HEADER "甲,,,,\n甲,,,,\n", "line 3: estate \"甲\", building \"\" is there twice");
        refuses(HEADER ",1,,,\n", "line 2: estate is empty");
}
END_TEST

START_TEST(an_option_names_the_file_beside_its_configuration)
{
        Estates *estates = NULL;
        Error err = { 0 };

        ck_assert(!estates_option.read("no-such.csv", "/no/folder", &estates, &err));
        ck_assert_ptr_null(estates);
        ck_assert(strstr(err.text, "/no/folder/no-such.csv") != NULL);
        estates_option.free(&estates);
}
END_TEST

RUN("estates", a_building_is_found_however_it_is_written, a_longer_text_is_no_building,
    a_whole_estate_reaches_to_its_farthest_building, a_wrong_row_is_named_with_its_line,
    an_option_names_the_file_beside_its_configuration)
