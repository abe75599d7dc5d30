#include "hub/base/memory.h"
#include "hub/event/platform.h"
#include "hub/event/zone.h"
#include "tests/unit/base/run.h"

#include <string.h>
#include <unistd.h>

static void platforms_drop(Platforms **platforms)
{
        platforms_free(*platforms);
}

static void zones_drop(Zones **zones)
{
        zones_free(*zones);
}

static Zones *zones_of(const char *text, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        int file = mkstemp(path);
        Zones *zones;

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        zones = zones_load(path, err);
        unlink(path);
        return zones;
}

START_TEST(sixteen_platforms_are_known)
{
        Error err = { 0 };
        CLEANUP(platforms_drop) Platforms *platforms = platforms_load(NULL, &err);

        ck_assert_msg(platforms != NULL, "%s", err.text);
        ck_assert_uint_eq(platforms_size(platforms), 16);
        ck_assert_str_eq(platforms_at(platforms, 0)->id, "p01");
        ck_assert_ptr_null(platforms_at(platforms, 16));
        ck_assert_str_eq(platforms_find(platforms, "p09")->name, "湖里城市大脑");
        ck_assert_str_eq(platforms_find(platforms, "p09")->level, "district");
        ck_assert_str_eq(platforms_find(platforms, "p08")->level, "municipal");
        ck_assert_ptr_null(platforms_find(platforms, "p17"));
        ck_assert_ptr_null(platforms_find(platforms, NULL));
}
END_TEST

START_TEST(a_zone_has_its_partition)
{
        Error err = { 0 };
        CLEANUP(zones_drop)
        Zones *zones = zones_of(
                "\"350206\": { name: 湖里区, partition: 0 }\nsandiego: { name: San Diego, partition: 23 }\n", &err);

        ck_assert_msg(zones != NULL, "%s", err.text);
        ck_assert_uint_eq(zones_size(zones), 2);
        ck_assert_str_eq(zones_find(zones, "350206")->name, "湖里区");
        ck_assert_int_eq(zones_find(zones, "sandiego")->partition, 23);
        ck_assert_str_eq(zones_at(zones, 1)->id, "sandiego");
        ck_assert_ptr_null(zones_find(zones, "350203"));
        ck_assert_ptr_null(zones_at(zones, 2));
}
END_TEST

static void refuses(const char *text, const char *why)
{
        Error err = { 0 };
        CLEANUP(zones_drop) Zones *zones = zones_of(text, &err);

        ck_assert_ptr_null(zones);
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_msg(strstr(err.text, why) != NULL, "\"%s\" does not say \"%s\"", err.text, why);
}

START_TEST(a_wrong_zone_is_named_with_its_line)
{
        refuses("a: { name: A, partition: 24 }\n", ":1: partition: \"24\" is not between 0 and 23");
        refuses("a: { name: A, partition: 1 }\nb: { name: B }\n", ":2:");
        refuses("a/b: { name: A, partition: 1 }\n", "is no zone");
        refuses("a: { name: A, partiton: 1 }\n", "did you mean \"partition\"?");
        refuses("[]\n", "a mapping is needed");
}
END_TEST

RUN("tables", sixteen_platforms_are_known, a_zone_has_its_partition, a_wrong_zone_is_named_with_its_line)
