/* Revisions: what they leave out, which of two is the newer, and whose times are believed. */

#include "hub/base/text.h"
#include "hub/zone/decision.h"
#include "hub/zone/rows.h"
#include "hub/zone/zone.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

static int64_t at(int minute)
{
        return WORLD_START + (int64_t)minute * 60000;
}

static void give(World *world, const EventValue *value)
{
        zone_apply(world->zone, value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
}

/* All that a platform may tell of a case. */
static EventValue whole(World *world)
{
        const Report report = { .source_id = "a",
                                .title = "烧烤占道",
                                .description = "烧烤店把桌子摆到人行道上",
                                .address = "湖里区枋湖南路3号",
                                .accuracy_m = 5,
                                .updated_minute = 10 };
        EventValue value = world_value(world->arena, &report);

        value.event.category.name = "店外经营";
        value.event.source.channel = "电话";
        value.event.place.community = "枋湖社区";
        value.event.severity = SEVERITY_HIGH;
        value.event.time.deadline = at(600);
        value.event.reporter.ids[value.event.reporter.ids_size++] = "p1:aaaaaaaaaaaaaaaaaaaaaaaaaa";
        event_add_object(&value.event, OBJECT_ASSET, "SL-1");
        return value;
}

/* Number and state alone, as emit() makes them an event: it was received at that minute. */
static EventValue sparse(World *world, const char *revision, int minute, EventState state)
{
        const Report report = { .source_id = "a",
                                .revision = revision,
                                .category = "E2199",
                                .title = "其他",
                                .minute = minute,
                                .state = state };
        EventValue value = world_value(world->arena, &report);

        value.event.category.name = "其他";
        value.event.category.method = METHOD_DEFAULT;
        value.event.severity = SEVERITY_INFO;
        value.event.quality = QUALITY_CLOCK_MISSING;
        return value;
}

START_TEST(a_sparse_row_takes_nothing_away)
{
        CLEANUP(buffer_free) Buffer line = { 0 };
        World world;

        world_open(&world);
        EventValue value = whole(&world);
        give(&world, &value);
        const Member *member = world.decision.member;
        const GeoPoint point = member->point;
        const uint32_t grams = member->wording.all.size;
        value = sparse(&world, "2", 60, STATE_PROCESSING);
        give(&world, &value);
        ck_assert_ptr_eq(world.decision.member, member);
        ck_assert_int_eq(member->state, STATE_PROCESSING);
        ck_assert_str_eq(member->category, "E0504");
        ck_assert_str_eq(member->category_name, "店外经营");
        ck_assert_str_eq(member->title, "烧烤占道");
        ck_assert_str_eq(member->channel, "电话");
        ck_assert_str_eq(member->place[PLACE_ADDRESS], "湖里区枋湖南路3号");
        ck_assert_str_eq(member->place[PLACE_COMMUNITY], "枋湖社区");
        ck_assert_str_eq(member->reporters[0], "p1:aaaaaaaaaaaaaaaaaaaaaaaaaa");
        ck_assert_uint_eq(member->objects_size, 1);
        ck_assert_str_eq(member->objects[0].id, "SL-1");
        ck_assert_int_eq(member->severity, SEVERITY_HIGH);
        ck_assert_int_eq(member->occurred, at(0));
        ck_assert_int_eq(member->updated, at(10));
        ck_assert_int_eq(member->deadline, at(600));
        ck_assert(member->point.lon == point.lon && member->point.lat == point.lat && member->accuracy_cm == 500);
        ck_assert_uint_eq(member->wording.all.size, grams);
        ck_assert_uint_eq(member->wording.houses.size, 1);
        decision_write(&line, &value, &world.decision);
        ck_assert_ptr_nonnull(strstr(line.bytes, "\"channel\":\"电话\",\"category\":\"E0504\""));
        world_close(&world);
}
END_TEST

/* What is told replaces what was known, part by part. */
START_TEST(what_a_revision_tells_is_taken)
{
        World world;

        world_open(&world);
        EventValue value = whole(&world);
        give(&world, &value);
        const Member *member = world.decision.member;
        value = sparse(&world, "2", 60, STATE_PROCESSING);
        value.event.category.code = "E0501";
        value.event.category.name = "流动摊贩";
        value.event.category.method = METHOD_NAME;
        value.event.category.raw_name = "流动摊贩";
        value.event.severity = SEVERITY_LOW;
        value.event.title = "枋湖北路28号的摊子";
        value.event.place.address = "湖里区枋湖北路28号";
        event_add_object(&value.event, OBJECT_STALL, "T-9");
        give(&world, &value);
        ck_assert_str_eq(member->category, "E0501");
        ck_assert_int_eq(member->severity, SEVERITY_LOW);
        ck_assert_str_eq(member->title, "枋湖北路28号的摊子");
        ck_assert_str_eq(member->place[PLACE_ADDRESS], "湖里区枋湖北路28号");
        /* the asset was not said to be another one */
        ck_assert_uint_eq(member->objects_size, 2);
        /* the house is the new one, the description's words are still known */
        Member *other;
        const Report north = { .source_id = "n", .address = "枋湖北路28号", .description = "烧烤店把桌子摆到人行道上" };
        const EventValue compared = world_value(world.arena, &north);
        other = member_new(&compared.event, world.rules, NULL);
        ck_assert_int_eq(houses_match(&member->wording.houses, &other->wording.houses), ADDRESS_HOUSE);
        ck_assert_int_gt(grams_cosine(&member->wording.all, &other->wording.all), 300);
        member_free(other);
        world_close(&world);
}
END_TEST

/* A case that never had a description is known by its title: a new title is new words. */
START_TEST(a_new_title_is_read_where_there_was_no_description)
{
        World world;

        world_open(&world);
        world_report(&world, (Report){ .source_id = "a", .title = "烧烤占道", .accuracy_m = 5 });
        const Member *member = world.decision.member;
        world_report(&world, (Report){ .source_id = "a",
                                       .revision = "2",
                                       .title = "夜间施工噪声扰民",
                                       .accuracy_m = 5,
                                       .updated_minute = 9 });
        const Report other = { .source_id = "n", .title = "夜间施工噪声扰民" };
        const EventValue compared = world_value(world.arena, &other);
        Member *same = member_new(&compared.event, world.rules, NULL);
        ck_assert_int_gt(grams_cosine(&member->wording.all, &same->wording.all), 900);
        member_free(same);
        world_close(&world);
}
END_TEST

/* A title that is the category's name goes with the category. */
START_TEST(a_title_of_its_own_outlives_the_categorys_name)
{
        World world;

        world_open(&world);
        EventValue value = whole(&world);
        value.event.title = "店外经营";
        give(&world, &value);
        value = sparse(&world, "2", 60, STATE_PROCESSING);
        value.event.category.code = "E0501";
        value.event.category.name = value.event.title = "流动摊贩";
        value.event.category.method = METHOD_NAME;
        give(&world, &value);
        ck_assert_str_eq(world.decision.member->title, "流动摊贩");
        value = sparse(&world, "3", 70, STATE_PROCESSING);
        give(&world, &value);
        ck_assert_str_eq(world.decision.member->title, "流动摊贩");
        world_close(&world);
}
END_TEST

START_TEST(a_closing_that_tells_no_time_is_of_when_it_came)
{
        World world;

        world_open(&world);
        EventValue value = whole(&world);
        give(&world, &value);
        value = sparse(&world, "2", 60, STATE_CLOSED);
        give(&world, &value);
        ck_assert_int_eq(world_incident(&world)->closed, at(60) + 1000);
        /* asked again, it was closed all the time */
        value = sparse(&world, "3", 90, STATE_CLOSED);
        give(&world, &value);
        ck_assert_int_eq(world_incident(&world)->closed, at(60) + 1000);
        world_close(&world);
}
END_TEST

/* A change time decades ahead must not shut out the true closing. */
START_TEST(a_change_ahead_of_its_receipt_is_not_believed)
{
        Report report = { .source_id = "a", .accuracy_m = 5 };
        World world;

        world_open(&world);
        EventValue value = world_value(world.arena, &report);
        value.event.time.updated = at(40000000);
        give(&world, &value);
        ck_assert_int_eq(world.decision.member->updated, TIME_NONE);
        report = (Report){
                .source_id = "a", .revision = "2", .accuracy_m = 5, .updated_minute = 30, .state = STATE_CLOSED
        };
        world_report(&world, report);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        world_close(&world);
}
END_TEST

/* Rows of before hold what nobody doubted then. */
START_TEST(a_stored_change_ahead_of_all_is_not_believed)
{
        CLEANUP(buffer_free) Buffer row = { 0 };
        Error err = { 0 };
        World world;

        world_open(&world);
        world_report(&world, (Report){ .source_id = "a", .accuracy_m = 5 });
        Member *member = (Member *)(uintptr_t)world.decision.member;
        CLEANUP(buffer_free) Buffer incident = { 0 };
        CLEANUP(buffer_free) Buffer zone = { 0 };
        const char *id = arena_format(world.arena, "%s", world_incident(&world)->id);
        member->updated = at(40000000);
        member_write(&row, member);
        incident_write(&incident, world_incident(&world));
        zone_write(&zone, world.zone);
        zone_free(world.zone);
        world.zone = zone_new("350206", world.rules, 1);
        ck_assert(zone_read(world.zone, zone.bytes, zone.size, &err));
        ck_assert(zone_load_incident(world.zone, incident.bytes, incident.size, &err));
        ck_assert(zone_load_member(world.zone, id, row.bytes, row.size, &err));
        zone_load_end(world.zone);
        world_report(&world, (Report){ .source_id = "a",
                                       .revision = "2",
                                       .accuracy_m = 5,
                                       .updated_minute = 30,
                                       .state = STATE_CLOSED });
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        world_close(&world);
}
END_TEST

/* Two states under one coarse time: the later in the log is the newer. */
START_TEST(of_two_at_one_time_the_later_in_the_log_counts)
{
        Report report = { .source_id = "a", .accuracy_m = 5, .updated_minute = 20, .state = STATE_DISPATCHED };
        World world;

        world_open(&world);
        world_report(&world, report);
        report.revision = "2";
        report.state = STATE_CLOSED;
        world_report(&world, report);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        world_close(&world);
}
END_TEST

/* What is kept is kept through a restart as well. */
START_TEST(what_was_left_out_is_known_after_a_reload)
{
        CLEANUP(buffer_free) Buffer once = { 0 };
        CLEANUP(buffer_free) Buffer again = { 0 };

        for (int reload = 0; reload < 2; reload++) {
                Rows *rows = rows_new();
                Error err = { 0 };
                World world;

                world_open(&world);
                EventValue value = whole(&world);
                give(&world, &value);
                if (reload)
                        ck_assert(rows_renew(rows, world.zone, &err));
                value = sparse(&world, "2", 60, STATE_PROCESSING);
                value.event.title = "枋湖南路3号";
                give(&world, &value);
                if (reload)
                        ck_assert(rows_renew(rows, world.zone, &err));
                value = sparse(&world, "3", 80, STATE_CLOSED);
                ck_assert(rows_fetch(rows, world.zone, &value, &err));
                give(&world, &value);
                member_write(reload ? &again : &once, world.decision.member);
                rows_free(rows);
                world_close(&world);
        }
        ck_assert_str_eq(again.bytes, once.bytes);
}
END_TEST

RUN("zone revision", a_sparse_row_takes_nothing_away, what_a_revision_tells_is_taken,
    a_new_title_is_read_where_there_was_no_description, a_title_of_its_own_outlives_the_categorys_name,
    a_closing_that_tells_no_time_is_of_when_it_came, a_change_ahead_of_its_receipt_is_not_believed,
    a_stored_change_ahead_of_all_is_not_believed, of_two_at_one_time_the_later_in_the_log_counts,
    what_was_left_out_is_known_after_a_reload)
