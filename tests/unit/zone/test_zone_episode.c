/* One number for all that ever happens at a device: each time it happens again is a problem of its own. */

#include "hub/zone/rows.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

enum { DAY = 24 * 60 };

/* What a device tells at that minute of its dust: over the limit, or within it. */
static Report dust(int minute, bool over)
{
        return (Report){ .source_id = "MN17/a34002",
                         .platform = "p07",
                         .category = "E0302",
                         .title = "枋湖工地PM10超标",
                         .camera = "MN17",
                         .accuracy_m = 50,
                         .minute = minute,
                         .updated_minute = minute,
                         .state = over ? STATE_RECEIVED : STATE_CLOSED,
                         .outcome = over ? OUTCOME_NONE : OUTCOME_DONE,
                         .episodic = true };
}

/* Under a revision that says when, as the dialects make it. */
static const char *tell(World *world, Report report)
{
        report.revision = arena_format(world->arena, "at-%d", report.updated_minute);
        return world_report(world, report);
}

static const char *event_at(World *world, int minute)
{
        return arena_format(world->arena, "p07::MN17/a34002:at-%d", minute);
}

START_TEST(todays_is_a_new_incident_that_repeats_yesterdays)
{
        World world;

        world_open(&world);
        const char *yesterday = tell(&world, dust(10, true));
        ck_assert_str_eq(tell(&world, dust(40, false)), yesterday);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        const char *today = tell(&world, dust(DAY + 10, true));
        ck_assert_str_ne(today, yesterday);
        ck_assert_int_eq(world.decision.kind, DECISION_NEW);
        ck_assert_str_eq(world_incident(&world)->recurrence_of, yesterday);
        ck_assert_str_eq(world_change(&world), "opened");
        /* what follows is today's */
        ck_assert_str_eq(tell(&world, dust(DAY + 20, true)), today);
        ck_assert_uint_eq(world_incident(&world)->reports, 1);
        ck_assert_str_eq(tell(&world, dust(DAY + 40, false)), today);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        const char *tomorrow = tell(&world, dust(2 * DAY, true));
        ck_assert_str_eq(world_incident(&world)->recurrence_of, today);
        ck_assert_str_ne(tomorrow, today);
        world_close(&world);
}
END_TEST

/* Where people's case is closed and opened again it is the same case. */
START_TEST(a_case_that_is_not_episodic_reopens)
{
        Report report = dust(10, true);
        World world;

        world_open(&world);
        report.episodic = false;
        const char *one = tell(&world, report);
        report = dust(40, false);
        report.episodic = false;
        tell(&world, report);
        report = dust(DAY, true);
        report.episodic = false;
        ck_assert_str_eq(tell(&world, report), one);
        ck_assert_str_eq(world_change(&world), "reopened");
        world_close(&world);
}
END_TEST

/* A device that was cut off sends again what was: it opens nothing, nor does a second closing. */
START_TEST(what_is_older_than_the_closing_opens_nothing)
{
        World world;

        world_open(&world);
        const char *one = tell(&world, dust(10, true));
        tell(&world, dust(40, false));
        ck_assert_str_eq(tell(&world, dust(25, true)), one);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        ck_assert_str_eq(tell(&world, dust(50, false)), one);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        world_close(&world);
}
END_TEST

/* While others' reports hold yesterday's open, it is that problem still. */
START_TEST(it_joins_what_people_hold_open)
{
        World world;

        world_open(&world);
        const char *one = tell(&world, dust(10, true));
        ck_assert_str_eq(world_report(&world, (Report){ .source_id = "a",
                                                        .category = "E0302",
                                                        .title = "枋湖工地扬尘",
                                                        .accuracy_m = 5,
                                                        .minute = 12 }),
                         one);
        tell(&world, dust(20, false));
        ck_assert_int_eq(world_incident(&world)->closed, TIME_NONE);
        ck_assert_str_eq(tell(&world, dust(60, true)), one);
        ck_assert_int_eq(world.decision.kind, DECISION_JOIN);
        ck_assert_uint_eq(world_incident(&world)->reports, 3);
        world_close(&world);
}
END_TEST

/* In the rows each episode is one of its own, and the next one is found from the subject whatever was forgotten. */
START_TEST(a_restart_knows_which_is_the_present_one)
{
        Error err = { 0 };
        World world;
        Rows *rows = rows_new();

        world_open(&world);
        const char *yesterday = tell(&world, dust(10, true));
        tell(&world, dust(40, false));
        const char *today = tell(&world, dust(DAY + 10, true));
        rows_save(rows, world.zone);
        zone_committed(world.zone);
        zone_forget(world.zone, yesterday);
        zone_forget(world.zone, today);
        ck_assert(!zone_holds(world.zone, "p07::MN17/a34002"));
        Report closing = dust(DAY + 40, false);
        closing.revision = "closing";
        const EventValue value = world_value(world.arena, &closing);
        ck_assert_msg(rows_fetch(rows, world.zone, &value, &err), "%s", err.text);
        ck_assert_uint_eq(zone_incidents(world.zone), 2);
        ck_assert_str_eq(world_report(&world, closing), today);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        /* yesterday's alone has left */
        zone_forget(world.zone, today);
        ck_assert(!zone_holds(world.zone, "p07::MN17/a34002"));
        rows_free(rows);
        world_close(&world);
}
END_TEST

static const char *noted(World *world, const char *event)
{
        EventValue value = { .kind = KIND_COMMAND, .zone = "350206" };

        value.id = value.command.id = arena_format(world->arena, "cmd:%lld", (long long)world->offset);
        value.command.zone = value.zone;
        value.command.verb = "note";
        value.command.by = "user:lin";
        value.command.note = "seen";
        value.command.at = WORLD_START + (int64_t)2 * DAY * 60000;
        value.command.events[value.command.events_size++] = event;
        zone_apply(world->zone, &value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
        ck_assert_ptr_null(world->decision.refusal);
        return world->decision.incident->id;
}

START_TEST(an_operator_who_names_an_event_means_its_episode)
{
        World world;

        world_open(&world);
        const char *one = tell(&world, dust(10, true));
        tell(&world, dust(40, false));
        const char *two = tell(&world, dust(DAY + 10, true));
        tell(&world, dust(DAY + 40, false));
        const char *three = tell(&world, dust(2 * DAY + 10, true));
        ck_assert_str_eq(noted(&world, event_at(&world, 10)), one);
        ck_assert_str_eq(noted(&world, event_at(&world, 40)), one);
        ck_assert_str_eq(noted(&world, event_at(&world, DAY + 10)), two);
        ck_assert_str_eq(noted(&world, event_at(&world, 2 * DAY + 10)), three);
        world_close(&world);
}
END_TEST

RUN("episode", todays_is_a_new_incident_that_repeats_yesterdays, a_case_that_is_not_episodic_reopens,
    what_is_older_than_the_closing_opens_nothing, it_joins_what_people_hold_open,
    a_restart_knows_which_is_the_present_one, an_operator_who_names_an_event_means_its_episode)
