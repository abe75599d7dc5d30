/* Evidence that is none: a point that stands for many, texts that say nothing, what neither side knows. */

#include "hub/zone/zone.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

enum { HOUR = 60 };

static const char *const matters[] = { "打桩机整夜作业", "浇筑混凝土到凌晨", "装修电钻", "切割钢筋", "挖掘机倒车",
                                       "渣土车进出",     "破碎锤",           "水泵轰鸣", "吊车喊话", "卸钢管" };

static size_t incidents(const World *world)
{
        return zone_incidents(world->zone);
}

/* The centre of the district, given for lack of a place: ten sites are ten problems, told in one form, under one title. */
START_TEST(unlike_reports_on_one_point_are_not_one_problem)
{
        static const char *const addresses[] = { NULL, "湖里区", "湖里区政府", "湖里区枋湖路" };

        for (size_t a = 0; a < sizeof addresses / sizeof *addresses; a++) {
                World world;

                world_open(&world);
                for (int i = 0; i < 10; i++)
                        world_report(&world,
                                     (Report){ .source_id = arena_format(world.arena, "s%d", i),
                                               .category = "E0301",
                                               .title = "噪声投诉",
                                               .address = addresses[a],
                                               .description = arena_format(world.arena, "一带%s，影响休息", matters[i]),
                                               .accuracy_m = 30,
                                               .minute = i * 5 * HOUR });
                ck_assert_msg(incidents(&world) == 10, "%s: %zu", addresses[a] ? addresses[a] : "", incidents(&world));
                world_close(&world);
        }
}
END_TEST

/* Once a point is known for what it is, even what is told in the same words there needs more than the point. */
START_TEST(a_crowded_point_is_no_position)
{
        World world;

        world_open(&world);
        for (int i = 0; i < 20; i++)
                world_report(&world, (Report){ .source_id = arena_format(world.arena, "s%d", i),
                                               .category = "E0301",
                                               .description = arena_format(world.arena, "%c%c号院%s，影响休息", 'a' + i,
                                                                           'a' + i, matters[i % 10]),
                                               .accuracy_m = 30,
                                               .minute = i * 5 * HOUR });
        ck_assert_uint_ge(incidents(&world), 18);
        world_close(&world);
}
END_TEST

/* A house is a place, however many speak of it in however different words; so is a point where nobody says anything else. */
START_TEST(a_point_that_something_confirms_stays_evidence)
{
        World world;

        world_open(&world);
        const char *one = world_report(&world, (Report){ .source_id = "a",
                                                         .address = "湖里区枋湖南路3号",
                                                         .description = "烧烤店把桌子摆到人行道上",
                                                         .accuracy_m = 30 });
        ck_assert_str_eq(world_report(&world, (Report){ .source_id = "b",
                                                        .address = "枋湖南路3号",
                                                        .description = "有人占道做生意，油烟很大",
                                                        .accuracy_m = 30,
                                                        .minute = 30 }),
                         one);
        const char *bare = world_report(&world, (Report){ .source_id = "c", .east_m = 900, .accuracy_m = 5 });
        ck_assert_str_eq(
                world_report(&world, (Report){ .source_id = "d", .east_m = 900, .accuracy_m = 5, .minute = 9 }), bare);
        world_close(&world);
}
END_TEST

/* As emit() makes it of a row in which there is next to nothing. */
static EventValue nothing(World *world, int number, bool placed)
{
        static const char *const texts[] = { "市民来电反映问题，请相关部门处理", "请有关部门尽快核实处理", "详见附件" };
        const Report report = { .source_id = arena_format(world->arena, "n%d", number),
                                .category = "E2199",
                                .title = "投诉",
                                .description = texts[number / 7 % 3],
                                .accuracy_m = placed ? 30 : 0,
                                .minute = number };
        EventValue value = world_value(world->arena, &report);

        value.event.category.name = "其他";
        value.event.category.method = METHOD_DEFAULT;
        value.event.quality = number % 2 ? QUALITY_CLOCK_MISSING : 0;
        return value;
}

START_TEST(two_reports_that_say_nothing_are_not_one_problem)
{
        for (int placed = 0; placed < 2; placed++) {
                World world;

                world_open(&world);
                for (int i = 0; i < 30; i++) {
                        const EventValue value = nothing(&world, i, placed);

                        zone_apply(world.zone, &value, (LogPosition){ 0, world.offset++ }, false, &world.decision);
                        ck_assert_int_eq(world.decision.kind, DECISION_NEW);
                        ck_assert_uint_eq(world.decision.choice.suggested_size, 0);
                }
                world_close(&world);
        }
}
END_TEST

RUN("zone evidence", unlike_reports_on_one_point_are_not_one_problem, a_crowded_point_is_no_position,
    a_point_that_something_confirms_stays_evidence, two_reports_that_say_nothing_are_not_one_problem)
