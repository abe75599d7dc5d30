#include "hub/dialect/place.h"

#include "hub/base/file.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static Event event_new(void)
{
        Event event;

        event_init(&event, KIND_REPORT);
        return event;
}

START_TEST(a_position_keeps_what_the_platform_wrote)
{
        Event event = event_new();

        place_position(CRS_WGS84, 30, POSITION_GPS, "118.10", "24.50", &event);
        ck_assert_int_eq(event.position.method, POSITION_GPS);
        ck_assert(fabs(event.position.lon - 118.1) < 1e-9 && fabs(event.position.lat - 24.5) < 1e-9);
        ck_assert_str_eq(event.position.raw[0], "118.10");
        ck_assert_str_eq(event.position.crs, "wgs84");
        ck_assert(event.position.accuracy_m == 30 && event.quality == 0);
}
END_TEST

START_TEST(none_is_none_and_a_wrong_one_is_said)
{
        Event event = event_new();

        place_position(CRS_WGS84, 30, POSITION_GPS, NULL, NULL, &event);
        place_position(CRS_NONE, 30, POSITION_GPS, "118.10", "24.50", &event);
        ck_assert(event.position.method == POSITION_NONE && event.quality == 0);
        place_position(CRS_WGS84, 30, POSITION_GPS, "24.50", "118.10", &event);
        ck_assert(event.position.method == POSITION_NONE && event.quality == QUALITY_PARTIAL);
}
END_TEST

START_TEST(a_device_is_where_its_registry_says)
{
        char path[] = "/tmp/test-place-XXXXXX";
        int descriptor = mkstemp(path);
        Event event = event_new(), stranger = event_new();
        Devices *devices;
        Error err;

        ck_assert_int_ge(descriptor, 0);
        dprintf(descriptor, "device_id,name,kind,lon,lat,crs,radius_m,place,category\nc1,pole "
                            "1,camera,118.1,24.5,wgs84,35,枋湖南路,\n"
                            "c2,pole 2,camera,,,wgs84,,,\n");
        close(descriptor);
        devices = devices_load(path, &err);
        unlink(path);
        ck_assert_ptr_nonnull(devices);
        place_device(devices, CRS_GCJ02, "c1", OBJECT_CAMERA, &event);
        ck_assert_str_eq(event.objects[0].id, "c1");
        ck_assert_str_eq(event.place.address, "枋湖南路");
        ck_assert(event.position.method == POSITION_REGISTRY && event.position.accuracy_m == 35);
        ck_assert_uint_eq(event.quality, QUALITY_CRS_ASSUMED);
        place_device(devices, CRS_NONE, "c2", OBJECT_CAMERA, &stranger);
        ck_assert_str_eq(stranger.place.address, "pole 2");
        place_device(devices, CRS_NONE, "c9", OBJECT_CAMERA, &stranger);
        ck_assert_uint_eq(stranger.objects_size, 2);
        Event named = event_new();
        ck_assert_str_eq(place_device_of(devices, CRS_NONE, (const char *[]){ NULL, "c9", "c2", "c1" }, 4,
                                         OBJECT_CAMERA, &named),
                         "c2");
        ck_assert(named.objects_size == 1 && text_same(named.place.address, "pole 2"));
        ck_assert_str_eq(
                place_device_of(NULL, CRS_NONE, (const char *[]){ NULL, "c9", "c2" }, 3, OBJECT_CAMERA, &named), "c9");
        ck_assert(stranger.position.method == POSITION_NONE && stranger.quality == 0);
        devices_free(devices);
}
END_TEST

/* Expected by Vincenty's direct formula on WGS 84. */
START_TEST(what_a_device_sees_lies_in_a_direction)
{
        static const struct {
                const char *bearing, *range;
                double lon, lat, accuracy_m;
        } aims[] = { { "135", "400", 118.1129910, 24.5169465, 40 },   { "315.5", "250", 118.1084709, 24.5211098, 30 },
                     { "-44.5", "250", 118.1084709, 24.5211098, 30 }, { "0", "0", 118.1102, 24.5195, 30 },
                     { NULL, "400", 118.1102, 24.5195, 800 },         { "135", NULL, 118.1102, 24.5195, 800 } };

        for (size_t i = 0; i < sizeof(aims) / sizeof(aims[0]); i++) {
                Event event = event_new();

                place_position(CRS_WGS84, 800, POSITION_REGISTRY, "118.1102", "24.5195", &event);
                place_aim(aims[i].bearing, aims[i].range, &event);
                ck_assert_msg(fabs(event.position.lon - aims[i].lon) < 2e-7, "%zu: %.7f", i, event.position.lon);
                ck_assert_msg(fabs(event.position.lat - aims[i].lat) < 2e-7, "%zu: %.7f", i, event.position.lat);
                ck_assert(fabs(event.position.accuracy_m - aims[i].accuracy_m) < 1e-9 && event.quality == 0);
        }
}
END_TEST

START_TEST(a_direction_that_is_none_moves_nothing)
{
        static const char *const wrong[][2] = { { "361", "400" }, { "-181", "400" }, { "north", "400" },
                                                { "90", "-1" },   { "90", "20001" }, { "90", "far" } };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                Event event = event_new();

                place_position(CRS_WGS84, 800, POSITION_REGISTRY, "118.1102", "24.5195", &event);
                place_aim(wrong[i][0], wrong[i][1], &event);
                ck_assert_msg(event.quality == QUALITY_PARTIAL, "%s", wrong[i][0]);
                ck_assert(event.position.lon == 118.1102 && event.position.accuracy_m == 800);
        }
        Event nowhere = event_new();

        place_aim("90", "400", &nowhere);
        ck_assert(nowhere.position.method == POSITION_NONE && nowhere.quality == 0);
}
END_TEST

START_TEST(what_is_drawn_is_a_geometry_and_a_place_inside)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Event event = event_new(), placed = event_new(), none = event_new();
        Error err;
        CLEANUP(outline_drop)
        Outline *outline =
                outline_wkt(CRS_WGS84, "POLYGON((118.1 24.5,118.2 24.5,118.2 24.6,118.1 24.6,118.1 24.5))", &err);

        place_outline(outline, 7, arena, &event);
        ck_assert(event.position.method == POSITION_AREA && event.position.accuracy_m == 7 && event.quality == 0);
        ck_assert(event.position.lon > 118.1 && event.position.lon < 118.2 && event.position.lat > 24.5);
        ck_assert_ptr_nonnull(strstr(event.geometry, "\"Polygon\""));
        place_position(CRS_WGS84, 30, POSITION_GPS, "118.30", "24.50", &placed);
        place_outline(outline, 7, arena, &placed);
        ck_assert(placed.position.method == POSITION_GPS && placed.position.accuracy_m == 30 && placed.geometry);
        place_outline(NULL, 7, arena, &none);
        ck_assert(none.position.method == POSITION_NONE && none.quality == QUALITY_PARTIAL);
}
END_TEST

START_TEST(an_empty_geometry_of_a_database_is_none_and_a_broken_one_is_told)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Event event = event_new();

        place_wkt(CRS_WGS84, NULL, 7, arena, &event);
        place_wkt(CRS_WGS84, "POLYGON EMPTY", 7, arena, &event);
        ck_assert(!event.geometry && event.quality == 0);
        place_wkt(CRS_WGS84, "SRID=4326;POINT(118.1 24.5)", 7, arena, &event);
        ck_assert(event.geometry && event.position.lon == 118.1 && event.quality == 0);
        event = event_new();
        place_wkt(CRS_WGS84, "POLYGON((118.1 24.5", 7, arena, &event);
        ck_assert(!event.geometry && event.quality == QUALITY_PARTIAL);
}
END_TEST

RUN("place", an_empty_geometry_of_a_database_is_none_and_a_broken_one_is_told,
    what_is_drawn_is_a_geometry_and_a_place_inside, a_position_keeps_what_the_platform_wrote,
    none_is_none_and_a_wrong_one_is_said, a_device_is_where_its_registry_says, what_a_device_sees_lies_in_a_direction,
    a_direction_that_is_none_moves_nothing)
