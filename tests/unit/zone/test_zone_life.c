/* The life of an incident beyond its first report: what recurs, what grows graver, when it is due. */

#include "hub/zone/rows.h"
#include "hub/zone/zone.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

enum { DAY = 24 * 60 };

static Report stall(const char *id, int minute)
{
        return (Report){
                .source_id = id, .accuracy_m = 5, .minute = minute, .description = "烧烤店把桌子摆到人行道上"
        };
}

static Report closing(const char *id, int minute)
{
        Report report = stall(id, 0);

        report.revision = "2";
        report.updated_minute = minute;
        report.state = STATE_CLOSED;
        return report;
}

static void warn(World *world, const char *id, int minute, EventState state, EventSeverity severity)
{
        EventValue value = { .kind = KIND_WARNING, .zone = "350206" };
        Event *event = &value.event;

        event_init(event, KIND_WARNING);
        event->subject = arena_format(world->arena, "p06::%s", id);
        value.id = event->id = arena_format(world->arena, "p06::%s:%d", id, minute);
        event->time.received = event->time.updated = WORLD_START + (int64_t)minute * 60000;
        event->valid.to = WORLD_START + (int64_t)DAY * 60000;
        event->status.state = state;
        event->severity = severity;
        zone_apply(world->zone, &value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
}

START_TEST(what_comes_again_after_the_closing_recurs)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, stall("a", 0));
        world_report(&world, closing("a", 60));
        const char *again = world_report(&world, stall("b", 10 * DAY));
        ck_assert_str_ne(one, again);
        ck_assert_str_eq(world_incident(&world)->recurrence_of, one);
        const Changes *changes = zone_changes(world.zone);
        const char *payload = changes->versions[changes->versions_size - 1].payload;
        ck_assert_ptr_nonnull(strstr(payload, arena_format(world.arena, "\"recurrence_of\":\"%s\"", one)));
        /* a third one joins what is open, and a problem elsewhere repeats nothing */
        ck_assert_str_eq(world_report(&world, stall("c", 10 * DAY + 5)), again);
        Report far = stall("d", 10 * DAY + 6);
        far.east_m = 900;
        world_report(&world, far);
        ck_assert_str_eq(world_incident(&world)->recurrence_of, "");
        world_close(&world);
}
END_TEST

START_TEST(what_comes_too_late_or_after_a_false_alarm_is_simply_new)
{
        World world;

        world_open(&world);
        world_report(&world, stall("a", 0));
        world_report(&world, closing("a", 60));
        world_report(&world, stall("b", 31 * DAY));
        ck_assert_str_eq(world_incident(&world)->recurrence_of, "");
        Report void_again = closing("b", 31 * DAY + 9);
        void_again.state = STATE_VOID;
        world_report(&world, void_again);
        world_report(&world, stall("c", 31 * DAY + 20));
        ck_assert_int_eq(world.decision.kind, DECISION_NEW);
        ck_assert_str_eq(world_incident(&world)->recurrence_of, "");
        world_close(&world);
}
END_TEST

/* What is over stays in memory, or comes back into it, as long as something may repeat it. */
START_TEST(a_recurrence_is_found_after_leaving_memory_and_reloading)
{
        Rows *rows = rows_new();
        Error err = { 0 };
        World world;

        world_open(&world);
        const char *one = world_report(&world, stall("a", 0));
        world_report(&world, closing("a", 60));
        Report other = stall("z", 9 * DAY);
        other.east_m = 2000;
        world_report(&world, other);
        ck_assert_uint_eq(zone_incidents(world.zone), 2);
        ck_assert_uint_eq(zone_open(world.zone), 1);
        rows_save(rows, world.zone);
        zone_committed(world.zone);
        zone_free(world.zone);
        world.zone = zone_new("350206", world.rules, 1);
        ck_assert(rows_load(rows, world.zone, &err));
        ck_assert_uint_eq(zone_open(world.zone), 1);
        world_report(&world, stall("b", 10 * DAY));
        ck_assert_uint_eq(zone_open(world.zone), 2);
        ck_assert_str_eq(world_incident(&world)->recurrence_of, one);
        rows_free(rows);
        world_close(&world);
}
END_TEST

START_TEST(many_platforms_and_many_reports_make_it_graver)
{
        static const char *const ids[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i" };
        World world;

        world_open(&world);
        for (int i = 0; i < 9; i++) {
                Report report = stall(ids[i], i);
                report.platform = i < 7 ? "p01" : i == 7 ? "p09" : "p12";
                world_report(&world, report);
                ck_assert_uint_eq(world_incident(&world)->reports, (size_t)i + 1);
                /* medium; the eighth report is a step; the third platform would be another, but not above high */
                ck_assert_int_eq(world_incident(&world)->severity, i < 7 ? SEVERITY_MEDIUM : SEVERITY_HIGH);
        }
        world_close(&world);
}
END_TEST

static Report tree(const char *id, int minute)
{
        return (Report){ .source_id = id, .category = "E2107", .accuracy_m = 5, .minute = minute, .title = "倒树" };
}

START_TEST(a_warning_in_force_makes_what_it_threatens_graver)
{
        World world;

        world_open(&world);
        world_report(&world, (Report){ .source_id = "s", .east_m = 500, .accuracy_m = 5 });
        const Incident *stall_incident = world_incident(&world);
        world_report(&world, tree("a", 1));
        const Incident *incident = world_incident(&world);
        const int64_t touched = incident->touched;
        ck_assert_int_eq(incident->severity, SEVERITY_MEDIUM);
        warn(&world, "w1", 10, STATE_RECEIVED, SEVERITY_MEDIUM); /* yellow */
        ck_assert_int_eq(incident->severity, SEVERITY_MEDIUM);
        warn(&world, "w1", 20, STATE_PROCESSING, SEVERITY_HIGH); /* orange now */
        ck_assert_int_eq(incident->severity, SEVERITY_HIGH);
        ck_assert_str_eq(world_change(&world), "updated");
        ck_assert_int_eq(stall_incident->severity, SEVERITY_MEDIUM);
        ck_assert_int_eq(incident->touched, touched);        /* a warning keeps nothing open */
        warn(&world, "w1", 15, STATE_CLOSED, SEVERITY_HIGH); /* an older revision, late */
        ck_assert_int_eq(incident->severity, SEVERITY_HIGH);
        Report second = tree("b", 30);
        second.east_m = 300;
        world_report(&world, second);
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_HIGH);
        warn(&world, "w1", 40, STATE_CLOSED, SEVERITY_HIGH);
        ck_assert_int_eq(incident->severity, SEVERITY_MEDIUM);
        /* one that ran out by itself holds for nothing that comes later */
        warn(&world, "w2", 50, STATE_RECEIVED, SEVERITY_CRITICAL);
        ck_assert_int_eq(incident->severity, SEVERITY_HIGH);
        Report third = tree("c", DAY + 1);
        third.east_m = 600;
        world_report(&world, third);
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_MEDIUM);
        world_close(&world);
}
END_TEST

/* WORLD_START is midnight in Shanghai to Tuesday, 5 December 2023: seven working days later a weekend has passed. */
START_TEST(a_limit_in_working_days_passes_over_the_weekend)
{
        World world;

        world_open(&world);
        Report report = tree("a", 0);
        report.category = "E0110";
        world_report(&world, report);
        ck_assert_int_eq(world_incident(&world)->deadline, WORLD_START + 9 * (int64_t)DAY * 60000);
        world_close(&world);
}
END_TEST

START_TEST(it_is_due_when_a_report_says_or_else_by_its_category)
{
        World world;

        world_open(&world);
        world_report(&world, tree("a", 0));
        ck_assert_int_eq(world_incident(&world)->deadline, WORLD_START + (int64_t)DAY * 60000);
        Report report = tree("b", 10);
        EventValue value = world_value(world.arena, &report);
        value.event.time.deadline = WORLD_START + 7200000;
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        ck_assert_int_eq(world_incident(&world)->deadline, WORLD_START + 7200000);
        /* what was due stays known once it is closed */
        report.revision = "2";
        report.updated_minute = 30;
        report.state = STATE_CLOSED;
        value = world_value(world.arena, &report);
        value.event.time.deadline = WORLD_START + 7200000;
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        report = tree("a", 0);
        report.revision = "2";
        report.updated_minute = 40;
        report.state = STATE_CLOSED;
        world_report(&world, report);
        ck_assert_int_eq(world_incident(&world)->state, STATE_CLOSED);
        ck_assert_int_eq(world_incident(&world)->deadline, WORLD_START + 7200000);
        world_close(&world);
}
END_TEST

RUN("zone life", what_comes_again_after_the_closing_recurs, what_comes_too_late_or_after_a_false_alarm_is_simply_new,
    a_recurrence_is_found_after_leaving_memory_and_reloading, many_platforms_and_many_reports_make_it_graver,
    a_warning_in_force_makes_what_it_threatens_graver, a_limit_in_working_days_passes_over_the_weekend,
    it_is_due_when_a_report_says_or_else_by_its_category)
