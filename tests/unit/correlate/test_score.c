#include "hub/correlate/score.h"
#include "tests/unit/base/run.h"
#include "tests/unit/correlate/world.h"

#include <math.h>

static const Scene nothing_near;

static Member *member(const World *world, Report report)
{
        const EventValue value = world_value(world->arena, &report);

        return member_new(&value.event, world->rules, NULL);
}

static int32_t sum(const Comparison *comparison)
{
        int32_t total = 0;

        for (Feature f = 0; f < FEATURES; f++)
                total += comparison->points[f];
        return total;
}

START_TEST(points_add_up_to_the_score_of_an_incident)
{
        World world;
        Score score;

        world_open(&world);
        /* several members at odd distances, so that the means do not come out even */
        for (int i = 0; i < 5; i++) {
                char *id = arena_format(world.arena, "a%d", i);

                world_report(&world, (Report){ .source_id = id,
                                               .east_m = i * 3.7,
                                               .north_m = i,
                                               .accuracy_m = 5 + i,
                                               .minute = i * 17,
                                               .description = i % 2 ? "桌子摆到人行道" : "占道摆桌" });
        }
        Member *newcomer = member(
                &world,
                (Report){
                        .source_id = "b", .east_m = 8, .accuracy_m = 7, .minute = 99, .description = "人行道摆桌子" });
        score_incident(rules_set(world.rules), &nothing_near, newcomer, world_incident(&world), &score);
        ck_assert_ptr_nonnull(score.against);
        ck_assert_int_eq(sum(&score.mean), score.mean.total);
        member_free(newcomer);
        world_close(&world);
}
END_TEST

START_TEST(means_are_floored_below_zero_too)
{
        World world;
        Score score;
        const Member *members[INCIDENT_LINKED_MOST];

        world_open(&world);
        for (int i = 0; i < 7; i++) {
                char *id = arena_format(world.arena, "a%d", i);

                world_report(&world, (Report){ .source_id = id,
                                               .east_m = i ? 9 : 0,
                                               .accuracy_m = 5,
                                               .minute = i * 10,
                                               .description = i ? "占道摆桌" : "" });
        }
        Member *newcomer = member(&world, (Report){ .source_id = "b",
                                                    .category = "E0102",
                                                    .east_m = 33,
                                                    .accuracy_m = 5,
                                                    .minute = 60000,
                                                    .description = "占道" });
        const Incident *incident = world_incident(&world);
        const size_t count = incident_linked(incident, members);
        bool uneven = false;
        score_incident(rules_set(world.rules), &nothing_near, newcomer, incident, &score);
        for (Feature f = 0; f < FEATURES; f++) {
                int32_t total = 0;

                for (size_t i = 0; i < count; i++) {
                        Comparison pair;

                        score_pair(rules_set(world.rules), &nothing_near, newcomer, members[i], &pair);
                        total += pair.points[f];
                }
                ck_assert_int_eq(score.mean.points[f], (int)floor((double)total / (double)count));
                uneven = uneven || (total < 0 && total % (int32_t)count != 0);
        }
        ck_assert_msg(uneven, "no feature of this scene has a mean that rounding could change");
        member_free(newcomer);
        world_close(&world);
}
END_TEST

START_TEST(an_inaccurate_position_says_less_about_distance)
{
        World world;
        Comparison sharp, vague;

        world_open(&world);
        Member *here = member(&world, (Report){ .source_id = "a", .accuracy_m = 5 });
        Member *near = member(&world, (Report){ .source_id = "b", .east_m = 40, .accuracy_m = 5 });
        Member *wide = member(&world, (Report){ .source_id = "c", .east_m = 40, .accuracy_m = 60 });
        score_pair(rules_set(world.rules), &nothing_near, near, here, &sharp);
        score_pair(rules_set(world.rules), &nothing_near, wide, here, &vague);
        ck_assert_int_lt(sharp.points[FEATURE_DISTANCE], vague.points[FEATURE_DISTANCE]);
        ck_assert_int_gt(sharp.points[FEATURE_ACCURACY], vague.points[FEATURE_ACCURACY]);
        member_free(here);
        member_free(near);
        member_free(wide);
        world_close(&world);
}
END_TEST

static int64_t object_value(const World *world, ObjectKind kind, const char *one, const char *other)
{
        Member *a = member(world, (Report){ .source_id = "a", .accuracy_m = 5 }),
               *b = member(world, (Report){ .source_id = "b", .accuracy_m = 5 });
        Comparison comparison;

        member_object(a, kind, one);
        member_object(b, kind, other);
        score_pair(rules_set(world->rules), &nothing_near, a, b, &comparison);
        member_free(a);
        member_free(b);
        return comparison.values[FEATURE_OBJECT];
}

START_TEST(pseudonyms_of_two_keys_are_absent_not_different)
{
        World world;

        world_open(&world);
        ck_assert_int_eq(object_value(&world, OBJECT_PLATE, "p3:abc", "p3:abc"), OBJECT_EQUAL(OBJECT_PLATE));
        ck_assert_int_eq(object_value(&world, OBJECT_PLATE, "p3:abc", "p3:xyz"), OBJECT_DIFFERENT(OBJECT_PLATE));
        ck_assert_int_eq(object_value(&world, OBJECT_PLATE, "p3:abc", "p4:xyz"), OBJECT_ABSENT);
        ck_assert_int_eq(object_value(&world, OBJECT_ASSET, "SL-1", "SL-2"), OBJECT_DIFFERENT(OBJECT_ASSET));
        world_close(&world);
}
END_TEST

START_TEST(the_same_camera_is_no_sign_of_the_same_problem)
{
        World world;

        world_open(&world);
        Report report = { .source_id = "a", .accuracy_m = 5 };
        EventValue value = world_value(world.arena, &report);
        event_add_object(&value.event, OBJECT_CAMERA, "HL-1");
        event_add_object(&value.event, OBJECT_DEVICE, "D-1");
        Member *one = member_new(&value.event, world.rules, NULL);
        ck_assert_uint_eq(one->objects_size, 0);
        member_free(one);
        world_close(&world);
}
END_TEST

RUN("score", points_add_up_to_the_score_of_an_incident, means_are_floored_below_zero_too,
    an_inaccurate_position_says_less_about_distance, pseudonyms_of_two_keys_are_absent_not_different,
    the_same_camera_is_no_sign_of_the_same_problem)
