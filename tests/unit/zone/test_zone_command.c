#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/zone/zone.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

#include <stdlib.h>

/* Two incidents: a and b in one, far away c in another. */
typedef struct {
        World world;
        const char *one, *two;
} Pair;

static void scene_open(Pair *scene)
{
        world_open(&scene->world);
        scene->one = world_report(&scene->world, (Report){ .source_id = "a", .accuracy_m = 5 });
        world_report(&scene->world, (Report){ .source_id = "b", .accuracy_m = 5, .minute = 5 });
        scene->two =
                world_report(&scene->world, (Report){ .source_id = "c", .east_m = 900, .accuracy_m = 5, .minute = 9 });
        ck_assert_str_ne(scene->one, scene->two);
}

static const char *give(Pair *scene, const char *verb, const char *first, const char *second, Command with)
{
        EventValue value = { .kind = KIND_COMMAND, .zone = "350206", .command = with };

        value.id = value.command.id = arena_format(scene->world.arena, "cmd:%lld", (long long)scene->world.offset);
        value.command.zone = value.zone;
        value.command.verb = verb;
        value.command.by = with.by ? with.by : "user:lin";
        value.command.at = with.at ? with.at : WORLD_START + 3600000;
        if (first)
                value.command.events[value.command.events_size++] = first;
        if (second)
                value.command.events[value.command.events_size++] = second;
        zone_apply(scene->world.zone, &value, (LogPosition){ 0, scene->world.offset++ }, false, &scene->world.decision);
        return scene->world.decision.refusal;
}

START_TEST(merge_moves_all_and_leaves_a_redirect)
{
        Pair scene;

        scene_open(&scene);
        ck_assert_ptr_null(give(&scene, "merge", "p01::c:1", "p01::b:1", (Command){ 0 }));
        ck_assert_str_eq(scene.world.decision.incident->id, scene.two);
        ck_assert_uint_eq(scene.world.decision.moved_size, 2);
        ck_assert_uint_eq(scene.world.decision.incident->reports, 3);
        const Changes *changes = zone_changes(scene.world.zone);
        bool redirect = false;
        for (size_t i = 0; i < changes->versions_size; i++)
                redirect = redirect || (strstr(changes->versions[i].payload, "\"merged_into\"") &&
                                        text_same(changes->versions[i].change, "merged"));
        ck_assert(redirect);
        /* whoever speaks again speaks of the survivor */
        const char *again = world_report(
                &scene.world, (Report){ .source_id = "a", .revision = "2", .accuracy_m = 5, .updated_minute = 90 });
        ck_assert_str_eq(again, scene.two);
        world_close(&scene.world);
}
END_TEST

START_TEST(split_is_remembered_against_a_later_merge)
{
        Pair scene;

        scene_open(&scene);
        ck_assert_ptr_null(give(&scene, "split", "p01::b:1", NULL, (Command){ 0 }));
        ck_assert_str_ne(scene.world.decision.incident->id, scene.one);
        ck_assert_uint_eq(scene.world.decision.incident->reports, 1);
        ck_assert_uint_eq(zone_changes(scene.world.zone)->pairs_size, 1);
        ck_assert_ptr_nonnull(give(&scene, "merge", "p01::a:1", "p01::b:1", (Command){ 0 }));
        world_close(&scene.world);
}
END_TEST

START_TEST(what_was_called_apart_is_never_merged_until_that_is_undone)
{
        Pair scene;

        scene_open(&scene);
        ck_assert_ptr_nonnull(strstr(give(&scene, "apart", "p01::a:1", "p01::b:1", (Command){ 0 }), "one incident"));
        ck_assert_ptr_nonnull(strstr(give(&scene, "apart", "p01::a:1", NULL, (Command){ 0 }), "two incidents"));
        ck_assert_ptr_null(give(&scene, "apart", "p01::c:1", "p01::b:1", (Command){ 0 }));
        const char *apart = arena_format(scene.world.arena, "cmd:%lld", (long long)scene.world.offset - 1);
        ck_assert_uint_eq(zone_changes(scene.world.zone)->pairs_size, 2);
        ck_assert_ptr_nonnull(strstr(give(&scene, "merge", "p01::a:1", "p01::c:1", (Command){ 0 }), "was split"));
        ck_assert_ptr_null(give(&scene, "undo", NULL, NULL, (Command){ .args_command = apart }));
        ck_assert_ptr_null(give(&scene, "merge", "p01::a:1", "p01::c:1", (Command){ 0 }));
        world_close(&scene.world);
}
END_TEST

/* Two reports just so far from each other that the second's incident suggests the first's. */
static void scene_suggests(Pair *scene)
{
        for (int metres = 5; metres < 400; metres += 5) {
                world_open(&scene->world);
                scene->one = world_report(&scene->world, (Report){ .source_id = "a", .accuracy_m = 5 });
                scene->two =
                        world_report(&scene->world, (Report){ .source_id = "b", .accuracy_m = 5, .east_m = metres });
                if (scene->world.decision.choice.suggested_size == 1)
                        return;
                world_close(&scene->world);
        }
        ck_abort_msg("nothing is suggested at any distance");
}

START_TEST(what_was_called_apart_is_suggested_no_more)
{
        Pair scene;

        scene_suggests(&scene);
        ck_assert_ptr_null(give(&scene, "note", "p01::b:1", NULL, (Command){ 0 }));
        ck_assert_uint_eq(scene.world.decision.incident->suggested_size, 1);
        ck_assert_ptr_null(give(&scene, "apart", "p01::a:1", "p01::b:1", (Command){ 0 }));
        const Changes *changes = zone_changes(scene.world.zone);
        const VersionChange *told = &changes->versions[changes->versions_size - 1];
        ck_assert_str_eq(told->change, "updated");
        ck_assert_ptr_nonnull(strstr(told->payload, scene.two));
        ck_assert_ptr_null(strstr(told->payload, "\"suggested\""));
        world_close(&scene.world);
}
END_TEST

START_TEST(what_makes_no_sense_is_refused_with_a_reason)
{
        Pair scene;

        scene_open(&scene);
        ck_assert_str_eq(give(&scene, "merge", "p01::a:1", "p01::zzz:1", (Command){ 0 }), "unknown event p01::zzz:1");
        ck_assert_ptr_nonnull(
                strstr(give(&scene, "merge", "p01::a:1", "p01::b:1", (Command){ 0 }), "one incident already"));
        ck_assert_ptr_nonnull(strstr(give(&scene, "split", "p01::c:1", NULL, (Command){ 0 }), "nothing would stay"));
        ck_assert_ptr_nonnull(strstr(give(&scene, "dance", "p01::c:1", NULL, (Command){ 0 }), "dance"));
        ck_assert_uint_eq(zone_changes(scene.world.zone)->commands_size, 4);
        world_close(&scene.world);
}
END_TEST

START_TEST(expected_is_checked_only_under_the_rules_that_were_seen)
{
        Pair scene;

        scene_open(&scene);
        const char *rules = rules_version(scene.world.rules);
        const Command stale = { .expected_incident = scene.one, .expected_version = 99, .expected_rules = rules };
        const Command other = { .expected_incident = scene.one, .expected_version = 99, .expected_rules = "another" };
        ck_assert_ptr_nonnull(strstr(give(&scene, "close", "p01::a:1", NULL, stale), "stale"));
        ck_assert_ptr_null(give(&scene, "close", "p01::a:1", NULL, other));
        Command undo = stale;
        undo.args_command = arena_format(scene.world.arena, "cmd:%lld", (long long)scene.world.offset - 1);
        ck_assert_ptr_nonnull(strstr(give(&scene, "undo", "p01::a:1", NULL, undo), "stale"));
        undo.expected_version = 3; /* opened, joined, closed */
        ck_assert_ptr_null(give(&scene, "undo", "p01::a:1", NULL, undo));
        world_close(&scene.world);
}
END_TEST

START_TEST(an_operators_closing_shuts_until_the_case_speaks_again)
{
        Pair scene;

        scene_open(&scene);
        ck_assert_ptr_null(give(&scene, "close", "p01::a:1", NULL, (Command){ 0 }));
        ck_assert_int_eq(scene.world.decision.incident->state, STATE_CLOSED);
        ck_assert_str_eq(world_change(&scene.world), "closed");
        const char *next = world_report(&scene.world, (Report){ .source_id = "d", .accuracy_m = 5, .minute = 90 });
        ck_assert_str_ne(next, scene.one);
        world_close(&scene.world);
}
END_TEST

START_TEST(progress_is_told_step_by_step)
{
        static const struct {
                const char *verb;
                EventState state;
                const char *change;
        } steps[] = { { "confirm", STATE_FILED, "updated" },
                      { "dispatch", STATE_DISPATCHED, "assigned" },
                      { "dispose", STATE_PROCESSING, "updated" },
                      { "verify", STATE_VERIFYING, "updated" },
                      { "close", STATE_CLOSED, "closed" } };
        Pair scene;

        scene_open(&scene);
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
                ck_assert_ptr_null(give(&scene, steps[i].verb, "p01::a:1", NULL, (Command){ 0 }));
                ck_assert_int_eq(scene.world.decision.incident->state, steps[i].state);
                ck_assert_str_eq(world_change(&scene.world), steps[i].change);
        }
        ck_assert_ptr_nonnull(strstr(give(&scene, "dispose", "p01::a:1", NULL, (Command){ 0 }), "closed already"));
        world_close(&scene.world);
}
END_TEST

START_TEST(who_is_to_act_is_remembered_until_another_is_named)
{
        Pair scene;

        scene_open(&scene);
        ck_assert_ptr_null(give(&scene, "assign", "p01::a:1", NULL, (Command){ .args_org = "禾山中队" }));
        ck_assert_str_eq(scene.world.decision.incident->assigned, "禾山中队");
        ck_assert_str_eq(world_change(&scene.world), "assigned");
        ck_assert_ptr_null(give(&scene, "dispatch", "p01::a:1", NULL, (Command){ 0 }));
        ck_assert_str_eq(scene.world.decision.incident->assigned, "禾山中队");
        ck_assert_ptr_null(give(&scene, "assign", "p01::b:1", NULL, (Command){ .args_org = "江头中队" }));
        ck_assert_str_eq(scene.world.decision.incident->assigned, "江头中队");
        const char *last = arena_format(scene.world.arena, "cmd:%lld", (long long)scene.world.offset - 1);
        ck_assert_ptr_null(give(&scene, "undo", "p01::a:1", NULL, (Command){ .args_command = last }));
        ck_assert_str_eq(scene.world.decision.incident->assigned, "禾山中队");
        char *const longer = text_format("%0300d", 1);
        ck_assert_ptr_nonnull(give(&scene, "assign", "p01::a:1", NULL, (Command){ .args_org = longer }));
        free(longer);
        world_close(&scene.world);
}
END_TEST

/* The newest version's assigned_to, as JSON with its members in order; NULL: none. In the arena. */
static const char *shown_assigned(Pair *scene)
{
        const Changes *changes = zone_changes(scene->world.zone);
        Error err = { 0 };
        const char *payload = changes->versions[changes->versions_size - 1].payload;
        CLEANUP(json_drop) json_t *shown = json_read_typed(payload, strlen(payload), &err);
        char *text = json_dumps(json_at(shown, "assigned_to"), JSON_COMPACT);
        const char *copy = text ? arena_format(scene->world.arena, "%s", text) : NULL;

        free(text);
        return copy;
}

START_TEST(whom_it_was_given_to_is_in_the_version)
{
        Pair scene;
        const Command first = { .args_org = "禾山中队", .by = "user:lin", .at = 1701738000000 };
        const Command same = { .args_org = "禾山中队", .by = "user:chen", .at = 1701738060000 };

        scene_open(&scene);
        ck_assert_ptr_null(give(&scene, "assign", "p01::a:1", NULL, (Command){ 0 }));
        ck_assert_ptr_null(shown_assigned(&scene)); /* to nobody by name */
        ck_assert_ptr_null(give(&scene, "assign", "p01::a:1", NULL, first));
        ck_assert_str_eq(shown_assigned(&scene),
                         "{\"org\":\"禾山中队\",\"by\":\"user:lin\",\"at\":\"2023-12-05T01:00:00.000Z\"}");
        const int32_t version = scene.world.decision.incident->version;
        ck_assert_ptr_null(give(&scene, "assign", "p01::a:1", NULL, same)); /* again, by another: a version */
        ck_assert_int_eq(scene.world.decision.incident->version, version + 1);
        ck_assert_str_eq(shown_assigned(&scene),
                         "{\"org\":\"禾山中队\",\"by\":\"user:chen\",\"at\":\"2023-12-05T01:01:00.000Z\"}");
        const char *last = arena_format(scene.world.arena, "cmd:%lld", (long long)scene.world.offset - 1);
        ck_assert_ptr_null(give(&scene, "undo", "p01::a:1", NULL, (Command){ .args_command = last }));
        ck_assert_str_eq(shown_assigned(&scene),
                         "{\"org\":\"禾山中队\",\"by\":\"user:lin\",\"at\":\"2023-12-05T01:00:00.000Z\"}");
        world_close(&scene.world);
}
END_TEST

START_TEST(what_was_confirmed_is_doubtful_again_when_that_is_undone)
{
        Pair scene;

        scene_open(&scene);
        world_report(&scene.world, (Report){ .source_id = "b",
                                             .revision = "2",
                                             .east_m = 2000,
                                             .accuracy_m = 5,
                                             .minute = 5,
                                             .updated_minute = 9 });
        const Incident *incident = scene.world.decision.incident;
        ck_assert(incident->members[1]->doubtful);
        ck_assert_ptr_null(give(&scene, "confirm", "p01::b:1", NULL, (Command){ 0 }));
        ck_assert(!incident->members[1]->doubtful);
        const char *last = arena_format(scene.world.arena, "cmd:%lld", (long long)scene.world.offset - 1);
        ck_assert_ptr_null(give(&scene, "undo", "p01::b:1", NULL, (Command){ .args_command = last }));
        ck_assert(incident->members[1]->doubtful);
        world_close(&scene.world);
}
END_TEST

START_TEST(what_an_operator_reopened_takes_reports_until_the_next_closing)
{
        Pair scene;
        Report closing = { .source_id = "a",
                           .revision = "2",
                           .accuracy_m = 5,
                           .updated_minute = 20,
                           .state = STATE_CLOSED,
                           .outcome = OUTCOME_DONE };
        Report other = closing;

        scene_open(&scene);
        ck_assert_ptr_nonnull(strstr(give(&scene, "reopen", "p01::a:1", NULL, (Command){ 0 }), "is not closed"));
        world_report(&scene.world, closing);
        other.source_id = "b";
        world_report(&scene.world, other);
        ck_assert_int_eq(world_incident(&scene.world)->state, STATE_CLOSED);
        ck_assert_ptr_null(give(&scene, "reopen", "p01::a:1", NULL, (Command){ 0 }));
        ck_assert_str_eq(world_change(&scene.world), "reopened");
        ck_assert_int_eq(scene.world.decision.incident->closed, TIME_NONE);
        const char *next = world_report(&scene.world, (Report){ .source_id = "d", .accuracy_m = 5, .minute = 90 });
        ck_assert_str_eq(next, scene.one);
        closing.revision = "3";
        closing.updated_minute = 120;
        world_report(&scene.world, closing);
        ck_assert_str_ne(world_report(&scene.world, (Report){ .source_id = "e", .accuracy_m = 5, .minute = 130 }),
                         scene.one);
        world_close(&scene.world);
}
END_TEST

START_TEST(a_rejected_incident_is_cancelled_and_a_note_changes_nothing)
{
        Pair scene;

        scene_open(&scene);
        const size_t versions = zone_changes(scene.world.zone)->versions_size;
        ck_assert_ptr_null(give(&scene, "note", "p01::a:1", NULL, (Command){ 0 }));
        ck_assert_uint_eq(zone_changes(scene.world.zone)->versions_size, versions);
        ck_assert_ptr_null(give(&scene, "reject", "p01::a:1", NULL, (Command){ 0 }));
        ck_assert_int_eq(scene.world.decision.incident->state, STATE_REJECTED);
        ck_assert_str_eq(world_change(&scene.world), "cancelled");
        const char *next = world_report(&scene.world, (Report){ .source_id = "d", .accuracy_m = 5, .minute = 90 });
        ck_assert_str_ne(next, scene.one);
        world_close(&scene.world);
}
END_TEST

RUN("zone_command", whom_it_was_given_to_is_in_the_version, what_was_confirmed_is_doubtful_again_when_that_is_undone,
    merge_moves_all_and_leaves_a_redirect, split_is_remembered_against_a_later_merge,
    what_was_called_apart_is_never_merged_until_that_is_undone, what_was_called_apart_is_suggested_no_more,
    what_makes_no_sense_is_refused_with_a_reason, expected_is_checked_only_under_the_rules_that_were_seen,
    an_operators_closing_shuts_until_the_case_speaks_again, progress_is_told_step_by_step,
    who_is_to_act_is_remembered_until_another_is_named, what_an_operator_reopened_takes_reports_until_the_next_closing,
    a_rejected_incident_is_cancelled_and_a_note_changes_nothing)
