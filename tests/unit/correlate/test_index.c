#include "hub/correlate/index.h"
#include "tests/unit/base/run.h"
#include "tests/unit/correlate/world.h"

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

        index_ask(index, asker->members[0], WORLD_START, &near);
        for (size_t i = 0; i < near.size; i++)
                met += near.items[i] == wanted;
        incident_list_free(&near);
        ck_assert_msg(met <= 1, "met %zu times", met);
        return met == 1;
}

START_TEST(whoever_is_within_a_cell_is_found_wherever_the_cells_begin)
{
        World world;

        world_open(&world);
        const double reach = (double)rules_set(world.rules)->cell_cm / 100;
        for (int step = 0; step < 40; step++) {
                Index *index = index_new(rules_set(world.rules));
                Incident *here = incident_at(&world, "here", step * 37.0, step * 53.0, 10);

                index_put(index, here);
                for (int side = 0; side < 4; side++) {
                        const double far = reach * 0.98,
                                     east = side == 0   ? far
                                            : side == 1 ? -far
                                                        : 0,
                                     north = side == 2   ? far
                                             : side == 3 ? -far
                                                         : 0;
                        Incident *asker = incident_at(&world, "asker", step * 37.0 + east, step * 53.0 + north, 10);

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
        Incident *narrow = incident_at(&world, "narrow", 0, 0, 10), *wide = incident_at(&world, "wide", 1500, 0, 800);
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
                members[i]->objects[members[i]->objects_size++] = (MemberObject){ OBJECT_ASSET, text_copy("SL-1") };
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

/* A telephone put one of them two kilometres off. */
START_TEST(a_sign_on_its_road_is_found_wherever_a_position_was_put)
{
        World world;

        world_open(&world);
        Index *index = index_new(rules_set(world.rules));
        Incident *here = telling(&world, "here", 10, "枋湖南路老林茶庄", NULL),
                 *far = telling(&world, "far", 10, "枋湖南路12号老林茶庄", NULL),
                 *elsewhere = telling(&world, "elsewhere", 10, "枋湖北路老林茶庄", NULL);
        far->members[0]->point.lon += 200000;
        elsewhere->members[0]->point.lon += 200000;
        index_put(index, here);
        ck_assert(finds(index, far, here));
        ck_assert(!finds(index, elsewhere, here));
        index_free(index);
        incident_free(here);
        incident_free(far);
        incident_free(elsewhere);
        world_close(&world);
}
END_TEST

RUN("index", whoever_is_within_a_cell_is_found_wherever_the_cells_begin, wide_and_narrow_positions_find_each_other,
    an_object_is_found_without_any_position, a_house_is_found_without_any_position,
    a_letter_and_a_record_find_each_other_by_the_sign, a_sign_on_its_road_is_found_wherever_a_position_was_put)
