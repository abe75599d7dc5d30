#include "hub/geo/distance.h"
#include "tests/unit/base/run.h"

#include <math.h>

static const double degree = 3.14159265358979323846 / 180;

/* Metres on the WGS 84 ellipsoid, by its two radii at the mean latitude. */
static double expected_m(double lon, double lat, double other_lon, double other_lat)
{
        double e2 = 0.00669437999014, sine = sin((lat + other_lat) / 2 * degree), curve = sqrt(1 - e2 * sine * sine);
        double east = (other_lon - lon) * degree * 6378137.0 / curve * cos((lat + other_lat) / 2 * degree);
        double north = (other_lat - lat) * degree * 6378137.0 * (1 - e2) / (curve * curve * curve);

        return hypot(east, north);
}

START_TEST(lengths_are_right_to_a_thousandth)
{
        static const double moves[][2] = {
                { 0.0001, 0 }, { 0, 0.0001 }, { 0.003, -0.004 }, { 0.3, 0.3 }, { -0.2, 0.01 }
        };

        for (double lat = -70.05; lat < 71; lat += 0.77) {
                for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
                        double lon = 100 - lat, to_lon = lon + moves[i][0], to_lat = lat + moves[i][1];
                        double want = expected_m(lon, lat, to_lon, to_lat) * 100;
                        double got = (double)geo_distance_cm(geo_point(lon, lat), geo_point(to_lon, to_lat));

                        ck_assert_msg(fabs(got - want) <= want / 1000 + 3, "at %.2f: %.0f cm, not %.0f", lat, got,
                                      want);
                }
        }
}
END_TEST

/* Vincenty's inverse formula on WGS 84 gives 1,501.366 m, 110,765.515 m and 52,383.050 m. */
START_TEST(known_lengths)
{
        ck_assert_int_le(llabs(geo_distance_cm(geo_point(118.1, 24.5), geo_point(118.11, 24.51)) - 150137), 5);
        ck_assert_int_le(llabs(geo_distance_cm(geo_point(118.1, 24), geo_point(118.1, 25)) - 11076552), 1000);
        ck_assert_int_le(llabs(geo_distance_cm(geo_point(118.1, 24.5), geo_point(118.5, 24.8)) - 5238305), 500);
        ck_assert_int_eq(geo_distance_cm(geo_point(118.1, 24.5), geo_point(118.1, 24.5)), 0);
}
END_TEST

START_TEST(the_way_there_is_the_way_back)
{
        GeoPoint poles[] = { geo_point(0, 90), geo_point(180, -90), geo_point(-180, 0), geo_point(180, 0),
                             geo_point(118.1, 24.5) };

        for (size_t i = 0; i < 5; i++)
                for (size_t k = 0; k < 5; k++)
                        ck_assert_int_eq(geo_distance_cm(poles[i], poles[k]), geo_distance_cm(poles[k], poles[i]));
        ck_assert_int_eq(geo_distance_cm(poles[2], poles[3]), 0);
        ck_assert_int_le(geo_distance_cm(geo_point(179.9999, 10), geo_point(-179.9999, 10)), 2300);
}
END_TEST

START_TEST(no_position_is_known_as_such)
{
        ck_assert(!geo_known(geo_point((double)NAN, 24)));
        ck_assert(!geo_known(geo_point(118, 91)));
        ck_assert(!geo_known(geo_point((double)INFINITY, 0)));
        ck_assert(geo_known(geo_point(-180, 90)));
        ck_assert_int_eq(geo_point(118.1147685, -24.5098473).lon, 1181147685);
        ck_assert_int_eq(geo_point(118.1147685, -24.5098473).lat, -245098473);
}
END_TEST

START_TEST(the_district_has_a_box)
{
        ck_assert(geo_in_huli(118.1098, 24.5125));
        ck_assert(!geo_in_huli(118.1098, 24.6));
        ck_assert(!geo_in_huli(24.5125, 118.1098));
}
END_TEST

RUN("distance", lengths_are_right_to_a_thousandth, known_lengths, the_way_there_is_the_way_back,
    no_position_is_known_as_such, the_district_has_a_box)
