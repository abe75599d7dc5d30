/* What a zone holds in memory, and what it lets go. */

#include "hub/zone/rows.h"
#include "hub/zone/zone.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

/* Memory is that of the candidates, whatever came before; a subject that speaks again brings its incident back. */
START_TEST(what_is_no_candidate_leaves_memory_at_the_next_commit)
{
        Error err = { 0 };
        World world;
        Rows *rows = rows_new();

        world_open(&world);
        const Report report = { .source_id = "a", .category = "E0505", .accuracy_m = 5 };
        const char *one = world_report(&world, report);
        rows_save(rows, world.zone);
        zone_committed(world.zone);
        ck_assert_uint_eq(zone_incidents(world.zone), 1);
        world_report(&world, (Report){ .source_id = "b", .east_m = 900, .accuracy_m = 5, .minute = 25 * 60 });
        ck_assert_uint_eq(zone_incidents(world.zone), 2);
        rows_save(rows, world.zone);
        zone_committed(world.zone);
        ck_assert_uint_eq(zone_incidents(world.zone), 1);
        Report again = report;
        again.revision = "2";
        again.updated_minute = 26 * 60;
        const EventValue value = world_value(world.arena, &again);
        ck_assert_msg(rows_fetch(rows, world.zone, &value, &err), "%s", err.text);
        ck_assert_str_eq(world_report(&world, again), one);
        rows_save(rows, world.zone);
        zone_committed(world.zone);
        ck_assert_uint_eq(zone_incidents(world.zone), 2);
        rows_free(rows);
        world_close(&world);
}
END_TEST

/* Who decides the next batch while this one is written must not fetch what it changed and memory forgot. */
START_TEST(a_batch_that_changed_what_it_forgets_says_so)
{
        const Report one = { .source_id = "a", .category = "E0505", .accuracy_m = 5 };
        const Report later = { .source_id = "b", .east_m = 900, .accuracy_m = 5, .minute = 25 * 60 };
        World world;

        world_open(&world);
        world_report(&world, one);
        ck_assert(!zone_forgets_changes(world.zone));
        zone_committed(world.zone);
        world_report(&world, later);
        ck_assert(!zone_forgets_changes(world.zone)); /* it goes, and is as it was stored */
        world_close(&world);
        world_open(&world);
        world_report(&world, one);
        world_report(&world, later);
        ck_assert(zone_forgets_changes(world.zone));
        zone_committed(world.zone);
        ck_assert(!zone_forgets_changes(world.zone));
        world_close(&world);
}
END_TEST

static size_t with_text(const Incident *incident)
{
        size_t count = 0;

        for (size_t i = 0; i < incident->members_size; i++)
                count += incident->members[i]->wording.all.size > 0;
        return count;
}

/* However many tell of one problem, memory and rows hold the texts of those alone that newcomers are compared with. */
START_TEST(an_incident_keeps_the_texts_of_eight)
{
        Error err = { 0 };
        Report report = { .accuracy_m = 5, .description = "店铺把桌子摆到人行道" };
        World world;
        Rows *rows = rows_new();

        world_open(&world);
        for (report.minute = 0; report.minute < 12; report.minute++) {
                report.source_id = arena_format(world.arena, "s%d", report.minute);
                world_report(&world, report);
        }
        const Incident *incident = world_incident(&world);
        ck_assert_uint_eq(incident->members_size, 12);
        ck_assert_uint_eq(with_text(incident), 8);
        ck_assert(incident->members[0]->wording.all.size > 0);
        ck_assert(incident->members[11]->wording.all.size > 0);
        ck_assert_uint_eq(incident->members[1]->wording.all.size, 0);
        ck_assert(incident->members[1]->wording.rares_size > 0);
        ck_assert_msg(rows_renew(rows, world.zone, &err), "%s", err.text);
        report.source_id = "s1";
        report.minute = 1;
        report.revision = "2";
        report.updated_minute = 20;
        world_report(&world, report);
        ck_assert_uint_eq(world_incident(&world)->members_size, 12);
        ck_assert_uint_eq(with_text(world_incident(&world)), 8);
        rows_free(rows);
        world_close(&world);
}
END_TEST

RUN("zone_memory", what_is_no_candidate_leaves_memory_at_the_next_commit, a_batch_that_changed_what_it_forgets_says_so,
    an_incident_keeps_the_texts_of_eight)
