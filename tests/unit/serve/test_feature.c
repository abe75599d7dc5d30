#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/serve/read/feature.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <string.h>

/* 2023-12-05T00:00:00Z, and ten hours from there to the deadline. */
#define FROM INT64_C(1701734400000)
#define HOUR INT64_C(3600000)

static const char version[] = "{\"incident\":\"i-1\",\"epoch\":1,\"version\":2,\"title\":\"t\",\"position\":{\"lon\":"
                              "118.1,\"lat\":24.5,\"radius_m\":25},"
                              "\"opened\":\"2023-12-05T00:00:00.000Z\",\"deadline\":\"2023-12-05T10:00:00.000Z\"%s}";

static json_t *made(const char *more, int64_t now)
{
        CLEANUP(mem_drop) char *text = text_format(version, more);
        Error err = { 0 };
        json_t *feature = feature_of(text, strlen(text), 7, now, &err);

        ck_assert_msg(feature != NULL, "%s", err.text);
        return feature;
}

static void light_is(const char *more, int64_t now, const char *light)
{
        CLEANUP(json_drop) json_t *feature = made(more, now);

        ck_assert_str_eq(json_string_value(json_at(feature, "properties.limit.light")), light);
}

/* A map reads the place from the geometry alone, and the rest from the properties. */
START_TEST(a_version_becomes_a_feature)
{
        CLEANUP(json_drop) json_t *feature = made("", FROM);

        ck_assert_str_eq(json_string_value(json_at(feature, "type")), "Feature");
        ck_assert_str_eq(json_string_value(json_at(feature, "id")), "i-1");
        ck_assert_double_eq(json_real_value(json_at(feature, "geometry.coordinates.0")), 118.1);
        ck_assert_double_eq(json_real_value(json_at(feature, "geometry.coordinates.1")), 24.5);
        ck_assert_int_eq(json_integer_value(json_at(feature, "properties.feed")), 7);
        ck_assert_int_eq(json_integer_value(json_at(feature, "properties.version")), 2);
        ck_assert_ptr_null(json_at(feature, "properties.position"));
}
END_TEST

/* Yellow from 80 % of the time on, red past it: what a dispatcher steers by. */
START_TEST(the_light_follows_the_limit)
{
        light_is("", FROM, "green");
        light_is("", FROM + 8 * HOUR - 1000, "green");
        light_is("", FROM + 8 * HOUR, "yellow");
        light_is("", FROM + 10 * HOUR, "yellow");
        light_is("", FROM + 10 * HOUR + 1, "red");
}
END_TEST

/* What was settled in time does not turn red years later. */
START_TEST(a_closed_one_keeps_its_light)
{
        light_is(",\"closed\":\"2023-12-05T01:00:00.000Z\"", FROM + 1000 * HOUR, "green");
        light_is(",\"closed\":\"2023-12-05T11:00:00.000Z\"", FROM + 1000 * HOUR, "red");
}
END_TEST

START_TEST(without_deadline_or_position_there_is_none)
{
        static const char bare[] = "{\"incident\":\"i-1\",\"opened\":\"2023-12-05T00:00:00.000Z\"}";
        Error err = { 0 };
        CLEANUP(json_drop) json_t *feature = feature_of(bare, strlen(bare), 0, FROM, &err);

        ck_assert(json_is_null(json_object_get(feature, "geometry")));
        ck_assert_str_eq(json_string_value(json_at(feature, "properties.limit.light")), "none");
        ck_assert_ptr_null(json_at(feature, "properties.feed"));
}
END_TEST

RUN("feature", a_version_becomes_a_feature, the_light_follows_the_limit, a_closed_one_keeps_its_light,
    without_deadline_or_position_there_is_none)
