#include "hub/correlate/learn.h"

#include "hub/base/memory.h"
#include "hub/correlate/learn_fit.h"
#include "hub/correlate/learn_run.h"
#include "hub/correlate/measure.h"

#include <stdlib.h>
#include <string.h>

enum {
        FOLDS = 3,
        MINUTE_MS = 60000,
        IDLE_MOST = 400 * 1440, /* minutes */
        LEAST_SAME = 8,
        GIANT_AMONG = 10,
        MERGE_LEAST = -2500,
        MERGE_MOST = 1500,
        MERGE_STEP = 500,
        MERGE_USUAL = -1000,
        BAND = 1500,
        NEAR_BEST = 20, /* thousandths of F1 */
        WANTED = 980    /* thousandths of precision */
};
enum { STEPS = (MERGE_MOST - MERGE_LEAST) / MERGE_STEP + 1 };

static int numbers_order(const void *one, const void *other)
{
        const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

        return (a > b) - (a < b);
}

/* The value that so many percent do not exceed. */
static int64_t quantile(int64_t *numbers, size_t size, size_t percent)
{
        if (size == 0)
                return 0;
        qsort(numbers, size, sizeof *numbers, numbers_order);
        return numbers[(size - 1) * percent / 100];
}

static int64_t within(int64_t value, int64_t least, int64_t most)
{
        return value < least ? least : value > most ? most : value;
}

/* How far and how long true pairs reach, with room to spare; only the default, what names a category knows better. */
static void limits_learn(LearnRows *rows, Rules *rules)
{
        CategoryRules *usual = rules_edit_category(rules, "default");
        const int64_t metres = quantile(rows->metres, rows->metres_size, 95),
                      minutes = quantile(rows->minutes, rows->minutes_size, 99);

        /* what accuracy usually is leaves distances as they are: how much it says is learnt from them */
        if (rows->accuracies_size >= LEAST_SAME) {
                RuleSet *set = rules_edit(rules);

                set->scale_cm = within((quantile(rows->accuracies, rows->accuracies_size, 50) + 99) / 100 * 100,
                                       set->scale_cm, set->wide_cm);
        }
        if (rows->metres_size >= LEAST_SAME) {
                usual->radius_cm = within(metres * 3 / 2, 50, 400) * 100;
                usual->diameter_cm = within(quantile(rows->metres, rows->metres_size, 99) * 100,
                                            usual->radius_cm * 3 / 2, usual->radius_cm * 3);
        }
        if (rows->minutes_size >= LEAST_SAME)
                usual->idle_ms = within(minutes * 2, usual->idle_ms / MINUTE_MS, IDLE_MOST) * MINUTE_MS;
        usual->members = within(4 * rows->largest, usual->members, 1000);
}

static int64_t pairs_of(int64_t size)
{
        return size * (size - 1) / 2;
}

static bool pairs_sum(const void *key, size_t size, void *value, void *context)
{
        (void)key;
        (void)size;
        *(int64_t *)context += pairs_of((int64_t)(uintptr_t)value);
        return true;
}

/* Takes the truth from an incident that alone makes more than a third of all true pairs: it would choose the threshold for itself. */
static void giants_drop(LabelledList *list)
{
        CLEANUP(map_drop) Map *sizes = map_new();
        int64_t all = 0;

        for (size_t i = 0; i < list->size; i++)
                map_put_text(sizes, list->items[i].truth,
                             (void *)((uintptr_t)map_get_text(sizes, list->items[i].truth) + 1));
        map_each(sizes, pairs_sum, &all);
        for (size_t i = 0; i < list->size; i++) {
                const int64_t size =
                        (int64_t)(uintptr_t)map_get_text(sizes, list->items[i].truth ? list->items[i].truth : "");

                if (3 * pairs_of(size) > all && map_size(sizes) >= GIANT_AMONG)
                        list->items[i].truth = NULL;
        }
}

/* Pairs whose later report is among the labelled ones in [from, to). */
static Counts fold_count(const LabelledList *list, size_t from, size_t to)
{
        CLEANUP(mem_drop) Measured *rows = mem_new((list->size + 1) * sizeof *rows);
        size_t before = 0, size = 0;

        for (size_t i = 0; i < list->size && i < to; i++) {
                if (list->items[i].truth)
                        rows[size++] = (Measured){ .truth = list->items[i].truth, .incident = list->items[i].incident };
                before = i < from ? size : before;
        }
        const Counts all = measure_pairs(rows, size, NULL), early = measure_pairs(rows, before, NULL);
        return (Counts){ all.predicted - early.predicted, all.truth - early.truth, all.both - early.both };
}

static void counts_add(Counts *sum, Counts one)
{
        sum->predicted += one.predicted;
        sum->truth += one.truth;
        sum->both += one.both;
}

/* Fits without each fold, and counts what it then decides in that fold at each threshold. */
static bool folds_try(Lesson *lesson, const LearnRows *rows, const RuleSet *base, Counts counts[STEPS], Error *err)
{
        for (int64_t fold = 0; fold < FOLDS; fold++) {
                const uint32_t from = (uint32_t)(rows->newcomers * fold / FOLDS),
                               to = (uint32_t)(rows->newcomers * (fold + 1) / FOLDS);
                LearnModel model;

                learn_fit(rows, base, from, to, &model);
                learn_apply(rows, &model, lesson->rules);
                learn_model_free(&model);
                for (int step = 0; step < STEPS; step++) {
                        LabelledList list = { 0 };
                        RuleSet *set = rules_edit(lesson->rules);

                        set->merge = MERGE_LEAST + step * MERGE_STEP;
                        set->suggest = set->merge - BAND;
                        const bool fine = learn_run(lesson, (ZoneTeacher){ 0 }, &list, to, err);
                        giants_drop(&list);
                        counts_add(&counts[step], fold_count(&list, from, to));
                        labelled_free(&list);
                        if (!fine)
                                return false;
                }
        }
        return true;
}

static bool is_near_best(const Counts *counts, double best)
{
        return counts_f1(counts) * 1000 >= best * 1000 - NEAR_BEST;
}

/*
 * Precision first: the highest threshold that is nearly as good as the best one; but of those that reach the wanted precision,
 * the one nearest to where the best one is found in greater sets (correlation.md section E: log-odds -1).
 */
static int step_choose(const Counts counts[STEPS])
{
        const int usual = (MERGE_USUAL - MERGE_LEAST) / MERGE_STEP;
        double best = 0;
        int highest = 0, chosen = -1;

        for (int step = 0; step < STEPS; step++)
                best = counts_f1(&counts[step]) > best ? counts_f1(&counts[step]) : best;
        for (int step = 0; step < STEPS; step++) {
                if (!is_near_best(&counts[step], best))
                        continue;
                highest = step;
                if (counts_precision(&counts[step]) * 1000 >= WANTED &&
                    (chosen < 0 || abs(step - usual) < abs(chosen - usual)))
                        chosen = step;
        }
        return chosen >= 0 ? chosen : highest;
}

static void evidence_take(const LearnRows *rows, Evidence *evidence)
{
        for (size_t i = 0; i < rows->rows_size; i++) {
                const LearnRow *row = &rows->rows[i];

                evidence->rows_same += row->same;
                evidence->rows_other += !row->same;
                for (uint32_t m = 0; m < row->size; m++)
                        for (Feature f = 0; f < FEATURES; f++)
                                (row->same ? evidence->same
                                           : evidence->other)[f][rows->members[row->first + m].bins[f]]++;
        }
        evidence->subjects = rows->newcomers;
}

static bool fit_all(Lesson *lesson, LearnRows *rows, Evidence *evidence, Error *err)
{
        const RuleSet base = *rules_set(lesson->rules);
        Counts counts[STEPS] = { 0 };
        LearnModel model;

        if (!folds_try(lesson, rows, &base, counts, err))
                return false;
        const int step = step_choose(counts);
        learn_fit(rows, &base, 0, 0, &model);
        learn_apply(rows, &model, lesson->rules);
        learn_model_free(&model);
        RuleSet *set = rules_edit(lesson->rules);
        set->merge = MERGE_LEAST + step * MERGE_STEP;
        set->suggest = set->merge - BAND;
        evidence->precision = counts_precision(&counts[step]);
        evidence->recall = counts_recall(&counts[step]);
        evidence->f1 = counts_f1(&counts[step]);
        return true;
}

bool learn(Lesson *lesson, Evidence *evidence, Error *err)
{
        LearnRows rows;
        bool fine = learn_rows(lesson, &rows, err);

        *evidence = (Evidence){ 0 };
        if (fine) {
                limits_learn(&rows, lesson->rules);
                learn_rows_free(&rows);
                fine = learn_rows(lesson, &rows, err);
        }
        if (fine) {
                evidence_take(&rows, evidence);
                if (evidence->rows_same < LEAST_SAME)
                        fine = error_set(err, ERR_FATAL, NULL,
                                         "too little to learn from: of %lld labelled subjects in the log, %lld meet an "
                                         "incident of their own near by and %lld another one",
                                         (long long)evidence->subjects, (long long)evidence->rows_same,
                                         (long long)evidence->rows_other);
        }
        fine = fine && fit_all(lesson, &rows, evidence, err);
        learn_rows_free(&rows);
        return fine;
}
