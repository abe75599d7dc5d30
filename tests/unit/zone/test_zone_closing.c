/* Who closes an incident, and who keeps reports out of it: people, cameras, operators. */

#include "hub/zone/decision.h"
#include "hub/zone/rows.h"
#include "hub/zone/zone.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

static Report citizen(const char *id, int minute)
{
        return (Report){ .source_id = id, .accuracy_m = 5, .minute = minute };
}

static Report camera(const char *id, int minute)
{
        return (Report){ .source_id = id, .platform = "p09", .camera = "pole-3", .accuracy_m = 5, .minute = minute };
}

/* The report's closing, told at that minute. */
static Report closing(Report report, int minute)
{
        report.revision = "2";
        report.updated_minute = minute;
        report.state = STATE_CLOSED;
        return report;
}

static int64_t at(int minute)
{
        return WORLD_START + (int64_t)minute * 60000;
}

/* A crew that settles one citizen's report has not settled the other's; yet what is reported after it is a new problem. */
START_TEST(it_is_closed_when_each_of_its_reports_is)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, citizen("a", 0));
        ck_assert_str_eq(world_report(&world, citizen("b", 5)), one);
        world_report(&world, closing(citizen("a", 0), 20));
        ck_assert_int_eq(world_incident(&world)->state, STATE_RECEIVED);
        ck_assert_int_eq(world_incident(&world)->closed, TIME_NONE);
        const char *next = world_report(&world, citizen("c", 30));
        ck_assert_str_ne(next, one);
        ck_assert_str_eq(world_incident(&world)->recurrence_of, one);
        world_report(&world, closing(citizen("b", 5), 50));
        ck_assert_str_eq(world_incident(&world)->id, one);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        ck_assert_int_eq(world_incident(&world)->closed, at(50));
        ck_assert_str_eq(world_change(&world), "closed");
        world_close(&world);
}
END_TEST

START_TEST(a_camera_that_loses_sight_closes_nobody_elses_report)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, citizen("a", 0));
        ck_assert_str_eq(world_report(&world, camera("x", 5)), one);
        world_report(&world, closing(camera("x", 5), 20));
        ck_assert_int_eq(world_incident(&world)->state, STATE_RECEIVED);
        /* and keeps nobody out */
        ck_assert_str_eq(world_report(&world, citizen("b", 30)), one);
        world_report(&world, closing(citizen("a", 0), 40));
        ck_assert_int_eq(world_incident(&world)->state, STATE_RECEIVED);
        world_report(&world, closing(citizen("b", 30), 45));
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        ck_assert_int_eq(world_incident(&world)->closed, at(45));
        world_close(&world);
}
END_TEST

START_TEST(what_only_cameras_saw_is_over_with_the_last_of_them)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, camera("x", 0));
        ck_assert_str_eq(world_report(&world, camera("y", 3)), one);
        world_report(&world, closing(camera("x", 0), 10));
        ck_assert_int_eq(world_incident(&world)->state, STATE_RECEIVED);
        ck_assert_str_eq(world_report(&world, camera("z", 11)), one);
        world_report(&world, closing(camera("y", 3), 12));
        world_report(&world, closing(camera("z", 11), 14));
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        ck_assert_int_eq(world_incident(&world)->closed, at(14));
        ck_assert_str_ne(world_report(&world, citizen("a", 30)), one);
        world_close(&world);
}
END_TEST

static Report dust(const char *id, int minute)
{
        Report report = camera(id, minute);

        report.category = "E0302";
        return report;
}

/* Dust that wavers around its limit is over and begins anew each few minutes; dust of the afternoon is not that of the morning. */
START_TEST(an_exceedance_that_stops_and_starts_within_minutes_is_one)
{
        enum { GRACE = 30 };
        World world;

        world_open(&world);
        const char *one = world_report(&world, dust("x0", 0));
        for (int i = 1; i < 4; i++) {
                world_report(&world, closing(dust(arena_format(world.arena, "x%d", i - 1), (i - 1) * 20), i * 20 - 12));
                ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
                ck_assert_str_eq(world_report(&world, dust(arena_format(world.arena, "x%d", i), i * 20)), one);
                ck_assert_int_eq(world_incident(&world)->state, STATE_RECEIVED);
                ck_assert_str_eq(world_change(&world), "reopened");
        }
        world_report(&world, closing(dust("x3", 60), 70));
        ck_assert_int_eq(world_incident(&world)->closed, at(70));
        ck_assert_str_ne(world_report(&world, dust("y", 70 + GRACE + 5)), one);
        ck_assert_str_eq(world_incident(&world)->recurrence_of, one);
        world_close(&world);
}
END_TEST

/* A citizen who names a camera is no camera. */
START_TEST(somebody_who_reports_a_camera_is_no_sensor)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, citizen("a", 0));
        world_report(&world, citizen("b", 5));
        Report report = closing(camera("x", 6), 20);
        EventValue value = world_value(world.arena, &report);
        value.event.reporter.ids[value.event.reporter.ids_size++] = "p1:aaaaaaaaaaaaaaaaaaaaaaaaaa";
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        ck_assert_str_eq(world_incident(&world)->id, one);
        ck_assert_str_ne(world_report(&world, citizen("c", 30)), one);
        world_close(&world);
}
END_TEST

/* The next start, or another correlator, knows as well who was a camera. */
START_TEST(who_closes_is_the_same_after_a_reload)
{
        Rows *rows = rows_new();
        Error err = { 0 };
        World world;

        world_open(&world);
        const char *one = world_report(&world, citizen("a", 0));
        world_report(&world, closing(camera("x", 5), 20));
        ck_assert_str_eq(world_incident(&world)->id, one);
        rows_save(rows, world.zone);
        zone_free(world.zone);
        world.zone = zone_new("350206", world.rules, 1);
        ck_assert(rows_load(rows, world.zone, &err));
        ck_assert_str_eq(world_report(&world, citizen("b", 30)), one);
        ck_assert_int_eq(world_incident(&world)->state, STATE_RECEIVED);
        rows_free(rows);
        world_close(&world);
}
END_TEST

/* An operator's closing closes whatever is open. */
START_TEST(an_operator_closes_what_the_reports_hold_open)
{
        static const char *events[] = { "p01::a:1" };
        EventValue value = { .kind = KIND_COMMAND, .zone = "350206", .id = "cmd:1" };
        World world;

        world_open(&world);
        world_report(&world, citizen("a", 0));
        world_report(&world, citizen("b", 5));
        value.command = (Command){
                .id = "cmd:1", .zone = "350206", .verb = "close", .by = "user:lin", .at = at(9), .events_size = 1
        };
        value.command.events[0] = events[0];
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        ck_assert_int_eq(world_incident(&world)->closed, at(9));
        world_close(&world);
}
END_TEST

START_TEST(a_decision_tells_the_state_that_its_event_left)
{
        CLEANUP(buffer_free) Buffer line = { 0 };
        World world;

        world_open(&world);
        Report report = citizen("a", 0);
        EventValue value = world_value(world.arena, &report);
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        decision_write(&line, &value, &world.decision);
        ck_assert_ptr_nonnull(strstr(line.bytes, "\"state\":\"received\""));
        report = closing(report, 20);
        value = world_value(world.arena, &report);
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        buffer_clear(&line);
        decision_write(&line, &value, &world.decision);
        ck_assert_ptr_nonnull(strstr(line.bytes, "\"state\":\"closed\""));
        world_close(&world);
}
END_TEST

RUN("zone closing", it_is_closed_when_each_of_its_reports_is, a_camera_that_loses_sight_closes_nobody_elses_report,
    what_only_cameras_saw_is_over_with_the_last_of_them, an_exceedance_that_stops_and_starts_within_minutes_is_one,
    somebody_who_reports_a_camera_is_no_sensor, who_closes_is_the_same_after_a_reload,
    an_operator_closes_what_the_reports_hold_open, a_decision_tells_the_state_that_its_event_left)
