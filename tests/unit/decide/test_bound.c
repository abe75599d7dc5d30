#include "hub/decide/bound.h"
#include "hub/decide/decide.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

/* A crowded corner, and rules drawn by lot: whom decide() leaves out must not have mattered, whatever the rules say. */
enum { DRAWS = 20, INCIDENTS = 50, NEWCOMERS = 25, MEMBERS_MOST = 10, POINTS_DRAWN = 4000 };

typedef struct {
        World world;
        Incident *incidents[INCIDENTS];
        uint64_t seed;
        Feature only; /* nothing else has points; FEATURES: all have */
        int made;
} Corner;

#define PICK(corner, list) (list)[world_random(&(corner)->seed) % (sizeof(list) / sizeof *(list))]

/* Every tenth stands on one of two very points, as platforms' defaults do. */
static void place_draw(Corner *corner, Report *report)
{
        const unsigned kind = world_random(&corner->seed) % 10;

        report->accuracy_m = kind == 0 ? 0 : kind == 1 ? 400 : 5 + world_random(&corner->seed) % 60;
        report->east_m = kind == 2 ? 50 : world_random(&corner->seed) % 300;
        report->north_m = kind == 2 ? 50 * (world_random(&corner->seed) % 2) : world_random(&corner->seed) % 300;
}

static Member *member_draw(Corner *corner)
{
        static const char *const categories[] = { "E0504", "E0504", "E0102", "E0301" };
        static const char *const addresses[] = {
                NULL, NULL, "湖里区枋湖南路12号", "枋湖南路88号老林茶庄", "枋湖南路", "湖里区金尚路5号"
        };
        static const char *const titles[] = { "店外经营", "枋湖花园垃圾", "金山小区3号楼垃圾", "A3区薛岭路施工",
                                              "老林茶庄占道经营" };
        static const char *const told[] = { NULL,
                                            "老林茶庄把桌子摆到人行道上，行人过不去，请处理。",
                                            "老林茶庄把桌子摆到人行道上，行人过不去，请处理。",
                                            "枋湖南路12号门口垃圾桶满溢，味道很大。",
                                            "半夜还在打桩施工，金山小区住户休息不了。",
                                            "桌子摆到人行道" };
        static const char *const people[] = { NULL, NULL, "p1:anna", "p1:bert", "p2:anna" };
        static const char *const things[] = { "p1:plate1", "p1:plate2", "p2:plate1" };
        Report report = { .source_id = arena_format(corner->world.arena, "r%d", corner->made++),
                          .platform = world_random(&corner->seed) % 3 ? "p01" : "p12",
                          .category = PICK(corner, categories),
                          .title = PICK(corner, titles),
                          .description = PICK(corner, told),
                          .address = PICK(corner, addresses),
                          .minute = (int)(world_random(&corner->seed) % 3000) };

        place_draw(corner, &report);
        EventValue value = world_value(corner->world.arena, &report);
        const char *person = PICK(corner, people);
        if (person)
                value.event.reporter.ids[value.event.reporter.ids_size++] = (char *)(uintptr_t)person;
        if (world_random(&corner->seed) % 4 == 0)
                event_add_object(&value.event, world_random(&corner->seed) % 2 ? OBJECT_PLATE : OBJECT_ASSET,
                                 PICK(corner, things));
        Member *member = member_new(&value.event, corner->world.rules, NULL);
        member->number = corner->made;
        return member;
}

static int32_t points_draw(Corner *corner)
{
        return (int32_t)(world_random(&corner->seed) % (2 * POINTS_DRAWN)) - POINTS_DRAWN;
}

/* Where words say nothing, a bound has nothing to spare. */
static void rules_hush(RuleSet *rules, CategoryRules *usual)
{
        static const Feature told[] = { FEATURE_TEXT,  FEATURE_TITLE, FEATURE_SHARED, FEATURE_SIGN,
                                        FEATURE_PLACE, FEATURE_AREA,  FEATURE_RARE,   FEATURE_SAID };

        for (size_t i = 0; i < sizeof told / sizeof *told; i++)
                memset(rules->tables[told[i]].points, 0, sizeof rules->tables[told[i]].points);
        usual->own[CATEGORY_SAID] = 0;
}

/* What one feature says, no other hides. */
static void rules_single(RuleSet *rules, CategoryRules *usual, Feature only)
{
        for (Feature f = 0; f < FEATURES; f++)
                if (f != only)
                        memset(rules->tables[f].points, 0, sizeof rules->tables[f].points);
        for (size_t i = 0; i < CATEGORY_POINTS; i++)
                if (category_feature(i) != only)
                        usual->own[i] = 0;
}

static void rules_draw(Corner *corner)
{
        RuleSet *rules = rules_edit(corner->world.rules);

        for (Feature f = 0; f < FEATURES; f++)
                for (size_t bin = 0; bin < table_bins(&rules->tables[f], f); bin++)
                        rules->tables[f].points[bin] = points_draw(corner);
        CategoryRules *usual = rules_edit_category(corner->world.rules, "default");
        for (size_t i = 0; i < CATEGORY_POINTS; i++)
                usual->own[i] = points_draw(corner);
        if (world_random(&corner->seed) % 2)
                rules_hush(rules, usual);
        if (corner->only < FEATURES)
                rules_single(rules, usual, corner->only);
        rules->suggest = points_draw(corner);
        rules->merge = rules->suggest + 1000;
        rules->candidates = world_random(&corner->seed) % 2 ? 512 : INCIDENTS / 2;
}

static void corner_open(Corner *corner, uint64_t seed, bool drawn)
{
        *corner = (Corner){ .seed = seed, .only = drawn && seed >= DRAWS ? (Feature)(seed - DRAWS) : FEATURES };
        world_open(&corner->world);
        if (drawn)
                rules_draw(corner);
        for (size_t i = 0; i < INCIDENTS; i++) {
                Incident *incident = incident_new("350206", arena_format(corner->world.arena, "i%zu", i), NULL, 0);
                const size_t size =
                        world_random(&corner->seed) % 2 ? 1 : 1 + world_random(&corner->seed) % MEMBERS_MOST;

                for (size_t k = 0; k < size; k++)
                        incident_add(incident, member_draw(corner));
                incident->touched = WORLD_START;
                incident_derive(incident);
                corner->incidents[i] = incident;
        }
}

static void corner_close(Corner *corner)
{
        for (size_t i = 0; i < INCIDENTS; i++)
                incident_free(corner->incidents[i]);
        world_close(&corner->world);
}

/* Calls once for each newcomer of each draw. */
static void corners_each(void (*check)(Corner *corner, const Member *newcomer))
{
        for (uint64_t draw = 0; draw < DRAWS + FEATURES; draw++) {
                Corner corner;

                corner_open(&corner, draw, true);
                for (size_t i = 0; i < NEWCOMERS; i++) {
                        Member *newcomer = member_draw(&corner);

                        check(&corner, newcomer);
                        member_free(newcomer);
                }
                corner_close(&corner);
        }
}

static void reach_check(Corner *corner, const Member *newcomer)
{
        const RuleSet *rules = rules_set(corner->world.rules);
        Scene scene = { 0 };

        for (size_t i = 0; i < INCIDENTS; i++)
                scene_add(&scene, newcomer, corner->incidents[i]);
        const Bound bound = bound_of(rules, &scene, newcomer);
        for (size_t i = 0; i < INCIDENTS; i++) {
                Score score;
                Reach reach;

                score_incident(rules, &scene, newcomer, corner->incidents[i], &score);
                /* whoever stops early says the more, and only of whom it rules out */
                bound_facts(&bound, corner->incidents[i], DISTANCE_UNKNOWN, rules->suggest, &reach);
                const int64_t part = reach.most;
                ck_assert(reach.step == REACH_FACTS || part < rules->suggest);
                bound_facts(&bound, corner->incidents[i], DISTANCE_UNKNOWN, INT64_MIN, &reach);
                const int64_t facts = reach.most;
                ck_assert_int_eq(reach.step, REACH_FACTS);
                ck_assert_int_le(facts, part);
                ck_assert_int_le(score.mean.total, facts);
                bound_names(&bound, corner->incidents[i], &reach);
                ck_assert_int_le(score.mean.total, reach.most);
                ck_assert_int_le(reach.most, facts);
        }
}

START_TEST(no_score_is_above_its_bound)
{
        corners_each(reach_check);
}
END_TEST

typedef struct {
        Incident *incident;
        Score score;
} Plain;

static int by_score(const void *one, const void *other)
{
        const Plain *a = one, *b = other;

        if (a->score.mean.total != b->score.mean.total)
                return a->score.mean.total > b->score.mean.total ? -1 : 1;
        return strcmp(a->incident->id, b->incident->id);
}

/* Everybody compared to the end, the best first. */
static size_t plain_rank(const RuleSet *rules, const Member *newcomer, Incident *const *near, Plain out[INCIDENTS])
{
        CLEANUP(candidates_free) Candidates found = { 0 };

        decide_candidates(rules, newcomer, near, INCIDENTS, NULL, NULL, &found);
        for (size_t i = 0; i < found.size; i++) {
                out[i].incident = found.items[i].incident;
                score_incident(rules, &found.scene, newcomer, out[i].incident, &out[i].score);
        }
        qsort(out, found.size, sizeof *out, by_score);
        return found.size;
}

static void score_check(const Score *score, const Score *expected)
{
        ck_assert_ptr_eq(score->against, expected->against);
        ck_assert_int_eq(score->mean.total, expected->mean.total);
        ck_assert_mem_eq(score->mean.values, expected->mean.values, sizeof expected->mean.values);
        ck_assert_mem_eq(score->mean.points, expected->mean.points, sizeof expected->mean.points);
}

static void decision_check(Corner *corner, const Member *newcomer)
{
        const RuleSet *rules = rules_set(corner->world.rules);
        Plain plain[INCIDENTS];
        const size_t size = plain_rank(rules, newcomer, corner->incidents, plain);
        const Plain *join = NULL, *shown = size > 0 ? plain : NULL;
        size_t suggested = 0;
        Choice choice;

        decide(rules, newcomer, corner->incidents, INCIDENTS, NULL, NULL, &choice);
        for (size_t i = 0; i < size && !join; i++)
                if (plain[i].score.mean.total >= rules->merge && incident_has_room(plain[i].incident, newcomer))
                        shown = join = &plain[i];
        ck_assert_ptr_eq(choice.join, join ? join->incident : NULL);
        ck_assert_int_eq(choice.compared, size > 0);
        if (shown)
                score_check(&choice.score, &shown->score);
        for (size_t i = 0; i < size && !join && suggested < INCIDENT_SUGGESTED_MOST; i++) {
                if (plain[i].score.mean.total < rules->suggest)
                        break;
                ck_assert_uint_lt(suggested, choice.suggested_size);
                ck_assert_str_eq(choice.suggested[suggested].incident, plain[i].incident->id);
                ck_assert_int_eq(choice.suggested[suggested++].score, plain[i].score.mean.total);
        }
        ck_assert_uint_eq(choice.suggested_size, suggested);
        const Incident *recurs = decide_recurrence(rules, newcomer, corner->incidents, INCIDENTS, NULL, NULL);
        ck_assert_ptr_eq(recurs, size > 0 && plain->score.mean.total >= rules->merge ? plain->incident : NULL);
}

START_TEST(whom_a_bound_leaves_out_would_have_changed_nothing)
{
        corners_each(decision_check);
}
END_TEST

/* With the shipped rules: most of a crowd is none of the newcomer's business. */
START_TEST(few_of_a_crowd_are_compared_to_the_end)
{
        Corner corner;
        Choice choice;
        size_t compared = 0;

        corner_open(&corner, 1, false);
        for (size_t i = 0; i < NEWCOMERS; i++) {
                Member *newcomer = member_draw(&corner);

                decide(rules_set(corner.world.rules), newcomer, corner.incidents, INCIDENTS, NULL, NULL, &choice);
                compared += choice.compared_size;
                member_free(newcomer);
        }
        ck_assert_uint_lt(compared, NEWCOMERS * INCIDENTS * 3 / 5);
        corner_close(&corner);
}
END_TEST

RUN("bound", no_score_is_above_its_bound, whom_a_bound_leaves_out_would_have_changed_nothing,
    few_of_a_crowd_are_compared_to_the_end)
