#include "hub/correlate/correlate_metrics.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

static Incident *nobody(void *context, const Member *newcomer, Incident *const *near, size_t near_size)
{
        (void)context;
        (void)newcomer;
        (void)near;
        (void)near_size;
        return NULL;
}

/* Letters that say the same, each an incident of its own. */
static void letters(World *world, const char *said, size_t size)
{
        zone_teach(world->zone, (ZoneTeacher){ nobody, NULL });
        for (size_t i = 0; i < size; i++)
                world_report(world, (Report){ .source_id = arena_format(world->arena, "%s-%zu", said, i),
                                              .description = said });
        zone_teach(world->zone, (ZoneTeacher){ 0 });
}

/* The page after a batch of one report that was decided so. */
static void counted(const World *world, const char *line)
{
        CLEANUP(buffer_free) Buffer page = { 0 };
        Unit unit = { .kind = UNIT_EVENTS };
        Entry entry = { .fresh = true };
        Decided decided = { .unit = &unit, .size = 1 };
        Metrics *metrics = metrics_new();
        CorrelateMetrics *own = correlate_metrics_new(metrics);

        entry.value.kind = KIND_REPORT;
        entry.value.event.time.received = TIME_NONE;
        correlate_metrics_decided(&entry, &world->decision);
        Counted kept = correlate_metrics_kept(&entry);
        decided.counted = &kept;
        correlate_metrics_batch(own, &decided, 0, 1);
        metrics_write(metrics, &page);
        ck_assert_msg(strstr(page.bytes, line) != NULL, "no %s in %s", line, page.bytes);
        correlate_metrics_free(own);
        metrics_free(metrics);
}

/* Three names that 60 share each: the third is one too many, though no more met than are compared. */
START_TEST(a_question_that_its_bound_cut_short_is_counted)
{
        World world;

        world_open(&world);
        letters(&world, "枋湖烧烤", 60);
        letters(&world, "薛岭夜宵", 60);
        world_report(&world, (Report){ .source_id = "two", .description = "枋湖烧烤，薛岭夜宵" });
        ck_assert_uint_eq(world.decision.choice.compared_size, 120);
        counted(&world, "hub_candidates_bounded_total 0\n");
        letters(&world, "吕厝花房", 60);
        world_report(&world, (Report){ .source_id = "three", .description = "枋湖烧烤，薛岭夜宵，吕厝花房" });
        ck_assert_uint_le(world.decision.choice.compared_size, 128);
        counted(&world, "hub_candidates_bounded_total 1\n");
        world_close(&world);
}
END_TEST

RUN("metrics", a_question_that_its_bound_cut_short_is_counted)
