#include "hub/geo/parking.h"

#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>
#include <unistd.h>

/* 0.001 degree of latitude are 110.77 m there, 0.0001 are 11.08 m (test_stops.c). */

#define STOPS    "stop,lon,lat,crs,radius_m\nbay,118.1,24.5,wgs84,10\n"
#define NO_PARKS "stop,lon,lat,crs,radius_m\nstation,118.2,24.5,wgs84,10\n"

static Stops *load(const char *text)
{
        char path[] = "/tmp/hub-test-XXXXXX.csv";
        int file = mkstemps(path, (int)strlen(".csv"));
        Error err = { 0 };
        Stops *stops;

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        stops = stops_load(path, &err);
        unlink(path);
        ck_assert_msg(stops != NULL, "%s", err.text);
        return stops;
}

static void judged(const ParkingOptions *options, double lon, double lat, double off_m, Parking want, const char *name)
{
        const char *found;
        double metres;

        ck_assert_int_eq(parking_judge(options, lon, lat, off_m, &found, &metres), want);
        if (name)
                ck_assert_str_eq(found, name);
}

START_TEST(a_vague_position_shows_nothing)
{
        ParkingOptions options = { .stops = load(STOPS), .no_parking = load(NO_PARKS), .accuracy_most_m = 30 };

        judged(&options, 118.1, 24.5, 15, PARKING_FINE, NULL);
        judged(&options, 118.1, 24.501, 15, PARKING_OUTSIDE, "bay");
        judged(&options, 118.1, 24.5002, 15, PARKING_UNSURE, NULL);
        judged(&options, 118.1, 24.5002, 5, PARKING_OUTSIDE, "bay");
        judged(&options, 118.2, 24.5, 15, PARKING_FORBIDDEN, "station");
        judged(&options, 118.2, 24.5, 31, PARKING_OUTSIDE, "bay");
        stops_free(options.stops);
        options.stops = NULL;
        judged(&options, 118.2, 24.5, 31, PARKING_UNSURE, NULL);
        judged(&options, 118.1, 24.501, 15, PARKING_FINE, NULL);
        stops_free(options.no_parking);
        options.no_parking = NULL;
        judged(&options, 118.2, 24.5, 15, PARKING_FINE, NULL);
}
END_TEST

RUN("parking", a_vague_position_shows_nothing)
