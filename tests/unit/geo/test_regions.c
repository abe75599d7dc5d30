#include "hub/base/memory.h"
#include "hub/geo/regions.h"
#include "tests/unit/base/run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FEATURE(level, id, rings)                                                                                      \
        "{\"type\":\"Feature\",\"properties\":{\"level\":\"" level "\",\"id\":\"" id "\"},\"geometry\":{\"type\":"     \
        "\"Polygon\",\"coordinates\":" rings "}}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

/* Two squares that share the border lon 118.1, and a grid inside the second. */
#define WEST "[[[118.0,24.5],[118.1,24.5],[118.1,24.6],[118.0,24.6],[118.0,24.5]]]"
#define EAST "[[[118.1,24.5],[118.2,24.5],[118.2,24.6],[118.1,24.6],[118.1,24.5]]]"
#define GRID "[[[118.11,24.51],[118.12,24.51],[118.12,24.52],[118.11,24.52],[118.11,24.51]]]"

static void regions_drop(Regions **regions)
{
        regions_free(*regions);
}

static Regions *load(const char *text, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        int file = mkstemp(path);
        Regions *regions;

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        regions = regions_load(path, err);
        unlink(path);
        return regions;
}

START_TEST(a_place_has_its_subdistrict_and_grid)
{
        Error err = { 0 };
        CLEANUP(regions_drop)
        Regions *regions = load(COLLECTION(FEATURE("subdistrict", "350206001", WEST) "," FEATURE(
                                        "subdistrict", "350206002", EAST) "," FEATURE("grid", "g1", GRID)),
                                &err);
        RegionPlace found;

        ck_assert_msg(regions != NULL, "%s", err.text);
        found = regions_find(regions, 118.115, 24.515);
        ck_assert_str_eq(found.subdistrict, "350206002");
        ck_assert_str_eq(found.grid, "g1");
        ck_assert_ptr_null(found.community);
        found = regions_find(regions, 118.05, 24.55);
        ck_assert_str_eq(found.subdistrict, "350206001");
        ck_assert_ptr_null(found.grid);
        ck_assert_ptr_null(found.district);
        ck_assert_ptr_null(regions_find(regions, 118.3, 24.55).subdistrict);
}
END_TEST

/* A district that is drawn only as a whole still has a border, and a name for the analyst. */
START_TEST(a_place_has_its_district)
{
        Error err = { 0 };
        CLEANUP(regions_drop)
        Regions *regions = load(COLLECTION(FEATURE("district", "350206", EAST)), &err);

        ck_assert_msg(regions != NULL, "%s", err.text);
        ck_assert_str_eq(regions_find(regions, 118.115, 24.515).district, "350206");
        ck_assert_ptr_null(regions_find(regions, 118.115, 24.515).subdistrict);
        ck_assert_ptr_null(regions_find(regions, 118.05, 24.55).district);
}
END_TEST

/* Whichever process asks, in whatever order: a report on the border is of one subdistrict for ever. */
START_TEST(a_place_on_a_border_is_of_the_first_region)
{
        Error err = { 0 };
        CLEANUP(regions_drop)
        Regions *one = load(COLLECTION(FEATURE("subdistrict", "w", WEST) "," FEATURE("subdistrict", "e", EAST)), &err);
        CLEANUP(regions_drop)
        Regions *other =
                load(COLLECTION(FEATURE("subdistrict", "e", EAST) "," FEATURE("subdistrict", "w", WEST)), &err);

        ck_assert_msg(one && other, "%s", err.text);
        ck_assert_str_eq(regions_find(one, 118.1, 24.55).subdistrict, "w");
        ck_assert_str_eq(regions_find(other, 118.1, 24.55).subdistrict, "e");
        ck_assert_str_eq(regions_find(one, 118.2, 24.6).subdistrict, "e");
}
END_TEST

START_TEST(a_wrong_file_says_which_feature)
{
        static const char *const wrong[][2] = {
                { "{}", "features: missing" },
                { COLLECTION(FEATURE("street", "w", WEST)), "feature 1: properties.level" },
                { COLLECTION(FEATURE("grid", "", WEST)), "feature 1: properties.id" },
                { COLLECTION(FEATURE("grid", "w", WEST) "," FEATURE("grid", "e", "[[[1,2],[3,4]]]")),
                  "feature 2: geometry" },
                { COLLECTION(FEATURE("grid", "bow", "[[[0,0],[1,1],[1,0],[0,1],[0,0]]]")), "feature 1: geometry" },
        };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                Error err = { 0 };

                ck_assert_ptr_null(load(wrong[i][0], &err));
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_msg(strstr(err.text, wrong[i][1]) != NULL, "%s lacks %s", err.text, wrong[i][1]);
        }
}
END_TEST

/* What the demo ships has to load. */
START_TEST(the_schematic_loads)
{
        Error err = { 0 };
        CLEANUP(regions_drop)
        Regions *regions = regions_load(HUB_SCHEMAS_SOURCE "/../deploy/config/regions/huli-schematic.geojson", &err);

        ck_assert_msg(regions != NULL, "%s", err.text);
        ck_assert_str_eq(regions_find(regions, 118.1098, 24.5125).subdistrict, "350206003");
        ck_assert_str_eq(regions_find(regions, 118.1098, 24.5125).grid, "枋湖社区第1网格");
}
END_TEST

RUN("regions", a_place_has_its_subdistrict_and_grid, a_place_has_its_district,
    a_place_on_a_border_is_of_the_first_region, a_wrong_file_says_which_feature, the_schematic_loads)
