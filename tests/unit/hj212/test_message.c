#include "hub/hj212/message.h"

#include "hub/base/file.h"
#include "tests/unit/base/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char registry[] = "mn,name,lon,lat,crs,factor,unit,limit,period,kind\n"
                               "D1,site 1,118.1,24.5,wgs84,a34002,mg/m3,0.15,1h,\n"
                               "D1,site 1,,,,a34002,mg/m3,0.4,rtd,\n"
                               "D1,site 1,,,,f1,mg/m3,2,,fume\n";

typedef struct {
        Arena *arena;
        Sites *sites;
        Hj212Message message;
        const char *other;
        Error err;
} World;

static World world_new(void)
{
        char path[] = "/tmp/test-message-XXXXXX";
        World world = { .arena = arena_new() };
        const int descriptor = mkstemp(path);

        ck_assert_int_ge(descriptor, 0);
        dprintf(descriptor, "%s", registry);
        close(descriptor);
        world.sites = sites_load(path, &world.err);
        unlink(path);
        ck_assert_ptr_nonnull(world.sites);
        return world;
}

static void world_free(World *world)
{
        sites_free(world->sites);
        arena_free(world->arena);
}

/* 2023-12-05 08:31:00 in China is 1701736260. */
static bool reads(World *world, const char *cn, const char *mn, const char *content)
{
        const int64_t received_ms = INT64_C(1701736260000);

        world->message = (Hj212Message){ .packet = { .cn = cn, .mn = mn } };
        world->message.packet.content = arena_copy(world->arena, content, strlen(content));
        world->err = (Error){ 0 };
        return hj212_message(world->sites, received_ms, world->arena, &world->message, &world->other, &world->err);
}

START_TEST(readings_are_in_our_unit_beside_the_rows_that_judge_them)
{
        World world = world_new();
        const Hj212Reading *reading = &world.message.readings[0];
        Event event;

        ck_assert(reads(&world, "2011", "D1", "DataTime=20231205083000;a34002-Rtd=0.5,a34002-Flag=N"));
        ck_assert_ptr_null(world.other);
        ck_assert_uint_eq(world.message.size, 1);
        ck_assert(reading->kind == HJ212_DUST && fabs(reading->scale - 1000) < 1e-9);
        ck_assert(!hj212_judges(reading->row, &world.message, reading)); /* an hour's limit, a moment's reading */
        ck_assert(hj212_judges(reading->row->next, &world.message, reading));
        event_init(&event, KIND_HEALTH);
        hj212_measure(&world.message, reading, reading->row->next, &event);
        ck_assert(event.measurements[0].value == 500 && event.measurements[0].limit == 400);
        ck_assert_str_eq(event.measurements[0].unit, "ug/m3");
        ck_assert_str_eq(event.measurements[0].period, "rtd");
        ck_assert(event.quality == 0 && world.message.quality == 0);
        ck_assert(world.message.occurred == INT64_C(1701736200000));
        ck_assert(strncmp(world.message.revision, "2011-20231205083000-", 20) == 0);
        ck_assert(reads(&world, "2061", "D1", "a34002-Avg=0.2;f1=3"));
        ck_assert(hj212_judges(reading->row, &world.message, reading));
        ck_assert(world.message.readings[1].kind ==
                  HJ212_FUME); /* a bare member is a reading, as the registry has it */
        world_free(&world);
}
END_TEST

START_TEST(what_is_old_is_late_and_what_cannot_be_is_partial)
{
        World world = world_new();

        ck_assert(reads(&world, "2011", "D1", "DataTime=20231204203000;a34002-Rtd=0.1"));
        ck_assert_uint_eq(world.message.quality, QUALITY_LATE);
        ck_assert(reads(&world, "2011", "D2", "DataTime=soon;a34001-Rtd=10;a34002-Rtd=20"));
        ck_assert(world.message.quality == QUALITY_PARTIAL && world.message.occurred == TIME_NONE &&
                  !world.message.site);
        world_free(&world);
}
END_TEST

START_TEST(what_carries_no_readings_says_what_it_is)
{
        World world = world_new();

        ck_assert(reads(&world, "9015", NULL, ""));
        ck_assert_str_eq(world.other, "heartbeat");
        ck_assert(reads(&world, "2011", "D1", "DataTime=20231205083000"));
        ck_assert_str_eq(world.other, "no readings");
        ck_assert(!reads(&world, "2011", NULL, "a34002-Rtd=1"));
        ck_assert_str_eq(world.err.reason, "missing_field");
        ck_assert(!reads(&world, NULL, "D1", ""));
        ck_assert_str_eq(world.err.reason, "missing_field");
        ck_assert(!reads(&world, "2011", "no number", "a34002-Rtd=1"));
        ck_assert_str_eq(world.err.reason, "bad_id");
        world_free(&world);
}
END_TEST

RUN("message", readings_are_in_our_unit_beside_the_rows_that_judge_them,
    what_is_old_is_late_and_what_cannot_be_is_partial, what_carries_no_readings_says_what_it_is)
