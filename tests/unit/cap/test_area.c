#include "hub/cap/area.h"

#include "hub/base/json.h"
#include "tests/unit/base/run.h"

#include <string.h>

static char code[] = "350206", name[] = "湖里";
static char *names[] = { name };
static const CapDistrict huli = { .code = code, .names = { names, 1 } };

#define AREA(what)                                                                                                     \
        "{\"info\":[{\"area\":[" what "]},{\"language\":\"en\",\"area\":[{\"circle\":[{\"#text\":\"0,0 1\"}]}]}]}"

static bool fills(const CapDistrict *district, const char *text, Arena *arena, Event *event)
{
        Error err;
        CLEANUP(json_drop) json_t *alert = json_read(text, strlen(text), &err);
        bool here;

        ck_assert_ptr_nonnull(alert);
        event_init(event, KIND_WARNING);
        here = cap_areas(district, CRS_WGS84, alert, json_at(alert, "info.0"), arena, event);
        event->place.district = event->place.district ? arena_copy(arena, event->place.district, 6) : NULL;
        return here;
}

/* A warning for another city is no business of this district's; one without codes may be. */
START_TEST(codes_say_whether_it_is_here)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Event event;

        ck_assert(fills(&huli, AREA("{\"geocode\":[{\"value\":\"350200\"}]}"), arena, &event));
        ck_assert_str_eq(event.place.district, "350206");
        ck_assert(!fills(&huli, AREA("{\"geocode\":[{\"value\":\"350100\"}]}"), arena, &event));
        ck_assert(fills(&huli, AREA("{\"areaDesc\":\"湖里区\"}"), arena, &event));
        ck_assert_str_eq(event.place.district, "350206");
        ck_assert(fills(&huli, AREA("{\"areaDesc\":\"思明区\"}"), arena, &event));
        ck_assert_ptr_null(event.place.district);
        ck_assert(fills(&(CapDistrict){ 0 }, AREA("{\"geocode\":[{\"value\":\"350205\"},{\"value\":\"350200\"}]}"),
                        arena, &event));
        ck_assert_str_eq(event.place.district, "350205");
}
END_TEST

START_TEST(shapes_of_the_chosen_language_are_one_and_what_is_none_is_marked)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Event event;

        ck_assert(fills(&huli,
                        AREA("{\"polygon\":[{\"#text\":\"24.5,118.1 24.6,118.1 24.6,118.2 24.5,118.1\"}],"
                             "\"circle\":[{\"#text\":\"24.5,118.1 1\"}]}"),
                        arena, &event));
        ck_assert(event.quality == 0 && strstr(event.geometry, "Polygon") && !strstr(event.geometry, "[0.0"));
        ck_assert(fills(&huli, AREA("{\"polygon\":[{\"#text\":\"118.1,24.5 118.2,24.5\"}]}"), arena, &event));
        ck_assert(event.quality == QUALITY_PARTIAL && !event.geometry);
}
END_TEST

START_TEST(words_name_the_district_and_its_boundary_stands_for_it)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CapDistrict district = huli;
        Error err;
        Event event;

        district.boundary = outline_wkt(CRS_WGS84, "POLYGON((118.1 24.5,118.2 24.5,118.2 24.6,118.1 24.5))", &err);
        event_init(&event, KIND_WARNING);
        event.title = "湖里区暴雨橙色预警";
        cap_district_fill(&district, arena, &event);
        ck_assert_str_eq(event.place.district, "350206");
        ck_assert_ptr_nonnull(event.geometry);
        event_init(&event, KIND_WARNING);
        event.title = "思明区暴雨橙色预警";
        cap_district_fill(&district, arena, &event);
        ck_assert(!event.place.district && !event.geometry);
        outline_free(district.boundary);
}
END_TEST

RUN("area", codes_say_whether_it_is_here, shapes_of_the_chosen_language_are_one_and_what_is_none_is_marked,
    words_name_the_district_and_its_boundary_stands_for_it)
