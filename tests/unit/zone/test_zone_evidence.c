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

/* One form filled in for ten places, none of which is told: what is alike is the form. */
START_TEST(words_alike_of_no_place_are_not_one_problem)
{
        static const char *const titles[] = { "噪声投诉", "店外经营" };

        for (size_t t = 0; t < sizeof titles / sizeof *titles; t++) {
                World world;

                world_open(&world);
                for (int i = 0; i < 10; i++)
                        world_report(&world,
                                     (Report){ .source_id = arena_format(world.arena, "s%d", i),
                                               .category = "E0301",
                                               .title = titles[t],
                                               .description = t == 0 ? arena_format(world.arena, "%s，影响休息，请处理",
                                                                                    matters[i])
                                                                     : NULL,
                                               .minute = i * HOUR });
                ck_assert_uint_eq(incidents(&world), 10);
                world_close(&world);
        }
}
END_TEST

/* Without a place the name of one is enough: the same estate, in other words. */
START_TEST(letters_that_name_one_estate_are_one_problem)
{
        World world;

        world_open(&world);
        const char *one =
                world_report(&world, (Report){ .source_id = "a",
                                               .title = "金尚新城小区旁搅拌站粉尘扰民",
                                               .description = "金尚新城小区旁边的搅拌站整天尘土飞扬，影响健康" });
        ck_assert_str_eq(world_report(&world, (Report){ .source_id = "b",
                                                        .title = "投诉金尚新城小区附近搅拌站",
                                                        .description = "搅拌站噪音很大，粉尘严重，老人受不了，请关停",
                                                        .minute = 20 * 24 * HOUR }),
                         one);
        world_close(&world);
}
END_TEST

/* A place that a gazetteer gave to what only words name. */
static DecisionKind worded(World *world, Report report, double accuracy_m)
{
        report.accuracy_m = accuracy_m;
        EventValue value = world_value(world->arena, &report);

        value.event.position.method = POSITION_GAZETTEER;
        zone_apply(world->zone, &value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
        return world->decision.kind;
}

static Report along(const char *id, const char *title, int minute)
{
        return (Report){ .source_id = id, .category = "E0504", .title = title, .description = title, .minute = minute };
}

static const char road_one[] = "湖里大道烧烤店摆桌子", road_other[] = "湖里大道水果店摆箱子";

/* One road gives all that name it one point: that they stand on it together says nothing. */
START_TEST(the_point_of_a_road_makes_nothing_near)
{
        World world;

        world_open(&world);
        Report here = along("a", road_one, 0), there = along("b", road_other, 60);
        here.accuracy_m = there.accuracy_m = 5;
        world_report(&world, here);
        world_report(&world, there);
        ck_assert_int_eq(world.decision.kind, DECISION_JOIN); /* at one spot the same words are one problem */
        world_close(&world);

        world_open(&world);
        ck_assert_int_eq(worded(&world, along("a", road_one, 0), 700), DECISION_NEW);
        ck_assert_int_eq(worded(&world, along("b", road_other, 60), 700), DECISION_NEW);
        world_close(&world);
        /* nor is what was measured somewhere on it near, though the circle is as wide as the road */
        world_open(&world);
        Report measured = along("a", road_one, 0);
        measured.accuracy_m = 5;
        measured.east_m = 300;
        world_report(&world, measured);
        ck_assert_int_eq(worded(&world, along("b", road_other, 60), 700), DECISION_NEW);
        world_close(&world);
}
END_TEST

START_TEST(what_lies_beyond_the_road_is_elsewhere_and_a_crossing_is_a_place)
{
        World world;

        world_open(&world);
        Report far = along("a", "阿明烧烤店把桌子摆到人行道上", 0);
        far.accuracy_m = 5;
        far.east_m = 600;
        world_report(&world, far);
        ck_assert_int_eq(worded(&world, along("b", "阿明烧烤店把桌子摆到人行道上", 60), 700), DECISION_JOIN);
        world_close(&world);
        world_open(&world);
        far.east_m = 3000;
        world_report(&world, far);
        ck_assert_int_eq(worded(&world, along("b", "阿明烧烤店把桌子摆到人行道上", 60), 700), DECISION_NEW);
        world_close(&world);
        world_open(&world);
        ck_assert_int_eq(worded(&world, along("a", road_one, 0), 60), DECISION_NEW);
        ck_assert_int_eq(worded(&world, along("b", road_other, 60), 60), DECISION_JOIN);
        world_close(&world);
}
END_TEST

START_TEST(words_take_no_place_away_and_widen_no_incident)
{
        World world;

        world_open(&world);
        Report told = along("a", "阿明烧烤店把桌子摆到人行道上", 0);
        told.accuracy_m = 5;
        world_report(&world, told);
        const GeoPoint point = world.decision.member->point;
        Report again = along("a", "阿明烧烤店把桌子摆到人行道上", 0);
        again.revision = "2";
        again.updated_minute = 10;
        again.east_m = 400;
        worded(&world, again, 700);
        ck_assert_int_eq(world.decision.member->point.lon, point.lon);
        ck_assert_int_eq(world.decision.member->accuracy_cm, 500);
        Report other = along("b", "阿明烧烤店把桌子摆到人行道上", 20);
        other.east_m = 400;
        ck_assert_int_eq(worded(&world, other, 700), DECISION_JOIN);
        ck_assert_int_eq(world_incident(&world)->radius_cm, 500);
        ck_assert_int_eq(world_incident(&world)->most.lon, point.lon);
        /* words that name it better are taken, and so is a place that is told at last */
        other.revision = "2";
        other.updated_minute = 30;
        other.east_m = 20;
        worded(&world, other, 60);
        ck_assert_int_eq(world.decision.member->accuracy_cm, 6000);
        other.revision = "3";
        other.updated_minute = 40;
        other.accuracy_m = 10;
        world_report(&world, other);
        ck_assert_int_eq(world.decision.member->accuracy_cm, 1000);
        ck_assert(!world.decision.member->worded);
        world_close(&world);
}
END_TEST

RUN("zone evidence", words_alike_of_no_place_are_not_one_problem, letters_that_name_one_estate_are_one_problem,
    unlike_reports_on_one_point_are_not_one_problem, a_crowded_point_is_no_position,
    a_point_that_something_confirms_stays_evidence, two_reports_that_say_nothing_are_not_one_problem,
    the_point_of_a_road_makes_nothing_near, what_lies_beyond_the_road_is_elsewhere_and_a_crossing_is_a_place,
    words_take_no_place_away_and_widen_no_incident)
