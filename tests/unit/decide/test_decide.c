#include "hub/decide/decide.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

/* Two incidents at the same place and time, made one after the other by telling the zone that they are far apart in kind. */
typedef struct {
        World world;
        Incident *one, *other;
        Member *newcomer;
        double east_m; /* of one */
} Pair;

static Incident *incident_at(const World *world, const char *id, double east_m)
{
        Report report = { .source_id = id, .east_m = east_m, .accuracy_m = 5, .description = "桌子摆到人行道" };
        const EventValue value = world_value(world->arena, &report);
        Incident *incident = incident_new("350206", value.id, NULL, value.event.time.occurred);

        incident->touched = WORLD_START;
        incident_add(incident, member_new(&value.event, world->rules, NULL));
        incident_derive(incident);
        return incident;
}

static void scene_open(Pair *scene, double one_m, double other_m)
{
        Report report = { .source_id = "new", .accuracy_m = 5, .minute = 30, .description = "人行道摆桌子" };

        world_open(&scene->world);
        scene->east_m = one_m;
        scene->one = incident_at(&scene->world, "one", one_m);
        scene->other = incident_at(&scene->world, "other", other_m);
        const EventValue value = world_value(scene->world.arena, &report);
        scene->newcomer = member_new(&value.event, scene->world.rules, NULL);
}

static void scene_close(Pair *scene)
{
        incident_free(scene->one);
        incident_free(scene->other);
        member_free(scene->newcomer);
        world_close(&scene->world);
}

static void ask(const Pair *scene, bool swapped, Choice *choice)
{
        Incident *const near[] = { swapped ? scene->other : scene->one, swapped ? scene->one : scene->other };

        decide(rules_set(scene->world.rules), scene->newcomer, near, 2, NULL, NULL, choice);
}

START_TEST(ties_go_to_the_smaller_id_in_whatever_order)
{
        Pair scene;
        Choice forward, backward;

        scene_open(&scene, 3, 3);
        ask(&scene, false, &forward);
        ask(&scene, true, &backward);
        ck_assert_ptr_nonnull(forward.join);
        ck_assert_ptr_eq(forward.join, backward.join);
        ck_assert_ptr_eq(forward.join, strcmp(scene.one->id, scene.other->id) < 0 ? scene.one : scene.other);
        ck_assert_uint_eq(forward.refused_size, 1);
        scene_close(&scene);
}
END_TEST

START_TEST(three_bands)
{
        Pair scene;
        Choice choice;
        size_t joined = 0, suggested = 0, plain = 0;

        for (int metres = 2; metres < 200; metres += 2) {
                scene_open(&scene, metres, 5000);
                /* in other words: the distance alone makes the bands */
                wording_free(&scene.newcomer->wording);
                wording_make(&scene.newcomer->wording, NULL, "店家占地方", NULL, NULL);
                ask(&scene, false, &choice);
                const int32_t score = choice.score.mean.total;
                const RuleSet *rules = rules_set(scene.world.rules);

                joined += choice.join != NULL;
                suggested += choice.suggested_size > 0;
                plain += !choice.join && choice.suggested_size == 0;
                ck_assert_int_eq(choice.join != NULL, choice.compared && score >= rules->merge);
                ck_assert_int_eq(choice.suggested_size > 0,
                                 choice.compared && score >= rules->suggest && score < rules->merge);
                scene_close(&scene);
        }
        ck_assert_uint_gt(joined, 0);
        ck_assert_uint_gt(suggested, 0);
        ck_assert_uint_gt(plain, 0);
}
END_TEST

static void grow(Pair *scene, size_t reports)
{
        for (int i = 0; scene->one->reports < reports; i++) {
                Report report = { .source_id = arena_format(scene->world.arena, "m%d", i),
                                  .east_m = scene->east_m,
                                  .accuracy_m = 5,
                                  .description = "桌子摆到人行道" };
                const EventValue value = world_value(scene->world.arena, &report);
                Member *member = member_new(&value.event, scene->world.rules, NULL);

                member->number = i + 1;
                incident_add(scene->one, member);
                incident_derive(scene->one);
        }
}

/* One that has `members` reports is joined by what is surely the same, and suggested to what would have joined a smaller one. */
START_TEST(the_more_reports_the_more_is_asked_and_none_is_ever_full)
{
        enum { LIMIT = 4, STEP = 1000 };
        static const struct {
                size_t reports;
                int steps;
        } sizes[] = { { LIMIT - 1, 0 }, { LIMIT, 1 }, { 2 * LIMIT - 1, 1 }, { 2 * LIMIT, 2 }, { 4 * LIMIT, 3 } };

        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                size_t joined = 0, kept_out = 0;

                for (int metres = 3; metres < 63; metres += 3) {
                        Pair scene;
                        Choice choice;

                        scene_open(&scene, metres, 5000);
                        rules_edit_category(scene.world.rules, "E0504")->members = LIMIT;
                        rules_edit(scene.world.rules)->full = STEP;
                        scene.one->members[0]->rule = rules_category(scene.world.rules, "E0504");
                        grow(&scene, sizes[i].reports);
                        ask(&scene, false, &choice);
                        const RuleSet *rules = rules_set(scene.world.rules);
                        const int32_t score = choice.score.mean.total;
                        const bool joins = choice.compared && score >= rules->merge + STEP * sizes[i].steps;

                        ck_assert_int_eq(choice.join == scene.one, joins);
                        if (!joins && choice.compared && score >= rules->merge)
                                ck_assert_str_eq(choice.suggested[0].incident, scene.one->id);
                        joined += joins;
                        kept_out += !joins && choice.compared && score >= rules->merge;
                        scene_close(&scene);
                }
                ck_assert_uint_gt(joined, 0);
                ck_assert_int_eq(kept_out > 0, sizes[i].steps > 0);
        }
}
END_TEST

/* Within the limits of diameter by position, or by the very house that both name. */
START_TEST(a_stray_position_keeps_nobody_from_the_house_that_it_names)
{
        static const struct {
                const char *address;
                bool joins;
        } cases[] = { { "枋湖西路88号", true }, { "枋湖西路90号", false }, { NULL, false } };

        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                Pair scene;
                Choice choice;

                scene_open(&scene, 600, 5000);
                houses_read(&scene.one->members[0]->wording.houses, "枋湖西路88号", NULL, NULL);
                houses_read(&scene.newcomer->wording.houses, cases[i].address, NULL, NULL);
                ask(&scene, false, &choice);
                ck_assert_int_eq(choice.join == scene.one, cases[i].joins);
                ck_assert_int_eq(incident_has_room(scene.one, scene.newcomer), cases[i].joins);
                scene_close(&scene);
        }
}
END_TEST

static bool forbid(const void *context, const Member *newcomer, const Incident *incident)
{
        (void)newcomer;
        return context == incident;
}

START_TEST(an_operator_may_forbid_a_pair)
{
        Pair scene;
        Choice choice;

        scene_open(&scene, 3, 6);
        Incident *const near[] = { scene.one, scene.other };
        decide(rules_set(scene.world.rules), scene.newcomer, near, 2, forbid, scene.one, &choice);
        ck_assert_ptr_eq(choice.join, scene.other);
        ck_assert_uint_eq(choice.refused_size, 0);
        scene_close(&scene);
}
END_TEST

RUN("decide", ties_go_to_the_smaller_id_in_whatever_order, three_bands,
    the_more_reports_the_more_is_asked_and_none_is_ever_full,
    a_stray_position_keeps_nobody_from_the_house_that_it_names, an_operator_may_forbid_a_pair)
