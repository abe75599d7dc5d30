#include "hub/index/index.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

#include <math.h>

static Incident *incident_at(const World *world, const char *id, double east_m, double north_m, double accuracy_m)
{
        Report report = { .source_id = id, .east_m = east_m, .north_m = north_m, .accuracy_m = accuracy_m };
        const EventValue value = world_value(world->arena, &report);
        Incident *incident = incident_new("350206", value.id, NULL, value.event.time.occurred);

        incident->touched = WORLD_START;
        incident_add(incident, member_new(&value.event, world->rules, NULL));
        incident_derive(incident);
        return incident;
}

static bool finds(Index *index, const Incident *asker, const Incident *wanted)
{
        IncidentList near = { 0 };
        size_t met = 0;

        index_ask(index, asker->members[0], &near);
        for (size_t i = 0; i < near.size; i++)
                met += near.items[i] == wanted;
        incident_list_free(&near);
        ck_assert_msg(met <= 1, "met %zu times", met);
        return met == 1;
}

/* Reach: the category's radius and both accuracies together. */
START_TEST(whoever_may_be_compared_is_found_wherever_the_squares_begin)
{
        static const double accuracies[] = { 10, 140, 290, 1100, 2900 };
        World world;

        world_open(&world);
        for (int step = 0; step < 200; step++) {
                const double accuracy = accuracies[step % 5], other = accuracies[step / 5 % 5],
                             at = (step * 37 % 1000) * 7.3, along = (step * 53 % 1000) * 5.1;
                Index *index = index_new(rules_set(world.rules));
                Incident *here = incident_at(&world, "here", at, along, accuracy);
                const double reach =
                        (double)here->founding->rule->radius_cm / 100 + sqrt(accuracy * accuracy + other * other);

                index_put(index, here);
                for (int side = 0; side < 8; side++) {
                        const double east = cos(side * M_PI_4) * reach * 0.99,
                                     north = sin(side * M_PI_4) * reach * 0.99;
                        Incident *asker = incident_at(&world, "asker", at + east, along + north, other);

                        ck_assert_msg(finds(index, asker, here), "step %d side %d", step, side);
                        incident_free(asker);
                }
                index_free(index);
                incident_free(here);
        }
        world_close(&world);
}
END_TEST

START_TEST(wide_and_narrow_positions_find_each_other)
{
        World world;

        world_open(&world);
        Index *index = index_new(rules_set(world.rules));
        Incident *narrow = incident_at(&world, "narrow", 0, 0, 10), *wide = incident_at(&world, "wide", 900, 0, 800);
        index_put(index, narrow);
        index_put(index, wide);
        ck_assert(finds(index, narrow, wide));
        ck_assert(finds(index, wide, narrow));
        index_take(index, narrow);
        ck_assert(!finds(index, wide, narrow));
        index_free(index);
        incident_free(narrow);
        incident_free(wide);
        world_close(&world);
}
END_TEST

START_TEST(an_object_is_found_without_any_position)
{
        World world;

        world_open(&world);
        Index *index = index_new(rules_set(world.rules));
        Incident *one = incident_at(&world, "one", 0, 0, 0), *other = incident_at(&world, "other", 0, 0, 0);
        Member *const members[] = { one->members[0], other->members[0] };
        for (size_t i = 0; i < 2; i++)
                member_object(members[i], OBJECT_ASSET, "SL-1");
        index_put(index, one);
        ck_assert(finds(index, other, one));
        index_free(index);
        incident_free(one);
        incident_free(other);
        world_close(&world);
}
END_TEST

/* A letter says "枋湖南路12号"; the inspector's record, far off its true place, has it as its address. */
START_TEST(a_house_is_found_without_any_position)
{
        World world;

        world_open(&world);
        Index *index = index_new(rules_set(world.rules));
        Incident *one = incident_at(&world, "one", 0, 0, 0), *other = incident_at(&world, "other", 9000, 0, 10),
                 *next_door = incident_at(&world, "next", 9000, 0, 10);
        one->members[0]->wording.rares_size = 0; /* of their titles, which are the same */
        houses_read(&one->members[0]->wording.houses, NULL, NULL, "湖里区枋湖南路12号的烧烤店");
        houses_read(&other->members[0]->wording.houses, "枋湖南路12号", NULL, NULL);
        houses_read(&next_door->members[0]->wording.houses, "枋湖南路14号", NULL, NULL);
        index_put(index, one);
        ck_assert(finds(index, other, one));
        ck_assert(!finds(index, next_door, one));
        index_free(index);
        incident_free(one);
        incident_free(other);
        incident_free(next_door);
        world_close(&world);
}
END_TEST

static Incident *telling(const World *world, const char *id, double accuracy_m, const char *address, const char *text)
{
        Report report = { .source_id = id,
                          .title = "E0504",
                          .east_m = 9000,
                          .accuracy_m = accuracy_m,
                          .address = address,
                          .description = text };
        const EventValue value = world_value(world->arena, &report);
        Incident *incident = incident_new("350206", value.id, NULL, value.event.time.occurred);

        incident->touched = WORLD_START;
        incident_add(incident, member_new(&value.event, world->rules, NULL));
        incident_derive(incident);
        return incident;
}

/* A letter came first: what comes after it with a position finds it by the sign, and the letter finds what came before. */
START_TEST(a_letter_and_a_record_find_each_other_by_the_sign)
{
        World world;

        world_open(&world);
        Incident *letter = telling(&world, "letter", 0, NULL, "老林茶庄占道"),
                 *record = telling(&world, "record", 10, "枋湖南路老林茶庄", NULL),
                 *other = telling(&world, "other", 10, "枋湖南路福兴面馆", NULL);
        for (int turn = 0; turn < 2; turn++) {
                Index *index = index_new(rules_set(world.rules));
                Incident *first = turn ? record : letter, *second = turn ? letter : record;

                index_put(index, first);
                ck_assert_msg(finds(index, second, first), "turn %d", turn);
                ck_assert(turn == 1 || !finds(index, other, letter));
                index_take(index, first);
                ck_assert(!finds(index, second, first));
                index_free(index);
        }
        incident_free(letter);
        incident_free(record);
        incident_free(other);
        world_close(&world);
}
END_TEST

/* The zone keeps those that are over in an index of their own: each counts its own questions. */
START_TEST(who_moves_to_another_index_is_met_there)
{
        World world;

        world_open(&world);
        Index *one = index_new(rules_set(world.rules)), *other = index_new(rules_set(world.rules));
        Incident *here = incident_at(&world, "here", 0, 0, 10), *asker = incident_at(&world, "asker", 5, 0, 10);
        index_put(one, here);
        ck_assert(finds(one, asker, here));
        index_take(one, here);
        index_put(other, here);
        ck_assert(finds(other, asker, here));
        index_free(one);
        index_free(other);
        incident_free(here);
        incident_free(asker);
        world_close(&world);
}
END_TEST

/* A crowd: so many incidents on one point, put into the index in this order or the other way round. */
typedef struct {
        Index *index;
        Incident **items;
        size_t size;
} Crowd;

static void crowd_gather(Crowd *crowd, const World *world, size_t size, bool turned, const char *description)
{
        *crowd = (Crowd){ index_new(rules_set(world->rules)), mem_new(size * sizeof(Incident *)), size };
        for (size_t i = 0; i < size; i++) {
                const size_t number = turned ? size - i : i + 1;
                Report report = { .source_id = arena_format(world->arena, "%zu", number),
                                  .accuracy_m = description ? 0 : 10,
                                  .description = description };
                const EventValue value = world_value(world->arena, &report);
                Incident *incident = incident_new("350206", value.id, NULL, WORLD_START);

                incident->touched = WORLD_START;
                incident_add(incident, member_new(&value.event, world->rules, NULL));
                incident->members[0]->number = (int64_t)number;
                incident_derive(incident);
                index_put(crowd->index, incident);
                crowd->items[number - 1] = incident;
        }
}

static void crowd_leave(Crowd *crowd)
{
        index_free(crowd->index);
        for (size_t i = 0; i < crowd->size; i++)
                incident_free(crowd->items[i]);
        free(crowd->items);
}

/* A platform that puts every report on its office's door: the work stays bounded, goes to the newest, and says so. */
START_TEST(a_crowd_on_one_point_is_met_from_the_newest_on)
{
        const size_t size = 3000;

        for (int turned = 0; turned < 2; turned++) {
                IncidentList near = { 0 };
                World world;
                Crowd crowd;

                world_open(&world);
                crowd_gather(&crowd, &world, size, turned, NULL);
                Incident *asker = incident_at(&world, "asker", 0, 0, 10);
                ck_assert(index_ask(crowd.index, asker->founding, &near));
                const size_t most = 2 * (size_t)rules_set(world.rules)->candidates;
                ck_assert_uint_eq(near.size, most);
                for (size_t i = 0; i < most; i++)
                        ck_assert_int_eq(near.items[i]->founding->number, (int64_t)(size - i));
                index_take(crowd.index, crowd.items[size - 1]);
                ck_assert(index_ask(crowd.index, asker->founding, &near));
                ck_assert_int_eq(near.items[0]->founding->number, (int64_t)(size - 1));
                incident_list_free(&near);
                incident_free(asker);
                crowd_leave(&crowd);
                world_close(&world);
        }
}
END_TEST

START_TEST(those_around_are_all_met_where_no_bound_is_hit)
{
        IncidentList near = { 0 };
        World world;
        Crowd crowd;

        world_open(&world);
        crowd_gather(&crowd, &world, 1000, false, NULL);
        Incident *asker = incident_at(&world, "asker", 0, 0, 10);
        ck_assert(!index_ask(crowd.index, asker->founding, &near));
        ck_assert_uint_eq(near.size, 1000);
        incident_list_free(&near);
        incident_free(asker);
        crowd_leave(&crowd);
        world_close(&world);
}
END_TEST

/* Letters: what 63 share is a name, what 64 share is none, until one of them leaves. */
START_TEST(what_very_many_say_names_nothing)
{
        IncidentList near = { 0 };
        World world;
        Crowd crowd;

        world_open(&world);
        crowd_gather(&crowd, &world, 64, false, "枋湖烧烤");
        Report report = { .source_id = "asker", .description = "枋湖烧烤" };
        const EventValue value = world_value(world.arena, &report);
        Member *asker = member_new(&value.event, world.rules, NULL);
        index_ask(crowd.index, asker, &near);
        ck_assert_uint_eq(near.size, 0);
        index_take(crowd.index, crowd.items[17]);
        index_ask(crowd.index, asker, &near);
        ck_assert_uint_eq(near.size, 63);
        incident_list_free(&near);
        member_free(asker);
        crowd_leave(&crowd);
        world_close(&world);
}
END_TEST

RUN("index", whoever_may_be_compared_is_found_wherever_the_squares_begin, wide_and_narrow_positions_find_each_other,
    an_object_is_found_without_any_position, a_house_is_found_without_any_position,
    a_letter_and_a_record_find_each_other_by_the_sign, who_moves_to_another_index_is_met_there,
    a_crowd_on_one_point_is_met_from_the_newest_on, those_around_are_all_met_where_no_bound_is_hit,
    what_very_many_say_names_nothing)
