#include "hub/base/memory.h"
#include "hub/geo/stops.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define FEATURE(properties, type, coordinates)                                                                         \
        "{\"type\":\"Feature\",\"properties\":{" properties "},\"geometry\":{\"type\":\"" type                         \
        "\",\"coordinates\":" coordinates "}}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define BAY                  "[[[118.1200,24.5000],[118.1202,24.5000],[118.1202,24.5001],[118.1200,24.5001],[118.1200,24.5000]]]"

static void stops_drop(Stops **stops)
{
        stops_free(*stops);
}

static Stops *load(const char *text, const char *ending, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX.geojson";
        int file;
        Stops *stops;

        strcpy(path + strlen("/tmp/hub-test-XXXXXX"), ending);
        file = mkstemps(path, (int)strlen(ending));
        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        stops = stops_load(path, err);
        unlink(path);
        return stops;
}

static void away(const Stops *stops, double lon, double lat, double metres, const char *of)
{
        const char *name;
        const double found = stops_away(stops, lon, lat, &name);

        ck_assert_msg(fabs(found - metres) < 0.01 + metres / 1000, "%f, not %f", found, metres);
        ck_assert_str_eq(name, of);
}

/*
 * At latitude 24.5 a degree is 101,354.8 m of longitude, 110,765.5 m of latitude (WGS 84: N cos, M, with a = 6378137,
 * e2 = 0.00669437999), so that 0.001 degree are 101.35 m and 110.77 m.
 */
START_TEST(how_far_away_the_nearest_is)
{
        Error err = { 0 };
        CLEANUP(stops_drop)
        Stops *stops = load(COLLECTION(FEATURE("\"name\":\"bay\"", "Polygon", BAY) "," FEATURE(
                                    "\"name\":\"rack\",\"radius_m\":5", "Point",
                                    "[118.1300,24.5]") "," FEATURE("", "LineString", "[[118.14,24.5],[118.15,24.5]]")),
                            ".geojson", &err);

        ck_assert_msg(stops != NULL, "%s", err.text);
        away(stops, 118.1201, 24.50005, 0, "bay");
        away(stops, 118.1200, 24.5, 0, "bay"); /* on its corner */
        away(stops, 118.1201, 24.4990, 110.77, "bay");
        away(stops, 118.1212, 24.50005, 101.35, "bay");
        away(stops, 118.1212, 24.4990, hypot(101.35, 110.77), "bay");
        away(stops, 118.1310, 24.5, 96.35, "rack");
        away(stops, 118.13004, 24.5, 0, "rack");
        away(stops, 118.145, 24.501, 100.77, ""); /* 10 m wide, as nothing says another width */
}
END_TEST

START_TEST(a_table_has_points_in_their_own_systems)
{
        Error err = { 0 };
        CLEANUP(stops_drop)
        Stops *stops =
                load("stop,lon,lat,crs,radius_m\nmetro,118.1147685,24.5098473,gcj02,2\nbus,118.12,24.5,wgs84,-\n",
                     ".csv", &err);

        ck_assert_msg(stops != NULL, "%s", err.text);
        away(stops, 118.1098, 24.5125, 0, "metro");
        away(stops, 118.12, 24.499, 100.77, "bus");
}
END_TEST

START_TEST(of_two_that_are_as_near_the_first_counts)
{
        Error err = { 0 };
        CLEANUP(stops_drop)
        Stops *stops = load(
                COLLECTION(FEATURE("\"name\":\"b\"", "Polygon", BAY) "," FEATURE("\"name\":\"a\"", "Polygon", BAY)),
                ".geojson", &err);

        ck_assert_msg(stops != NULL, "%s", err.text);
        away(stops, 118.1201, 24.4990, 110.77, "b");
}
END_TEST

START_TEST(a_geography_of_mds_is_one_too)
{
        Error err = { 0 };
        CLEANUP(stops_drop)
        Stops *stops = load("{\"version\":\"1.2.0\",\"geography\":{\"geography_json\":" COLLECTION(
                                    FEATURE("\"crs\":\"gcj02\"", "Point", "[118.1147685,24.5098473]")) "}}",
                            ".json", &err);

        ck_assert_msg(stops != NULL, "%s", err.text);
        away(stops, 118.1098, 24.5125, 0, "");
}
END_TEST

static void refuses(const char *text, const char *ending, const char *why)
{
        Error err = { 0 };
        CLEANUP(stops_drop) Stops *stops = load(text, ending, &err);

        ck_assert_ptr_null(stops);
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_msg(strstr(err.text, why) != NULL, "\"%s\" does not say \"%s\"", err.text, why);
}

START_TEST(what_is_wrong_is_named_with_its_place)
{
        refuses("{}", ".json", "features: missing");
        refuses("[", ".json", ".json: ");
        refuses(COLLECTION(FEATURE("", "Polygon", BAY) "," FEATURE("", "Point", "[24.5,118.1]")), ".json",
                "feature 2: geometry: ");
        refuses(COLLECTION(FEATURE("\"radius_m\":-1", "Point", "[118.1,24.5]")), ".json", "feature 1: radius_m");
        refuses(COLLECTION(FEATURE("\"crs\":\"gcj\"", "Point", "[118.1,24.5]")), ".json", "feature 1: properties.crs");
        refuses("stop,lon,lat,crs\na,118.1,,wgs84\n", ".csv", "line 2: ");
        refuses("stop,lon,lat,crs\na,,,wgs84\n", ".csv", "line 2: lon, lat: missing");
        refuses("stop,lon,lat,crs,radius_m\na,118.1,24.5,wgs84,wide\n", ".csv", "line 2: radius_m");
        refuses("stop,lon,lat,crs\n", ".csv", "no stop");
        refuses("stop,lon,lat\n", ".csv", "column \"crs\" is missing");
}
END_TEST

START_TEST(an_option_names_the_file_beside_its_configuration)
{
        Stops *stops = NULL;
        Error err = { 0 };

        ck_assert(!stops_option.read("no-such.geojson", "/no/folder", &stops, &err));
        ck_assert_ptr_null(stops);
        ck_assert(strstr(err.text, "/no/folder/no-such.geojson") != NULL);
        stops_option.free(&stops);
}
END_TEST

RUN("stops", how_far_away_the_nearest_is, a_table_has_points_in_their_own_systems,
    of_two_that_are_as_near_the_first_counts, a_geography_of_mds_is_one_too, what_is_wrong_is_named_with_its_place,
    an_option_names_the_file_beside_its_configuration)
