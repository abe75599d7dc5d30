/* What registries say: permits and licensed stalls that speak for a report or against it, and places that they know. */

#include "hub/zone/context.h"
#include "hub/zone/decision.h"
#include "hub/zone/rows.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

#include <unistd.h>

enum { HOUR = 60, DAY = 24 * 60 };

/* A row of a registry; minutes of the world, 0: not told. */
typedef struct {
        const char *id, *category, *description, *stall, *site, *number;
        double east_m, accuracy_m;
        int minute, from, to;
        EventState state;
} Row;

static EventValue row_value(Arena *arena, const Row *row)
{
        EventValue value = { .kind = KIND_REGISTRY, .zone = "350206" };
        Event *event = &value.event;

        event_init(event, KIND_REGISTRY);
        event->subject = arena_format(arena, "p13::%s", row->id);
        value.id = event->id = arena_format(arena, "%s:%d", event->subject, row->minute);
        event->category.code = world_or(row->category, "E2119");
        event->time.received = event->time.updated = WORLD_START + (int64_t)row->minute * 60000;
        event->valid.from = row->from ? WORLD_START + (int64_t)row->from * 60000 : TIME_NONE;
        event->valid.to = row->to ? WORLD_START + (int64_t)row->to * 60000 : TIME_NONE;
        event->status.state = row->state ? row->state : STATE_FILED;
        event->description = row->description;
        event_add_object(event, OBJECT_STALL, row->stall);
        event_add_object(event, OBJECT_CASE, row->number);
        event_add_object(event, OBJECT_ASSET, row->site);
        if (row->accuracy_m > 0) {
                event->position.method = POSITION_REGISTRY;
                event->position.lon = world_lon(row->east_m);
                event->position.lat = world_lat(0);
                event->position.accuracy_m = row->accuracy_m;
        }
        return value;
}

static void registry(World *world, Row row)
{
        const EventValue value = row_value(world->arena, &row);

        zone_apply(world->zone, &value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
        ck_assert_int_eq(world->decision.kind, DECISION_IGNORE);
}

static Row permit(const char *id, int minute, int to)
{
        return (Row){ .id = id,
                      .category = "E2117",
                      .number = id,
                      .minute = minute,
                      .from = -DAY,
                      .to = to,
                      .east_m = 10,
                      .accuracy_m = 30 };
}

static Report banner(const char *id, int minute)
{
        return (Report){ .source_id = id, .category = "E0202", .title = "横幅", .accuracy_m = 5, .minute = minute };
}

static Report hawker(const char *id, int minute)
{
        return (Report){ .source_id = id, .category = "E0501", .title = "摆摊", .accuracy_m = 5, .minute = minute };
}

static EventSeverity severity_of(World *world, Report report)
{
        world_report(world, report);
        return world_incident(world)->severity;
}

static const char *line_of(World *world, Report report)
{
        const EventValue value = world_value(world->arena, &report);
        Buffer out = { 0 };

        zone_apply(world->zone, &value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
        decision_write(&out, &value, &world->decision);
        const char *line = arena_copy(world->arena, out.bytes, out.size);
        buffer_free(&out);
        return line;
}

/* ---- permits ---- */

START_TEST(a_permit_in_force_makes_a_banner_less_grave_and_one_that_ran_out_graver)
{
        World world;

        world_open(&world);
        ck_assert_int_eq(severity_of(&world, banner("before", 0)), SEVERITY_MEDIUM);
        world_close(&world);
        world_open(&world);
        registry(&world, permit("118", 0, DAY));
        const char *line = line_of(&world, banner("a", 10));
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_LOW);
        ck_assert_str_eq(world_incident(&world)->registry_subject, "p13::118");
        ck_assert_ptr_nonnull(strstr(line, "\"decision\":\"new\""));
        ck_assert_ptr_nonnull(
                strstr(line, "\"reasons\":[{\"feature\":\"registry\",\"value\":\"in_force\",\"points\":0}]"));
        const Changes *changes = zone_changes(world.zone);
        ck_assert_ptr_nonnull(strstr(changes->versions[changes->versions_size - 1].payload, "\"severity\":\"low\""));
        ck_assert_str_eq(changes->links[changes->links_size - 1].reasons, "registry=in_force:0");
        /* of the last minute it is said still; then it has run out; thirty days later nobody speaks of it */
        Report late = banner("b", DAY - 1), lapsed = banner("c", DAY), old = banner("d", 31 * DAY + 1);
        late.north_m = 60;
        lapsed.north_m = -60;
        ck_assert_int_eq(severity_of(&world, late), SEVERITY_LOW);
        ck_assert_int_eq(severity_of(&world, lapsed), SEVERITY_HIGH);
        ck_assert_int_eq(severity_of(&world, old), SEVERITY_MEDIUM);
        world_close(&world);
}
END_TEST

START_TEST(what_is_elsewhere_of_another_kind_or_not_granted_permits_nothing)
{
        World world;

        world_open(&world);
        Row asked = permit("asked", 0, DAY), gone = permit("gone", 0, DAY), stall = permit("stall", 0, DAY);
        Row future = permit("future", 0, DAY), far = permit("far", 0, DAY);
        asked.state = STATE_RECEIVED;
        gone.state = STATE_VOID;
        stall.category = "E2119";
        future.from = 20 * HOUR;
        far.east_m = 300;
        registry(&world, asked);
        registry(&world, gone);
        registry(&world, stall);
        registry(&world, future);
        registry(&world, far);
        ck_assert_int_eq(severity_of(&world, banner("a", 10)), SEVERITY_MEDIUM);
        ck_assert_ptr_null(strstr(line_of(&world, banner("b", 11)), "registry"));
        /* a position that may be anywhere is beside nothing; what names the number needs no position */
        registry(&world, permit("118", 15, DAY));
        Report wide = banner("c", 20);
        wide.accuracy_m = 500;
        wide.east_m = 4000;
        ck_assert_int_eq(severity_of(&world, wide), SEVERITY_MEDIUM);
        Report place = { .source_id = "d", .category = "E0110", .title = "路面破损", .accuracy_m = 5, .minute = 21 };
        ck_assert_int_eq(severity_of(&world, place), SEVERITY_MEDIUM);
        world_close(&world);
}
END_TEST

START_TEST(critical_stays_critical_and_many_reports_of_what_is_permitted_are_not_high)
{
        static const char *const ids[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
        World world;

        world_open(&world);
        registry(&world, permit("118", 0, DAY));
        for (int i = 0; i < 8; i++)
                world_report(&world, banner(ids[i], 10 + i));
        ck_assert_uint_eq(world_incident(&world)->reports, 8);
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_MEDIUM);
        Report report = banner("z", 30);
        EventValue value = world_value(world.arena, &report);
        value.event.severity = SEVERITY_CRITICAL;
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_CRITICAL);
        world_close(&world);
}
END_TEST

START_TEST(a_row_that_comes_later_or_is_taken_back_shows_a_new_version)
{
        World world;

        world_open(&world);
        world_report(&world, (Report){ .source_id = "other", .east_m = 700, .accuracy_m = 5 });
        const Incident *other = world_incident(&world);
        const int32_t version = other->version;
        world_report(&world, banner("a", 10));
        const Incident *incident = world_incident(&world);
        registry(&world, permit("118", 20, DAY));
        ck_assert_int_eq(incident->severity, SEVERITY_LOW);
        ck_assert_str_eq(world_change(&world), "updated");
        const Changes *changes = zone_changes(world.zone);
        ck_assert_str_eq(changes->versions[changes->versions_size - 1].cause, "p13::118:20");
        Row older = permit("118", 15, DAY), back = permit("118", 30, DAY);
        older.state = STATE_VOID;
        back.state = STATE_VOID;
        registry(&world, older);
        ck_assert_int_eq(incident->severity, SEVERITY_LOW);
        registry(&world, back);
        ck_assert_int_eq(incident->severity, SEVERITY_MEDIUM);
        ck_assert_ptr_null(incident->registry_subject);
        ck_assert_int_eq(other->version, version);
        /* what leaves its end out has the last one */
        Row again = permit("118", 40, 0);
        registry(&world, again);
        ck_assert_int_eq(incident->severity, SEVERITY_LOW);
        Report lapsed = banner("b", DAY + 1);
        ck_assert_int_eq(severity_of(&world, lapsed), SEVERITY_HIGH);
        world_close(&world);
}
END_TEST

START_TEST(what_is_linked_to_a_permit_needs_no_place)
{
        World world;

        world_open(&world);
        Row row = permit("118", 0, HOUR);
        row.accuracy_m = 0;
        registry(&world, row);
        Report report = banner("118/expiry", HOUR);
        report.accuracy_m = 0;
        EventValue value = world_value(world.arena, &report);
        event_add_link(&value.event, "permit", "p13::118");
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_HIGH);
        report = banner("unlinked", HOUR);
        report.accuracy_m = 0;
        ck_assert_int_eq(severity_of(&world, report), SEVERITY_MEDIUM);
        world_close(&world);
}
END_TEST

/* ---- stalls ---- */

static void site_open(World *world, const char *hours)
{
        world_open(world);
        registry(world,
                 (Row){ .id = "site/9", .site = "site/9", .east_m = 10, .accuracy_m = 30, .description = hours });
        registry(world, (Row){ .id = "stall/417", .stall = "417", .site = "site/9", .to = DAY });
}

START_TEST(a_stall_is_licensed_within_its_sites_hours)
{
        /* of the day, in Shanghai, where the world's minutes begin at midnight */
        static const struct {
                const char *hours;
                int minute;
                EventSeverity severity;
        } cases[] = {
                { "17:00-23:00", 17 * HOUR, SEVERITY_LOW },         { "17:00-23:00", 17 * HOUR - 1, SEVERITY_MEDIUM },
                { "17:00-23:00", 23 * HOUR - 1, SEVERITY_LOW },     { "17:00-23:00", 23 * HOUR, SEVERITY_MEDIUM },
                { "18:00:00-02:00:00", HOUR, SEVERITY_LOW },        { "18:00:00-02:00:00", 2 * HOUR, SEVERITY_MEDIUM },
                { "18:00:00-24:00", 23 * HOUR + 59, SEVERITY_LOW }, { NULL, 4 * HOUR, SEVERITY_LOW },
                { "every evening", 4 * HOUR, SEVERITY_LOW },
        };

        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                World world;

                site_open(&world, cases[i].hours);
                ck_assert_msg(severity_of(&world, hawker("a", cases[i].minute)) == cases[i].severity, "case %zu", i);
                world_close(&world);
        }
}
END_TEST

/* What was permitted in the evening is not at night: the newest report says how it stands now. */
START_TEST(the_newest_report_decides_whether_it_is_permitted)
{
        World world;

        site_open(&world, "17:00-23:00");
        const char *one = world_report(&world, hawker("a", 18 * HOUR));
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_LOW);
        ck_assert_str_eq(world_report(&world, hawker("b", 23 * HOUR + 5)), one);
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_MEDIUM);
        ck_assert_int_eq(world_incident(&world)->registry, REGISTRY_OFF_HOURS);
        /* of one that may have been seen anywhere nothing is said: it changes nothing */
        Report wide = hawker("c", 18 * HOUR + DAY);
        wide.accuracy_m = 500;
        ck_assert_str_eq(world_report(&world, wide), one);
        ck_assert_int_eq(world_incident(&world)->registry, REGISTRY_OFF_HOURS);
        world_close(&world);
}
END_TEST

START_TEST(a_licence_that_ran_out_outweighs_the_site_that_is_open)
{
        World world;

        site_open(&world, "00:00-24:00");
        Report report = hawker("a", DAY + 1);
        EventValue value = world_value(world.arena, &report);
        event_add_object(&value.event, OBJECT_STALL, "417");
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_HIGH);
        ck_assert_str_eq(world_incident(&world)->registry_subject, "p13::stall/417");
        world_close(&world);
}
END_TEST

/* An inspector saw it at the site; the stall's own violation names the stall alone. */
static DecisionKind violation(World *world, const char *id, const char *stall)
{
        Report seen = {
                .source_id = "seen", .category = "E2119", .title = "摊位超出通道", .accuracy_m = 5, .east_m = 12
        };
        Report report = { .source_id = id, .platform = "p13", .category = "E2119", .title = "超出摊位" };

        seen.minute = report.minute = 18 * HOUR;
        world_report(world, seen);
        EventValue value = world_value(world->arena, &report);
        event_add_object(&value.event, OBJECT_STALL, stall);
        zone_apply(world->zone, &value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
        return world->decision.kind;
}

START_TEST(a_violation_stands_where_the_registry_puts_its_stall)
{
        World world;

        world_open(&world);
        ck_assert_int_eq(violation(&world, "88", "417"), DECISION_NEW);
        world_close(&world);
        site_open(&world, "17:00-23:00");
        ck_assert_int_eq(violation(&world, "88", "417"), DECISION_JOIN);
        ck_assert(world.decision.choice.placed);
        ck_assert_int_eq(world.decision.member->accuracy_cm, 3000);
        ck_assert_int_eq(world.decision.member->point.lon, geo_point(world_lon(10), 0).lon);
        /* its severity is not the registry's to lower: who has a stall may still go beyond it */
        ck_assert_int_eq(world_incident(&world)->severity, SEVERITY_MEDIUM);
        world_close(&world);
        site_open(&world, "17:00-23:00");
        ck_assert_int_eq(violation(&world, "89", "999"), DECISION_NEW);
        ck_assert(!world.decision.choice.placed);
        world_close(&world);
}
END_TEST

START_TEST(a_place_that_was_told_stays)
{
        World world;

        site_open(&world, NULL);
        Report report = { .source_id = "x", .category = "E2119", .title = "超出摊位", .accuracy_m = 5, .east_m = 900 };
        EventValue value = world_value(world.arena, &report);
        event_add_object(&value.event, OBJECT_STALL, "417");
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        const GeoPoint told = world.decision.member->point;
        report.revision = "2";
        report.accuracy_m = 0;
        report.updated_minute = 5;
        value = world_value(world.arena, &report);
        event_add_object(&value.event, OBJECT_STALL, "417");
        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
        ck_assert_int_eq(world.decision.member->point.lon, told.lon);
        ck_assert_int_eq(told.lon, geo_point(world_lon(900), 0).lon);
        world_close(&world);
}
END_TEST

/* ---- keeping ---- */

static bool forgotten(const World *world, const char *subject)
{
        const Changes *changes = zone_changes(world->zone);

        for (size_t i = 0; i < changes->contexts_size; i++)
                if (!changes->contexts[i].row && text_same(changes->contexts[i].subject, subject))
                        return true;
        return false;
}

START_TEST(what_ran_out_long_ago_is_forgotten_and_what_nobody_minds_never_kept)
{
        World world;

        world_open(&world);
        registry(&world, permit("118", 0, DAY));
        registry(&world, permit("endless", 0, 0));
        registry(&world, (Row){ .id = "other", .category = "E2199", .site = "x" });
        ck_assert_uint_eq(zone_changes(world.zone)->contexts_size, 2);
        world_report(&world, banner("a", 31 * DAY - 1));
        ck_assert(!forgotten(&world, "p13::118"));
        world_report(&world, banner("b", 32 * DAY));
        ck_assert(forgotten(&world, "p13::118"));
        world_report(&world, banner("c", 400 * DAY));
        ck_assert(!forgotten(&world, "p13::endless"));
        world_close(&world);
}
END_TEST

static EventValue entry(World *world, uint64_t *seed, size_t i)
{
        static const char *const categories[] = { "E0202", "E0501", "E2119" };
        const unsigned subject = world_random(seed) % 60, kind = world_random(seed) % 12;
        const int minute = (int)i * 97;
        Report report = { .source_id = arena_format(world->arena, "s%u", subject),
                          .revision = arena_format(world->arena, "%zu", i),
                          .category = categories[subject % 3],
                          .east_m = subject % 11 * 20,
                          .accuracy_m = subject % 4 ? 5 : 0,
                          .minute = minute,
                          .updated_minute = minute + 1,
                          .state = kind == 0 ? STATE_CLOSED : STATE_PROCESSING };
        const Row row = { .id = arena_format(world->arena, "r%u", subject % 20),
                          .category = subject % 2 ? "E2117" : "E2119",
                          .stall = subject % 2 ? NULL : arena_format(world->arena, "%u", subject % 7),
                          .site = arena_format(world->arena, "site/%u", subject % 3),
                          .description = subject % 3 ? "17:00-02:00" : NULL,
                          .east_m = subject % 11 * 20,
                          .accuracy_m = subject % 5 ? 30 : 0,
                          .minute = minute,
                          .from = minute - DAY,
                          .to = subject % 4 ? minute + 2 * DAY : 0,
                          .state = kind == 1 ? STATE_VOID : STATE_FILED };

        if (kind % 3 == 1)
                return row_value(world->arena, &row);
        EventValue value = world_value(world->arena, &report);
        if (subject % 3 == 2)
                event_add_object(&value.event, OBJECT_STALL, arena_format(world->arena, "%u", subject % 7));
        return value;
}

static void log_run(World *world, Rows *rows, size_t reload_every, Buffer *out)
{
        uint64_t seed = 11;
        size_t seen = 0;
        Error err = { 0 };

        for (size_t i = 0; i < 500; i++) {
                const EventValue value = entry(world, &seed, i);
                const Changes *changes;

                ck_assert_msg(rows_fetch(rows, world->zone, &value, &err), "%s", err.text);
                zone_apply(world->zone, &value, (LogPosition){ 0, (int64_t)i }, false, &world->decision);
                decision_write(out, &value, &world->decision);
                for (changes = zone_changes(world->zone); seen < changes->versions_size; seen++)
                        buffer_format(out, "%s\n", changes->versions[seen].payload);
                if (!reload_every || (i + 1) % reload_every)
                        continue;
                rows_save(rows, world->zone);
                zone_committed(world->zone);
                zone_free(world->zone);
                world->zone = zone_new("350206", world->rules, 1);
                ck_assert_msg(rows_load(rows, world->zone, &err), "%s", err.text);
                seen = 0;
        }
}

START_TEST(reloading_changes_nothing)
{
        const size_t every[] = { 0, 1, 7, 100 };
        Buffer expected = { 0 };

        for (size_t i = 0; i < sizeof every / sizeof *every; i++) {
                Buffer out = { 0 };
                World world;
                Rows *rows = rows_new();

                world_open(&world);
                log_run(&world, rows, every[i], &out);
                if (i == 0)
                        expected = out;
                else
                        ck_assert_str_eq(out.bytes, expected.bytes);
                rows_free(rows);
                world_close(&world);
                if (i > 0)
                        buffer_free(&out);
        }
        ck_assert_ptr_nonnull(strstr(expected.bytes, "\"in_force\""));
        ck_assert_ptr_nonnull(strstr(expected.bytes, "\"lapsed\""));
        ck_assert_ptr_nonnull(strstr(expected.bytes, "\"place\""));
        buffer_free(&expected);
}
END_TEST

/* hub learn writes the whole file anew: what a registry permits is not lost. */
START_TEST(written_rules_say_still_which_registry_permits_what)
{
        char path[] = "/tmp/rules-XXXXXX";
        Buffer text = { 0 };
        Error err = { 0 };
        World world;

        world_open(&world);
        rules_write(&text, world.rules);
        const int file = mkstemp(path);
        ck_assert_int_eq(write(file, text.bytes, text.size), (ssize_t)text.size);
        close(file);
        Rules *again = rules_load(path, &err);
        ck_assert_msg(again != NULL, "%s", err.text);
        unlink(path);
        ck_assert_str_eq(rules_category(again, "E0202")->registry, "E2117");
        ck_assert_str_eq(rules_category(again, "E0501")->registry, "E2119");
        ck_assert_str_eq(rules_category(again, "E0504")->registry, "");
        ck_assert(rules_heed(again, "E2117") && !rules_heed(again, "E0202"));
        rules_free(again);
        buffer_free(&text);
        world_close(&world);
}
END_TEST

RUN("zone_context", a_permit_in_force_makes_a_banner_less_grave_and_one_that_ran_out_graver,
    what_is_elsewhere_of_another_kind_or_not_granted_permits_nothing,
    critical_stays_critical_and_many_reports_of_what_is_permitted_are_not_high,
    a_row_that_comes_later_or_is_taken_back_shows_a_new_version, what_is_linked_to_a_permit_needs_no_place,
    a_stall_is_licensed_within_its_sites_hours, the_newest_report_decides_whether_it_is_permitted,
    a_licence_that_ran_out_outweighs_the_site_that_is_open, a_violation_stands_where_the_registry_puts_its_stall,
    a_place_that_was_told_stays, what_ran_out_long_ago_is_forgotten_and_what_nobody_minds_never_kept,
    reloading_changes_nothing, written_rules_say_still_which_registry_permits_what)
