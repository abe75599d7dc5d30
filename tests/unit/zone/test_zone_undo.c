/* Undo: of a merge, a split, a closing; in memory, and over rows in between. */

#include "hub/zone/rows.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

typedef struct {
        World world;
        Rows *rows;
        bool restarts; /* after each entry a new zone goes on from the rows */
        const char *one, *two, *command;
        size_t moved, links, ends; /* of the last command */
} Scenery;

static void restart(Scenery *scene)
{
        Error err = { 0 };

        rows_save(scene->rows, scene->world.zone);
        zone_committed(scene->world.zone);
        if (!scene->restarts)
                return;
        zone_free(scene->world.zone);
        scene->world.zone = zone_new("350206", scene->world.rules, 1);
        ck_assert(rows_load(scene->rows, scene->world.zone, &err));
}

static const char *report(Scenery *scene, Report report)
{
        const EventValue value = world_value(scene->world.arena, &report);
        Error err = { 0 };

        ck_assert(rows_fetch(scene->rows, scene->world.zone, &value, &err));
        const char *id = world_report(&scene->world, report);
        restart(scene);
        return id;
}

static const char *again(Scenery *scene, const char *source, const char *revision)
{
        return report(scene,
                      (Report){ .source_id = source, .revision = revision, .accuracy_m = 5, .updated_minute = 90 });
}

static const char *give(Scenery *scene, const char *verb, const char *first, const char *second, const char *undone)
{
        World *world = &scene->world;
        EventValue value = { .kind = KIND_COMMAND, .zone = "350206" };
        Error err = { 0 };

        value.id = value.command.id = arena_format(world->arena, "cmd:%lld", (long long)world->offset);
        value.command.zone = value.zone;
        value.command.verb = verb;
        value.command.by = "user:lin";
        value.command.at = WORLD_START + 3600000;
        value.command.args_command = undone;
        if (first)
                value.command.events[value.command.events_size++] = first;
        if (second)
                value.command.events[value.command.events_size++] = second;
        ck_assert(rows_fetch(scene->rows, world->zone, &value, &err));
        zone_apply(world->zone, &value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
        const char *refusal = world->decision.refusal;
        refusal = refusal ? arena_format(world->arena, "%s", refusal) : NULL;
        if (!undone)
                scene->command = value.id;
        scene->moved = world->decision.moved_size;
        scene->links = zone_changes(world->zone)->links_size;
        scene->ends = zone_changes(world->zone)->ends_size;
        restart(scene);
        return refusal;
}

static void open_scene(Scenery *scene, int restarts)
{
        *scene = (Scenery){ .rows = rows_new(), .restarts = restarts != 0 };
        world_open(&scene->world);
        scene->one = report(scene, (Report){ .source_id = "a", .accuracy_m = 5 });
        ck_assert_str_eq(report(scene, (Report){ .source_id = "b", .accuracy_m = 5, .minute = 5 }), scene->one);
        scene->two = report(scene, (Report){ .source_id = "c", .east_m = 900, .accuracy_m = 5, .minute = 9 });
        ck_assert_str_ne(scene->one, scene->two);
}

static void close_scene(Scenery *scene)
{
        world_close(&scene->world);
        rows_free(scene->rows);
}

/* Whoever moved has one link that lives: the old one ended, one was made. */
static void links_check(const Scenery *scene, size_t moved)
{
        ck_assert_uint_eq(scene->moved, moved);
        ck_assert_uint_eq(scene->ends, moved);
        ck_assert_uint_eq(scene->links, moved);
}

START_TEST(a_merge_undone_revives_the_old_id_and_later_joiners_stay)
{
        for (int restarts = 0; restarts < 2; restarts++) {
                Scenery scene;

                open_scene(&scene, restarts);
                const char *other = report(&scene, (Report){ .source_id = "e",
                                                             .east_m = 3,
                                                             .accuracy_m = 5,
                                                             .minute = 10,
                                                             .category = "E0101",
                                                             .title = "井盖破损" });
                ck_assert_str_ne(other, scene.one);
                ck_assert_ptr_null(give(&scene, "merge", "p01::a:1", "p01::e:1", NULL));
                const char *merge = scene.command;
                ck_assert_str_eq(report(&scene, (Report){ .source_id = "d", .accuracy_m = 5, .minute = 20 }),
                                 scene.one);
                ck_assert_ptr_null(give(&scene, "undo", NULL, NULL, merge));
                links_check(&scene, 1);
                ck_assert_str_eq(again(&scene, "e", "2"), other);
                ck_assert_str_eq(again(&scene, "d", "2"), scene.one);
                ck_assert_str_eq(again(&scene, "b", "2"), scene.one);
                ck_assert_ptr_nonnull(strstr(give(&scene, "undo", NULL, NULL, merge), "undone already"));
                close_scene(&scene);
        }
}
END_TEST

START_TEST(a_split_undone_is_one_incident_again)
{
        for (int restarts = 0; restarts < 2; restarts++) {
                Scenery scene;

                open_scene(&scene, restarts);
                ck_assert_ptr_null(give(&scene, "split", "p01::b:1", NULL, NULL));
                const char *split = scene.command;
                ck_assert_str_ne(again(&scene, "b", "2"), scene.one);
                ck_assert_ptr_null(give(&scene, "undo", NULL, NULL, split));
                links_check(&scene, 1);
                ck_assert_str_eq(again(&scene, "b", "3"), scene.one);
                ck_assert_ptr_null(give(&scene, "split", "p01::b:1", NULL, NULL));
                ck_assert_ptr_nonnull(strstr(give(&scene, "merge", "p01::a:1", "p01::b:1", NULL), "was split"));
                close_scene(&scene);
        }
}
END_TEST

START_TEST(a_split_undone_leaves_no_pair)
{
        for (int restarts = 0; restarts < 2; restarts++) {
                Scenery scene;

                open_scene(&scene, restarts);
                ck_assert_ptr_null(give(&scene, "merge", "p01::a:1", "p01::c:1", NULL));
                const char *merge = scene.command;
                ck_assert_ptr_null(give(&scene, "split", "p01::c:1", NULL, NULL));
                ck_assert_ptr_nonnull(strstr(give(&scene, "undo", NULL, NULL, merge), "stands there"));
                const char *split = arena_format(scene.world.arena, "cmd:%lld", (long long)scene.world.offset - 2);
                ck_assert_ptr_null(give(&scene, "undo", NULL, NULL, split));
                ck_assert_ptr_null(give(&scene, "undo", NULL, NULL, merge));
                ck_assert_ptr_null(give(&scene, "merge", "p01::a:1", "p01::c:1", NULL));
                close_scene(&scene);
        }
}
END_TEST

START_TEST(a_closing_undone_is_open_unless_more_was_said)
{
        for (int restarts = 0; restarts < 2; restarts++) {
                Scenery scene;

                open_scene(&scene, restarts);
                ck_assert_ptr_null(give(&scene, "dispatch", "p01::a:1", NULL, NULL));
                const char *dispatch = scene.command;
                ck_assert_ptr_null(give(&scene, "close", "p01::a:1", NULL, NULL));
                const char *closing = scene.command;
                ck_assert_ptr_nonnull(strstr(give(&scene, "undo", NULL, NULL, dispatch), "later"));
                ck_assert_ptr_null(give(&scene, "undo", NULL, NULL, closing));
                ck_assert_ptr_null(give(&scene, "undo", NULL, NULL, dispatch));
                again(&scene, "a", "2");
                ck_assert_ptr_null(give(&scene, "dispose", "p01::a:1", NULL, NULL)); /* it is open */
                close_scene(&scene);
        }
}
END_TEST

START_TEST(what_cannot_be_undone_is_refused)
{
        Scenery scene;

        open_scene(&scene, 0);
        ck_assert_ptr_nonnull(strstr(give(&scene, "undo", NULL, NULL, "cmd:none"), "cmd:none"));
        ck_assert_ptr_null(give(&scene, "note", "p01::a:1", NULL, NULL));
        ck_assert_ptr_nonnull(give(&scene, "undo", NULL, NULL, scene.command));
        ck_assert_ptr_nonnull(strstr(give(&scene, "undo", "p01::zzz:1", NULL, scene.command), "unknown event"));
        close_scene(&scene);
}
END_TEST

START_TEST(a_merge_that_names_a_subject_twice_pairs_it_with_no_other_self)
{
        Scenery scene;

        open_scene(&scene, 0);
        World *world = &scene.world;
        EventValue value = { .kind = KIND_COMMAND, .zone = "350206", .id = "cmd:x" };
        value.command = (Command){ .id = "cmd:x",
                                   .zone = "350206",
                                   .verb = "merge",
                                   .at = WORLD_START + 3600000,
                                   .events = { "p01::a:1", "p01::a:1", "p01::c:1" },
                                   .events_size = 3 };
        zone_apply(world->zone, &value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
        ck_assert_uint_eq(zone_changes(world->zone)->pairs_size, 1);
        close_scene(&scene);
}
END_TEST

RUN("zone_undo", a_merge_undone_revives_the_old_id_and_later_joiners_stay, a_split_undone_is_one_incident_again,
    a_split_undone_leaves_no_pair, a_closing_undone_is_open_unless_more_was_said, what_cannot_be_undone_is_refused,
    a_merge_that_names_a_subject_twice_pairs_it_with_no_other_self)
