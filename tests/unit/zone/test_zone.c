#include "hub/zone/rows.h"
#include "hub/zone/zone.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

#include <stdint.h>

START_TEST(two_reports_of_one_problem_are_one_incident)
{
        World world;

        world_open(&world);
        const char *one = world_report(
                &world, (Report){ .source_id = "a", .accuracy_m = 10, .description = "店铺把桌子摆到人行道" });
        ck_assert_int_eq(world.decision.kind, DECISION_NEW);
        ck_assert_str_eq(world_change(&world), "opened");
        const char *same = world_report(&world, (Report){ .source_id = "b",
                                                          .platform = "p09",
                                                          .east_m = 8,
                                                          .accuracy_m = 20,
                                                          .minute = 25,
                                                          .description = "桌子摆到人行道上了" });
        ck_assert_int_eq(world.decision.kind, DECISION_JOIN);
        ck_assert_str_eq(one, same);
        ck_assert_uint_eq(world_incident(&world)->reports, 2);
        ck_assert_str_eq(world_change(&world), "joined");
        const char *far =
                world_report(&world, (Report){ .source_id = "c", .east_m = 900, .accuracy_m = 10, .minute = 30 });
        ck_assert_int_eq(world.decision.kind, DECISION_NEW);
        ck_assert_str_ne(one, far);
        world_close(&world);
}
END_TEST

/* Two rounds of a survey: their spots lie one over the other, under two numbers (adapters/aerial.md). */
START_TEST(a_link_of_overlap_merges_nobody)
{
        const Report spots[] = {
                { .source_id = "1", .platform = "p05", .category = "E2114", .accuracy_m = 15 },
                { .source_id = "2", .platform = "p05", .category = "E2114", .accuracy_m = 15, .minute = 90 * 24 * 60 }
        };
        const Incident *incidents[2];
        World world;

        world_open(&world);
        for (size_t i = 0; i < 2; i++) {
                EventValue value = world_value(world.arena, &spots[i]);

                if (i > 0)
                        event_add_link(&value.event, "overlap", "p05::1");
                zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
                ck_assert_int_eq(world.decision.kind, DECISION_NEW);
                incidents[i] = world_incident(&world);
        }
        ck_assert_str_ne(incidents[0]->id, incidents[1]->id);
        ck_assert_uint_eq(incidents[0]->reports, 1);
        ck_assert_uint_eq(incidents[1]->reports, 1);
        world_close(&world);
}
END_TEST

START_TEST(an_older_revision_is_stored_and_changes_nothing)
{
        World world;

        world_open(&world);
        world_report(&world, (Report){ .source_id = "a", .accuracy_m = 10, .updated_minute = 10 });
        world_report(&world, (Report){ .source_id = "a",
                                       .revision = "3",
                                       .accuracy_m = 10,
                                       .updated_minute = 30,
                                       .state = STATE_PROCESSING });
        const size_t versions = zone_changes(world.zone)->versions_size;
        world_report(&world, (Report){ .source_id = "a",
                                       .revision = "2",
                                       .accuracy_m = 10,
                                       .updated_minute = 20,
                                       .state = STATE_DISPATCHED });
        ck_assert_int_eq(world.decision.kind, DECISION_UPDATE);
        ck_assert_int_eq(world_incident(&world)->state, STATE_PROCESSING);
        ck_assert_uint_eq(zone_changes(world.zone)->versions_size, versions);
        world_close(&world);
}
END_TEST

START_TEST(a_real_closing_shuts_and_a_closing_as_duplicate_does_not)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, (Report){ .source_id = "a", .accuracy_m = 5, .minute = 1 });
        world_report(&world, (Report){ .source_id = "a",
                                       .revision = "2",
                                       .accuracy_m = 5,
                                       .minute = 1,
                                       .updated_minute = 20,
                                       .state = STATE_CLOSED,
                                       .outcome = OUTCOME_DUPLICATE });
        const char *still = world_report(&world, (Report){ .source_id = "b", .accuracy_m = 5, .minute = 40 });
        ck_assert_str_eq(one, still);
        world_report(&world, (Report){ .source_id = "b",
                                       .revision = "2",
                                       .accuracy_m = 5,
                                       .minute = 40,
                                       .updated_minute = 60,
                                       .state = STATE_CLOSED,
                                       .outcome = OUTCOME_DONE });
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        ck_assert_str_eq(world_change(&world), "closed");
        const char *next = world_report(&world, (Report){ .source_id = "c", .accuracy_m = 5, .minute = 90 });
        ck_assert_str_ne(one, next);
        world_close(&world);
}
END_TEST

START_TEST(the_same_subject_opens_its_incident_again)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, (Report){ .source_id = "a", .accuracy_m = 5 });
        world_report(&world, (Report){ .source_id = "a",
                                       .revision = "2",
                                       .accuracy_m = 5,
                                       .updated_minute = 20,
                                       .state = STATE_CLOSED });
        const char *again = world_report(
                &world, (Report){ .source_id = "a", .revision = "3", .accuracy_m = 5, .updated_minute = 50 });
        ck_assert_str_eq(one, again);
        ck_assert_int_eq(world_incident(&world)->state, STATE_RECEIVED);
        ck_assert_str_eq(world_change(&world), "reopened");
        world_close(&world);
}
END_TEST

START_TEST(a_false_alarm_leaves_and_the_last_one_cancels)
{
        World world;

        world_open(&world);
        world_report(&world, (Report){ .source_id = "a", .platform = "p09", .accuracy_m = 5 });
        world_report(&world, (Report){ .source_id = "b", .accuracy_m = 5, .minute = 5 });
        ck_assert_int_eq(world.decision.kind, DECISION_JOIN);
        world_report(&world, (Report){ .source_id = "a",
                                       .platform = "p09",
                                       .revision = "2",
                                       .accuracy_m = 5,
                                       .updated_minute = 9,
                                       .state = STATE_VOID,
                                       .outcome = OUTCOME_FALSE_ALARM });
        ck_assert_uint_eq(world_incident(&world)->reports, 1);
        ck_assert_str_eq(world_incident(&world)->founding->subject, "p01::b");
        world_report(&world, (Report){ .source_id = "b",
                                       .revision = "2",
                                       .accuracy_m = 5,
                                       .updated_minute = 12,
                                       .state = STATE_REJECTED });
        ck_assert_int_eq(world_incident(&world)->state, STATE_VOID);
        ck_assert_str_eq(world_change(&world), "cancelled");
        world_close(&world);
}
END_TEST

START_TEST(what_was_void_at_first_sight_joins_nobody_and_is_never_shown)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, (Report){ .source_id = "a", .accuracy_m = 5 });
        const char *never = world_report(
                &world,
                (Report){ .source_id = "b", .platform = "p09", .accuracy_m = 5, .minute = 3, .state = STATE_VOID });
        ck_assert_str_ne(one, never);
        ck_assert_int_eq(world_incident(&world)->version, 0);
        ck_assert_uint_eq(zone_changes(world.zone)->versions_size, 1);
        world_report(
                &world,
                (Report){ .source_id = "b", .platform = "p09", .revision = "2", .accuracy_m = 5, .updated_minute = 9 });
        ck_assert_int_eq(world_incident(&world)->version, 1);
        world_close(&world);
}
END_TEST

START_TEST(days_without_an_event_end_candidacy)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, (Report){ .source_id = "a", .category = "E0505", .accuracy_m = 5 });
        const char *soon = world_report(
                &world, (Report){ .source_id = "b", .category = "E0505", .accuracy_m = 5, .minute = 20 * 60 });
        ck_assert_str_eq(one, soon);
        const char *late = world_report(
                &world,
                (Report){ .source_id = "c", .category = "E0505", .accuracy_m = 5, .minute = 20 * 60 + 25 * 60 });
        ck_assert_str_ne(one, late);
        world_close(&world);
}
END_TEST

START_TEST(a_revision_that_left_the_place_is_doubtful_and_moves_nobody)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, (Report){ .source_id = "a", .accuracy_m = 5 });
        world_report(&world, (Report){ .source_id = "b", .accuracy_m = 5, .minute = 5 });
        const char *after = world_report(&world, (Report){ .source_id = "b",
                                                           .revision = "2",
                                                           .east_m = 2000,
                                                           .accuracy_m = 5,
                                                           .minute = 5,
                                                           .updated_minute = 9 });
        ck_assert_str_eq(one, after);
        ck_assert(world_incident(&world)->members[1]->doubtful);
        ck_assert_uint_eq(zone_changes(world.zone)->ends_size, 1);
        ck_assert(zone_changes(world.zone)->ends[0].doubtful_only);
        world_close(&world);
}
END_TEST

/* It joined by the house that it names, far off: only a revision that moves it leaves anything. */
START_TEST(a_revision_that_does_not_move_a_stray_position_is_not_doubtful)
{
        Report stray = { .source_id = "b", .east_m = 600, .accuracy_m = 5, .minute = 5, .address = "枋湖西路88号" };
        World world;

        world_open(&world);
        const char *one =
                world_report(&world, (Report){ .source_id = "a", .accuracy_m = 5, .address = "枋湖西路88号" });
        ck_assert_str_eq(world_report(&world, stray), one);
        stray.revision = "2";
        stray.updated_minute = 9;
        ck_assert_str_eq(world_report(&world, stray), one);
        ck_assert(!world_incident(&world)->members[1]->doubtful);
        stray.revision = "3";
        stray.updated_minute = 12;
        stray.east_m = 700;
        world_report(&world, stray);
        ck_assert(world_incident(&world)->members[1]->doubtful);
        world_close(&world);
}
END_TEST

START_TEST(a_change_that_shows_nothing_new_makes_no_version)
{
        World world;

        world_open(&world);
        world_report(&world, (Report){ .source_id = "a", .accuracy_m = 5, .description = "一" });
        const int32_t version = world_incident(&world)->version;
        /* the description is not shown in a version, and the event that shows as newest is */
        EventValue value =
                world_value(world.arena, &(Report){ .source_id = "a", .accuracy_m = 5, .description = "二" });
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        ck_assert_int_eq(world_incident(&world)->version, version);
        world_close(&world);
}
END_TEST

/* Every 50th entry is a warning, that comes, grows, goes. */
static EventValue warning_value(Arena *arena, size_t i)
{
        EventValue value = { .kind = KIND_WARNING, .zone = "350206" };

        event_init(&value.event, KIND_WARNING);
        value.event.subject = arena_format(arena, "p06::w%zu", i / 150);
        value.id = value.event.id = arena_format(arena, "%s:%zu", value.event.subject, i);
        value.event.time.received = WORLD_START + (int64_t)i * 37 * 60000;
        value.event.status.state = i / 50 % 3 == 2 ? STATE_CLOSED : STATE_PROCESSING;
        value.event.severity = i / 50 % 3 ? SEVERITY_HIGH : SEVERITY_LOW;
        return value;
}

static void versions_write(Buffer *out, const Changes *changes, size_t *seen)
{
        for (; *seen < changes->versions_size; ++*seen)
                buffer_format(out, "%s\n", changes->versions[*seen].payload);
}

/* A log of n events in a small place, with revisions, closings and false alarms: the same for the same seed. */
static void log_run(World *world, Rows *rows, uint64_t seed, size_t events, size_t reload_every, Buffer *out)
{
        static const char *const words[] = { "桌子摆到人行道", "占道摆桌", "垃圾没人清", "电动车乱停", "" };
        size_t seen = 0;
        Error err = { 0 };

        for (size_t i = 0; i < events; i++) {
                const unsigned subject = world_random(&seed) % 120, kind = world_random(&seed) % 20;
                const Report report = { .source_id = arena_format(world->arena, "s%u", subject),
                                        .revision = arena_format(world->arena, "%zu", i),
                                        .platform = subject % 3 ? "p01" : "p09",
                                        .category = subject % 2 ? "E0504" : "E2107",
                                        .description = words[subject % 5],
                                        .east_m = subject % 11 * 9,
                                        .north_m = subject % 7 * 13 + world_random(&seed) % 3,
                                        .accuracy_m = 5 + subject % 200,
                                        .minute = (int)(i * 37),
                                        .updated_minute = (int)(i * 37 + world_random(&seed) % 90),
                                        .state = kind == 0   ? STATE_CLOSED
                                                 : kind == 1 ? STATE_VOID
                                                 : kind < 5  ? STATE_PROCESSING
                                                             : STATE_RECEIVED,
                                        .outcome = kind == 0 && subject % 4 == 0 ? OUTCOME_DUPLICATE : OUTCOME_NONE };
                const EventValue value =
                        i % 50 == 0 ? warning_value(world->arena, i) : world_value(world->arena, &report);

                ck_assert_msg(rows_fetch(rows, world->zone, &value, &err), "%s", err.text);
                zone_apply(world->zone, &value, (LogPosition){ 0, (int64_t)i }, false, &world->decision);
                buffer_format(out, "%s %d %s\n", value.id, (int)world->decision.kind,
                              world_incident(world) ? world_incident(world)->id : "");
                versions_write(out, zone_changes(world->zone), &seen);
                if (reload_every && (i + 1) % reload_every == 0) {
                        rows_save(rows, world->zone);
                        zone_committed(world->zone);
                        zone_free(world->zone);
                        world->zone = zone_new("350206", world->rules, 1);
                        ck_assert_msg(rows_load(rows, world->zone, &err), "%s", err.text);
                        seen = 0;
                }
        }
}

START_TEST(reloading_changes_nothing)
{
        const size_t every[] = { 0, 1, 7, 100 };
        const uint64_t seed = 20231205;
        Buffer expected = { 0 };

        printf("seed %llu\n", (unsigned long long)seed);
        for (size_t i = 0; i < sizeof every / sizeof *every; i++) {
                Buffer out = { 0 };
                World world;
                Rows *rows = rows_new();

                world_open(&world);
                log_run(&world, rows, seed, 1500, every[i], &out);
                if (i == 0)
                        expected = out;
                else
                        ck_assert_str_eq(out.bytes, expected.bytes);
                rows_free(rows);
                world_close(&world);
                if (i > 0)
                        buffer_free(&out);
        }
        buffer_free(&expected);
}
END_TEST

RUN("zone", two_reports_of_one_problem_are_one_incident, a_link_of_overlap_merges_nobody,
    an_older_revision_is_stored_and_changes_nothing, a_real_closing_shuts_and_a_closing_as_duplicate_does_not,
    the_same_subject_opens_its_incident_again, a_false_alarm_leaves_and_the_last_one_cancels,
    what_was_void_at_first_sight_joins_nobody_and_is_never_shown, days_without_an_event_end_candidacy,
    a_revision_that_left_the_place_is_doubtful_and_moves_nobody,
    a_revision_that_does_not_move_a_stray_position_is_not_doubtful, a_change_that_shows_nothing_new_makes_no_version,
    reloading_changes_nothing)
