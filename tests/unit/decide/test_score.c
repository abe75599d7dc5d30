#include "hub/decide/score.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

#include <math.h>

static const Scene nothing_near;

static Member *member(const World *world, Report report)
{
        const EventValue value = world_value(world->arena, &report);

        return member_new(&value.event, world->rules, NULL);
}

/* A newcomer against one member. */
static Comparison pair(const World *world, const Member *newcomer, Member *other)
{
        Incident alone = { .members = &other, .members_size = 1, .founding = other };
        const Member *members[INCIDENT_LINKED_MOST];
        Comparison out[INCIDENT_LINKED_MOST];

        ck_assert_uint_eq(score_members(rules_set(world->rules), &nothing_near, newcomer, &alone, members, out), 1);
        return out[0];
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
        Comparison each[INCIDENT_LINKED_MOST];
        const size_t count = score_members(rules_set(world.rules), &nothing_near, newcomer, incident, members, each);
        bool uneven = false;
        score_incident(rules_set(world.rules), &nothing_near, newcomer, incident, &score);
        for (Feature f = 0; f < FEATURES; f++) {
                int32_t total = 0;

                for (size_t i = 0; i < count; i++)
                        total += each[i].points[f];
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

        world_open(&world);
        Member *here = member(&world, (Report){ .source_id = "a", .accuracy_m = 5 });
        Member *near = member(&world, (Report){ .source_id = "b", .east_m = 40, .accuracy_m = 5 });
        Member *wide = member(&world, (Report){ .source_id = "c", .east_m = 40, .accuracy_m = 60 });
        const Comparison sharp = pair(&world, near, here), vague = pair(&world, wide, here);
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

        member_object(a, kind, one);
        member_object(b, kind, other);
        const Comparison comparison = pair(world, a, b);
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

/* One member says the number, another whose door it is: the incident knows both. */
START_TEST(what_any_member_names_the_incident_names)
{
        static const char *const addresses[] = { "枋湖西路88号", "枋湖西路老林茶庄", NULL };
        World world;
        Score score;

        world_open(&world);
        Member *newcomer = member(
                &world, (Report){ .source_id = "b", .east_m = 5, .accuracy_m = 5, .address = "枋湖西路88号老林茶庄" });
        for (size_t i = 0; i < 3; i++)
                world_report(&world, (Report){ .source_id = arena_format(world.arena, "a%zu", i),
                                               .accuracy_m = 5,
                                               .minute = (int)i,
                                               .address = addresses[i] });
        const Incident *incident = world_incident(&world);
        ck_assert_uint_eq(incident->reports, 3);
        score_incident(rules_set(world.rules), &nothing_near, newcomer, incident, &score);
        ck_assert_int_eq(score.mean.values[FEATURE_ADDRESS], ADDRESS_HOUSE);
        ck_assert_int_eq(score.mean.values[FEATURE_SIGN], SIGN_SAME);
        ck_assert_int_eq(score.mean.points[FEATURE_ADDRESS],
                         rules_set(world.rules)->tables[FEATURE_ADDRESS].points[ADDRESS_HOUSE]);
        ck_assert_int_eq(sum(&score.mean), score.mean.total);
        member_free(newcomer);
        world_close(&world);
}
END_TEST

/* Metres say less where both name one house; nothing is said of them where they do not. */
START_TEST(one_house_is_one_place_wherever_a_position_was_put)
{
        static const struct {
                const char *address;
                bool named;
        } cases[] = { { "枋湖西路88号", true },
                      { "枋湖西路老林茶庄", true },
                      { "枋湖西路90号老林茶庄", false },
                      { "枋湖西路", false } };
        World world;

        world_open(&world);
        Member *here = member(&world, (Report){ .source_id = "a", .accuracy_m = 5, .address = "枋湖西路88号老林茶庄" });
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                Member *far = member(&world, (Report){ .source_id = "b",
                                                       .east_m = 300,
                                                       .accuracy_m = 5,
                                                       .address = cases[i].address }),
                       *letter = member(&world, (Report){ .source_id = "c", .address = cases[i].address });
                const Comparison apart = pair(&world, far, here), unplaced = pair(&world, letter, here);

                ck_assert_int_eq(apart.values[FEATURE_NAMED],
                                 cases[i].named ? apart.values[FEATURE_DISTANCE] : VALUE_ABSENT);
                ck_assert_int_eq(unplaced.values[FEATURE_NAMED] != VALUE_ABSENT, cases[i].named);
                ck_assert_int_eq(members_name_house(far, here), cases[i].named);
                ck_assert_int_eq(apart.points[FEATURE_NAMED] > 0, cases[i].named);
                member_free(far);
                member_free(letter);
        }
        member_free(here);
        world_close(&world);
}
END_TEST

/* A name is known by its rare words, the address among them; what everybody writes counts little. */
START_TEST(rare_words_shared_weigh_by_how_rare_they_are)
{
        Words *words = mem_new(sizeof *words);
        Wording here, there, common;

        words_time(words, WORLD_START, 0);
        for (int i = 0; i < 1000; i++)
                words_count(words, NULL, "请尽快处理谢谢");
        words_time(words, WORLD_START + 86400000, 1);
        wording_make(&here, NULL, "客家酒吧，请尽快处理谢谢", NULL, words);
        wording_make(&there, NULL, "请尽快处理谢谢", "厦门市湖里区客家酒吧", words);
        wording_make(&common, NULL, "请尽快处理谢谢", NULL, words);
        ck_assert_int_ge(wording_shared(&here, &there), 24);
        ck_assert_int_le(wording_shared(&here, &common), 2);
        wording_free(&common);
        wording_make(&common, NULL, NULL, "434 W Roscoe St", words);
        ck_assert_int_eq(wording_shared(&here, &common), -1);
        wording_free(&here);
        wording_free(&there);
        wording_free(&common);
        free(words);
}
END_TEST

/* One who petitions often writes the same about many places. */
START_TEST(the_same_words_of_one_person_elsewhere_are_a_template)
{
        static const struct {
                double east_m;
                const char *address, *description;
                int64_t wanted;
        } cases[] = { { 10, "枋湖西路88号", "请在小区门口装充电桩", REPORTER_SAME },
                      { 300, "枋湖西路88号", "请在小区门口装充电桩", REPORTER_TEMPLATE },
                      { 10, "枋湖西路90号", "请在小区门口装充电桩", REPORTER_TEMPLATE },
                      { 300, "枋湖西路88号", "噪音太大", REPORTER_SAME } };
        World world;

        world_open(&world);
        Report report = { .source_id = "a", .title = "E0504", .accuracy_m = 5 };
        report.address = cases[0].address;
        report.description = cases[0].description;
        Member *here = member(&world, report);
        here->reporters[0] = text_copy("p3:abc");
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                report.east_m = cases[i].east_m;
                report.address = cases[i].address;
                report.description = cases[i].description;
                Member *again = member(&world, report);

                again->reporters[0] = text_copy("p3:abc");
                ck_assert_int_eq(pair(&world, again, here).values[FEATURE_REPORTER], cases[i].wanted);
                again->reporters[0][3] = 'x';
                ck_assert_int_eq(pair(&world, again, here).values[FEATURE_REPORTER], REPORTER_DIFFERENT);
                member_free(again);
        }
        member_free(here);
        world_close(&world);
}
END_TEST

static int64_t value_of(const World *world, Report newcomer, Report other, Feature feature)
{
        Member *one = member(world, newcomer), *two = member(world, other);
        const int64_t value = pair(world, one, two).values[feature];

        member_free(one);
        member_free(two);
        return value;
}

/* A point that unlike reports share is no place, unless something beside it says that it is the same. */
START_TEST(strangers_on_one_point_have_no_distance)
{
        const Report drill = { .source_id = "a", .title = "噪声投诉", .description = "装修电钻", .accuracy_m = 5 };
        Report crane = { .source_id = "b", .title = "噪声投诉", .description = "吊车喊话卸钢管", .accuracy_m = 5 };
        World world;

        world_open(&world);
        ck_assert_int_eq(value_of(&world, crane, drill, FEATURE_DISTANCE), VALUE_ABSENT);
        ck_assert_int_eq(value_of(&world, crane, drill, FEATURE_ACCURACY), VALUE_ABSENT);
        /* one title for all of them says nothing then */
        ck_assert_int_eq(value_of(&world, crane, drill, FEATURE_TITLE), VALUE_ABSENT);
        ck_assert_int_eq(value_of(&world, drill, drill, FEATURE_DISTANCE), 0);
        crane.east_m = 3;
        ck_assert_int_ne(value_of(&world, crane, drill, FEATURE_DISTANCE), VALUE_ABSENT);
        ck_assert_int_gt(value_of(&world, crane, drill, FEATURE_TITLE), 900);
        crane.east_m = 0;
        crane.description = NULL;
        ck_assert_int_eq(value_of(&world, crane, drill, FEATURE_DISTANCE), 0);
        world_close(&world);
}
END_TEST

START_TEST(a_house_or_a_sign_makes_a_point_a_place)
{
        static const struct {
                const char *address;
                bool place;
        } cases[] = { { "湖里区枋湖南路3号", true },  { "湖里区枋湖南路老林茶庄", true },
                      { "湖里区枋湖南路", false },    { "湖里区禾山街道", false },
                      { "湖里区政府", false },        { "禾山街道办", false },
                      { "福建省厦门市湖里区", false } };
        World world;

        world_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                const Report one = {
                        .source_id = "a", .description = "装修电钻", .address = cases[i].address, .accuracy_m = 5
                };
                Report other = one;

                other.description = "吊车喊话卸钢管";
                ck_assert_msg((value_of(&world, one, other, FEATURE_DISTANCE) == 0) == cases[i].place, "%s",
                              cases[i].address);
        }
        world_close(&world);
}
END_TEST

/* What neither side knows, they do not have in common. */
START_TEST(what_both_lack_adds_no_points)
{
        const Report report = { .source_id = "a", .category = "E2199", .title = "投诉", .minute = 5 };
        World world;

        world_open(&world);
        EventValue value = world_value(world.arena, &report);
        value.event.category.method = METHOD_DEFAULT;
        value.event.category.name = "其他";
        value.event.quality = QUALITY_CLOCK_MISSING;
        Member *one = member_new(&value.event, world.rules, rules_words(world.rules)),
               *two = member_new(&value.event, world.rules, rules_words(world.rules));
        const Comparison compared = pair(&world, one, two);

        for (Feature f = 0; f < FEATURES; f++)
                ck_assert_msg(compared.points[f] <= 0, "%s: %d", feature_form(f)->name, compared.points[f]);
        ck_assert_int_eq(compared.values[FEATURE_AGE], VALUE_ABSENT);
        ck_assert_int_eq(compared.values[FEATURE_CATEGORY], RELATION_ABSENT);
        ck_assert_int_eq(compared.values[FEATURE_NEIGHBOURS], VALUE_ABSENT);
        member_free(one);
        member_free(two);
        world_close(&world);
}
END_TEST

/* What one side does not tell says nothing for it, whichever side it is. */
START_TEST(what_one_side_lacks_adds_no_points)
{
        enum { FEATURES_MOST = 8 };
        static const Report full = { .source_id = "a",
                                     .title = "老林烧烤店占道",
                                     .description = "老林烧烤店把桌子摆到人行道上，油烟很大",
                                     .address = "湖里区枋湖南路3号老林烧烤店",
                                     .accuracy_m = 5 };
        static const struct {
                const char *what;
                Feature features[FEATURES_MOST];
                size_t size;
        } lacks[] = {
                { "place", { FEATURE_DISTANCE, FEATURE_ACCURACY, FEATURE_BURST, FEATURE_FAR }, 4 },
                { "words",
                  { FEATURE_TEXT, FEATURE_TITLE, FEATURE_RARE, FEATURE_PLACE, FEATURE_AREA, FEATURE_SAID,
                    FEATURE_REPEAT },
                  7 },
                { "address", { FEATURE_ADDRESS, FEATURE_NAMED }, 2 },
                { "time", { FEATURE_AGE, FEATURE_BURST }, 2 },
                { "things", { FEATURE_OBJECT, FEATURE_THING }, 2 },
                { "person", { FEATURE_REPORTER }, 1 },
        };
        World world;

        world_open(&world);
        for (size_t i = 0; i < 2 * sizeof lacks / sizeof *lacks; i++) {
                Report report = full;
                const size_t of = i / 2;

                if (of == 0)
                        report.accuracy_m = 0;
                if (of == 1)
                        report.title = "", report.description = NULL;
                if (of == 2)
                        report.address = NULL;
                Member *sides[] = { member(&world, full), member(&world, report) };
                sides[1]->undated = of == 3;
                sides[0]->reporters[0] = text_copy("p3:one");
                member_object(sides[0], OBJECT_ASSET, "A-1");
                if (of != 4)
                        member_object(sides[1], OBJECT_ASSET, "A-1");
                const Comparison compared = pair(&world, sides[i % 2], sides[!(i % 2)]);

                for (size_t f = 0; f < lacks[of].size; f++)
                        ck_assert_msg(compared.points[lacks[of].features[f]] <= 0, "without %s: %s: %d", lacks[of].what,
                                      feature_form(lacks[of].features[f])->name,
                                      compared.points[lacks[of].features[f]]);
                member_free(sides[0]);
                member_free(sides[1]);
        }
        world_close(&world);
}
END_TEST

/* Several things filed with one platform within minutes are a walk-round's; with two platforms, two have seen it. */
START_TEST(a_burst_is_of_one_platform)
{
        const Report seen = { .source_id = "a", .accuracy_m = 5, .title = "摊位超出通道", .minute = 5 },
                     same = { .source_id = "b", .accuracy_m = 5, .title = "超出摊位", .minute = 6, .east_m = 10 },
                     other = { .source_id = "b",
                               .platform = "p13",
                               .accuracy_m = 5,
                               .title = "超出摊位",
                               .minute = 6,
                               .east_m = 10 };
        World world;

        world_open(&world);
        ck_assert_int_eq(value_of(&world, seen, same, FEATURE_BURST), BURST_NEAR);
        ck_assert_int_eq(value_of(&world, seen, other, FEATURE_BURST), BURST_NONE);
        world_close(&world);
}
END_TEST

/* By its bins, and not where no distance is known. */
START_TEST(a_category_says_what_each_bin_of_the_distance_costs)
{
        World world;

        world_open(&world);
        CategoryRules *own = rules_edit_category(world.rules, "E0504");
        own->own[CATEGORY_APART] = -100;
        const PointTable *table = &rules_set(world.rules)->tables[FEATURE_DISTANCE];
        Member *here = member(&world, (Report){ .source_id = "a", .category = "E0504", .accuracy_m = 5 });
        for (size_t bin = 0; bin <= table->size; bin++) {
                const double metres = bin < table->size ? (double)table->below[bin] / 100 - 1
                                                        : (double)table->below[bin - 1] / 100 + 1;
                Member *far = member(
                        &world, (Report){ .source_id = "b", .category = "E0504", .east_m = metres, .accuracy_m = 5 });
                const Comparison compared = pair(&world, far, here);

                ck_assert_uint_eq(compared.bins[FEATURE_DISTANCE], bin);
                ck_assert_int_eq(compared.points[FEATURE_DISTANCE], table->points[bin] - 100 * (int32_t)bin);
                member_free(far);
        }
        Member *letter = member(&world, (Report){ .source_id = "c", .category = "E0504" });
        ck_assert_int_eq(pair(&world, letter, here).points[FEATURE_DISTANCE], table->points[table->size + 1]);
        member_free(letter);
        member_free(here);
        world_close(&world);
}
END_TEST

/* Of a stretch each who lives there tells, by his own house; of one thing he says which house it is. */
START_TEST(a_category_says_what_one_street_is_to_it)
{
        static const struct {
                const char *one, *other;
                int64_t times;
        } addresses[] = {
                { "8430 S KARLOV AVE", "8414 S KARLOV AVE", 1 }, { "8430 S KARLOV AVE", "4200 W 81ST ST", 0 },
                { "8430 S KARLOV AVE", "8430 S KARLOV AVE", 0 }, { "湖里区枋湖南路3号", "湖里区枋湖南路12号", 1 },
                { "湖里区枋湖南路3号", "湖里区金尚路3号", 0 },   { "8430 S KARLOV AVE", NULL, 0 },
        };
        World world;

        world_open(&world);
        rules_edit_category(world.rules, "E0504")->own[CATEGORY_ALONG] = 700;
        const PointTable *table = &rules_set(world.rules)->tables[FEATURE_ADDRESS];
        for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
                Member *one = member(&world, (Report){ .source_id = "a",
                                                       .category = "E0504",
                                                       .accuracy_m = 5,
                                                       .address = addresses[i].one }),
                       *other = member(&world, (Report){ .source_id = "b",
                                                         .category = "E0504",
                                                         .accuracy_m = 5,
                                                         .address = addresses[i].other });
                const Comparison compared = pair(&world, one, other);

                ck_assert_msg(compared.points[FEATURE_ADDRESS] - table->points[compared.bins[FEATURE_ADDRESS]] ==
                                      700 * addresses[i].times,
                              "%s, %s: %d", addresses[i].one, addresses[i].other ? addresses[i].other : "none",
                              compared.points[FEATURE_ADDRESS]);
                member_free(one);
                member_free(other);
        }
        world_close(&world);
}
END_TEST

/* Of a stretch, who lives there walks round nothing. */
START_TEST(neighbours_of_one_street_are_no_burst)
{
        static const struct {
                const char *other;
                bool street;
                int64_t burst;
        } cases[] = { { "8414 S KARLOV AVE", true, BURST_NONE },
                      { "8414 S KARLOV AVE", false, BURST_APART },
                      { "4200 W 81ST ST", true, BURST_APART },
                      { "8430 S KARLOV AVE", true, BURST_APART },
                      { NULL, true, BURST_APART } };

        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                const Report seen = { .source_id = "a",
                                      .category = "E0504",
                                      .accuracy_m = 5,
                                      .address = "8430 S KARLOV AVE",
                                      .minute = 5 },
                             other = { .source_id = "b",
                                       .category = "E0504",
                                       .accuracy_m = 5,
                                       .address = cases[i].other,
                                       .minute = 6,
                                       .east_m = 60 };
                World world;

                world_open(&world);
                rules_edit_category(world.rules, "E0504")->street = cases[i].street;
                ck_assert_msg(value_of(&world, seen, other, FEATURE_BURST) == cases[i].burst, "case %zu", i);
                world_close(&world);
        }
}
END_TEST

RUN("score", neighbours_of_one_street_are_no_burst, a_category_says_what_one_street_is_to_it,
    a_category_says_what_each_bin_of_the_distance_costs, points_add_up_to_the_score_of_an_incident,
    means_are_floored_below_zero_too, an_inaccurate_position_says_less_about_distance,
    pseudonyms_of_two_keys_are_absent_not_different, the_same_camera_is_no_sign_of_the_same_problem,
    what_any_member_names_the_incident_names, one_house_is_one_place_wherever_a_position_was_put,
    rare_words_shared_weigh_by_how_rare_they_are, the_same_words_of_one_person_elsewhere_are_a_template,
    strangers_on_one_point_have_no_distance, a_house_or_a_sign_makes_a_point_a_place, what_both_lack_adds_no_points,
    what_one_side_lacks_adds_no_points, a_burst_is_of_one_platform)
