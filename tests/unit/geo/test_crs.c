#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/geo/crs.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <stdio.h>

#define NEAR(one, other, most) ck_assert_msg(fabs((one) - (other)) <= (most), "%.9f is not near %.9f", (one), (other))

/* The table of eviltransform's README: WGS 84 lat, lon and GCJ-02 lat, lon, compared there at five decimals. */
START_TEST(published_points_are_shifted_as_maps_shift_them)
{
        static const double vectors[][4] = {
                { 31.1774276, 121.5272106, 31.17530398364597, 121.531541859215 },
                { 22.543847, 113.912316, 22.540796131694766, 113.9171764808363 },
                { 39.911954, 116.377817, 39.91334545536069, 116.38404722455657 },
        };

        for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
                const double *v = vectors[i];
                double lon, lat;

                crs_from_wgs84(CRS_GCJ02, v[1], v[0], &lon, &lat);
                NEAR(lon, v[3], 1e-5);
                NEAR(lat, v[2], 1e-5);
                crs_to_wgs84(CRS_GCJ02, v[3], v[2], &lon, &lat);
                NEAR(lon, v[1], 1e-5);
                NEAR(lat, v[0], 1e-5);
        }
}
END_TEST

/* coordtransform's README: GCJ-02 (116.404, 39.915) in BD-09 and in WGS 84, there by one step of approximation. */
START_TEST(published_points_of_baidu)
{
        double lon, lat, bd_lon, bd_lat;

        crs_to_wgs84(CRS_GCJ02, 116.404, 39.915, &lon, &lat);
        NEAR(lon, 116.39775550083061, 1e-5);
        NEAR(lat, 39.91359571849836, 1e-5);
        crs_from_wgs84(CRS_BD09, lon, lat, &bd_lon, &bd_lat);
        NEAR(bd_lon, 116.41036949371029, 1e-6);
        NEAR(bd_lat, 39.92133699351021, 1e-6);
        crs_to_wgs84(CRS_BD09, 116.41036949371029, 39.92133699351021, &bd_lon, &bd_lat);
        NEAR(bd_lon, lon, 1e-6);
        NEAR(bd_lat, lat, 1e-6);
}
END_TEST

START_TEST(what_was_shifted_comes_back)
{
        static const Crs all[] = { CRS_WGS84, CRS_GCJ02, CRS_BD09, CRS_CGCS2000 };

        for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
                const Crs crs = all[i];

                for (double lon = 74; lon < 134; lon += 3.7) {
                        for (double lat = 3; lat < 53; lat += 2.9) {
                                double there_lon, there_lat, back_lon, back_lat;

                                crs_from_wgs84(crs, lon, lat, &there_lon, &there_lat);
                                crs_to_wgs84(crs, there_lon, there_lat, &back_lon, &back_lat);
                                NEAR(back_lon, lon, 1e-7);
                                NEAR(back_lat, lat, 1e-7);
                        }
                }
        }
}
END_TEST

/* A camera that is declared GCJ-02 though it is WGS 84 moves to another community: the size of the shift at Huli. */
START_TEST(huli_is_moved_by_half_a_kilometre)
{
        double lon, lat;

        crs_to_wgs84(CRS_GCJ02, 118.1147685, 24.5098473, &lon, &lat);
        NEAR(lon, 118.1098, 0.0005);
        NEAR(lat, 24.5125, 0.0005);
        crs_to_wgs84(CRS_CGCS2000, 118.1, 24.5, &lon, &lat);
        NEAR(lon, 118.1, 0);
        NEAR(lat, 24.5, 0);
}
END_TEST

START_TEST(abroad_nothing_is_shifted)
{
        double lon, lat;

        crs_from_wgs84(CRS_GCJ02, -117.16, 32.71, &lon, &lat);
        NEAR(lon, -117.16, 0);
        crs_to_wgs84(CRS_BD09, -117.16, 32.71, &lon, &lat);
        NEAR(lon, -117.16, 0);
        NEAR(lat, 32.71, 0);
}
END_TEST

static void city_check(const json_t *city)
{
        const json_t *wgs = json_at(city, "coords.WGS84"), *gcj = json_at(city, "coords.GCJ02"),
                     *bd = json_at(city, "coords.BD09");
        double lon, lat, there_lon, there_lat;

        crs_from_wgs84(CRS_GCJ02, json_number_value(json_array_get(wgs, 0)), json_number_value(json_array_get(wgs, 1)),
                       &lon, &lat);
        NEAR(lon, json_number_value(json_array_get(gcj, 0)), 1e-5);
        NEAR(lat, json_number_value(json_array_get(gcj, 1)), 1e-5);
        crs_to_wgs84(CRS_GCJ02, json_number_value(json_array_get(gcj, 0)), json_number_value(json_array_get(gcj, 1)),
                     &lon, &lat);
        crs_from_wgs84(CRS_BD09, lon, lat, &there_lon, &there_lat);
        NEAR(there_lon, json_number_value(json_array_get(bd, 0)), 1e-6);
        NEAR(there_lat, json_number_value(json_array_get(bd, 1)), 1e-6);
}

START_TEST(published_cities)
{
        CLEANUP(buffer_free) Buffer path = { 0 };
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(json_drop) json_t *cities = NULL;
        const char *samples = getenv("HUB_SAMPLES");
        Error err = { 0 };

        if (!samples) {
                printf("published_cities: skipped, HUB_SAMPLES is not set\n");
                return;
        }
        buffer_format(&path, "%s/common/coord/gcoord-china-cities.json", samples);
        ck_assert_msg(file_read(&text, path.bytes, 1 << 20, &err), "%s", err.text);
        cities = json_read_typed(text.bytes, text.size, &err);
        ck_assert_uint_gt(json_array_size(cities), 300);
        for (size_t i = 0; i < json_array_size(cities); i++)
                city_check(json_array_get(cities, i));
}
END_TEST

START_TEST(only_known_systems_have_a_name)
{
        Error err = { 0 };
        Crs crs = CRS_NONE;

        ck_assert(crs_read("bd09", &crs, &err));
        ck_assert_ptr_eq(crs, CRS_BD09);
        ck_assert(!crs_read("GCJ-02", &crs, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_str_eq(err.text, "\"GCJ-02\" is no coordinate system: wgs84, gcj02, bd09, cgcs2000, or a grid as "
                                   "NAME=PROJ string");
        ck_assert(!crs_read("", &crs, &err));
        ck_assert(crs_option.read("gcj02", NULL, &crs, &err));
        ck_assert_ptr_eq(crs, CRS_GCJ02);
        ck_assert_str_eq(crs_name(crs), "gcj02");
}
END_TEST

/*
 * Gauss-Krueger on GRS80 (CGCS2000): easting and northing of places in Xiamen by the series of the meridian arc and of
 * the powers of the difference in longitude (to the sixth), computed by a program of its own, not by PROJ; rounded to a
 * millimetre. Central meridians 117 (zone 39, with and without its number), 118.5 and 120 (zone 40).
 */
static const struct {
        const char *crs;
        double lon, lat;
        const char *east, *north;
} surveyed[] = {
        { "gk=+proj=tmerc +lon_0=117 +x_0=500000 +ellps=GRS80", 118.1098, 24.5125, "612477.059", "2712506.136" },
        { "gk39=+proj=tmerc +lon_0=117 +x_0=39500000 +ellps=GRS80", 118.1098, 24.5125, "39612477.059", "2712506.136" },
        { "gk39=+proj=tmerc +lon_0=117 +x_0=39500000 +ellps=GRS80", 117.4, 25, "39540380.248", "2766113.739" },
        { "xm=+proj=tmerc +lon_0=118.5 +x_0=500000 +ellps=GRS80", 118.05, 24.46, "454375.618", "2706313.156" },
        { "gk40=+proj=tmerc +lon_0=120 +x_0=40500000 +ellps=GRS80", 118.22, 24.57, "40319669.400", "2719588.183" },
        { "code=EPSG:4548", 118.22, 24.57, "623590.432",
          "2718970.373" }, /* CGCS2000, central meridian 117, no number */
};

START_TEST(a_local_grid_is_metres)
{
        for (size_t i = 0; i < sizeof(surveyed) / sizeof(surveyed[0]); i++) {
                Error err = { 0 };
                Crs crs = CRS_NONE;
                double lon, lat, east, north;
                bool wrong;

                ck_assert_msg(crs_read(surveyed[i].crs, &crs, &err), "%s", err.text);
                ck_assert(position_read(crs, surveyed[i].east, surveyed[i].north, &lon, &lat, &wrong));
                NEAR(lon, surveyed[i].lon, 2e-8);
                NEAR(lat, surveyed[i].lat, 2e-8);
                ck_assert(crs_from_wgs84(crs, lon, lat, &east, &north));
                NEAR(east, strtod(surveyed[i].east, NULL), 0.001);
                NEAR(north, strtod(surveyed[i].north, NULL), 0.001);
                ck_assert_uint_eq(strcspn(surveyed[i].crs, "="), strlen(crs_name(crs)));
                ck_assert(!position_read(crs, "0", "0", &lon, &lat, &wrong));
                ck_assert(!wrong);
                ck_assert(!position_read(crs, "1e12", "5", &lon, &lat, &wrong));
                ck_assert(wrong);
                crs_free(crs);
        }
}
END_TEST

START_TEST(a_grid_that_nobody_knows_is_refused)
{
        static const char *const wrong[] = { "x=+proj=tmercator", "x=",           "x=+proj=longlat +ellps=GRS80",
                                             "x=EPSG:4490",       "x=EPSG:0",     "x=nonsense",
                                             "gcj02=EPSG:4548",   "=+proj=tmerc", "a b=+proj=tmerc" };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                Error err = { 0 };
                Crs crs = CRS_NONE;

                ck_assert_msg(!crs_read(wrong[i], &crs, &err), "%s", wrong[i]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
        }
}
END_TEST

START_TEST(a_position_is_two_numbers_or_missing)
{
        static const char *const missing[][2] = {
                { NULL, NULL }, { "", "" },          { "-", "-" },  { NULL, "" },
                { " ", "-" },   { "0", "0.000000" }, { "-0", "0" }, { "0e0", "0.0" }
        };
        double lon = 1, lat = 2;
        bool wrong;

        ck_assert(position_read(CRS_WGS84, "118.114769", "24.509847", &lon, &lat, &wrong));
        NEAR(lon, 118.114769, 0);
        ck_assert(position_read(CRS_WGS84, "-117.1", "32.7", &lon, &lat, &wrong));
        ck_assert(position_read(CRS_WGS84, "1.18114769E2", "2.4509847e+1", &lon, &lat, &wrong) && !wrong);
        NEAR(lat, 24.509847, 1e-12);
        for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++) {
                ck_assert_msg(!position_read(CRS_WGS84, missing[i][0], missing[i][1], &lon, &lat, &wrong), "row %zu",
                              i);
                ck_assert(!wrong);
        }
}
END_TEST

/* Told, and no place on this earth: the report goes on without one, and says that it lacks something. */
START_TEST(what_is_told_and_is_no_position_is_wrong)
{
        static const char *const bad[][2] = {
                { "0", "51.5" },
                { "118.1", "0" },
                { "118.1", "0.00000001" },
                { NULL, "24.5" },
                { "118.1", NULL },
                { "118.1", "-" },
                { "abc", "24.5" },
                { "118.1", "24.5x" },
                { "181", "24.5" },
                { "118.1", "-91" },
                { "nan", "24.5" },
                { "1e999", "24.5" },
                { "Infinity", "24.5" },
                { "13148000", "2810000" },
                { "509847.12", "2712345.6" },
                { "118°06'53\"", "24°30'35\"" },
                { "118 06.885", "24 30.591" },
                { "118,1147", "24,5098" },
                { "118.1147,24.5098", "118.1147,24.5098" },
                { "E118.1", "N24.5" },
                { "24.509847", "118.114769" },
        };
        double lon, lat;
        bool wrong;

        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                ck_assert_msg(!position_read(CRS_GCJ02, bad[i][0], bad[i][1], &lon, &lat, &wrong), "row %zu", i);
                ck_assert_msg(wrong, "row %zu", i);
        }
}
END_TEST

RUN("crs", published_points_are_shifted_as_maps_shift_them, published_points_of_baidu, what_was_shifted_comes_back,
    huli_is_moved_by_half_a_kilometre, abroad_nothing_is_shifted, published_cities, only_known_systems_have_a_name,
    a_position_is_two_numbers_or_missing, what_is_told_and_is_no_position_is_wrong, a_local_grid_is_metres,
    a_grid_that_nobody_knows_is_refused)
