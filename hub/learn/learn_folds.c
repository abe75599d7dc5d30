#include "hub/learn/learn_folds.h"

#include "hub/base/memory.h"
#include "hub/learn/learn_run.h"

#include <stdlib.h>

enum {
        TIMES = 3,
        FOLDS = TIMES + LEARN_PARTS,
        GIANT_AMONG = 10,
        MERGE_LEAST = -2500,
        MERGE_MOST = 1500,
        MERGE_STEP = 500,
        MERGE_FINE = 250,
        BAND = 1500,
        NEAR_BEST = 20, /* thousandths of F1 */
        WANTED = 980,   /* thousandths of precision */
        SLACK = 3       /* what only just reaches it in the folds falls short every other time */
};
enum { STEPS = (MERGE_MOST - MERGE_LEAST) / MERGE_STEP + 1 };

typedef struct {
        Lesson *lesson;
        const LearnRows *rows;
        LearnFold folds[FOLDS];
        LearnModel models[FOLDS]; /* each learnt without its fold */
} Folding;

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

static Counts pairs_left(Measured *rows, const LabelledList *list, size_t size, const LearnFold *fold, const Map *parts)
{
        size_t count = 0;

        for (size_t i = 0; i < size; i++) {
                const char *truth = list->items[i].truth;

                if (!truth || (fold && learn_fold_holds(fold, (uint32_t)i, learn_part(parts, truth))))
                        continue;
                rows[count++] = (Measured){ .truth = truth, .incident = list->items[i].incident };
        }
        return measure_pairs(rows, count, NULL);
}

/* Pairs of which one report at least is in the fold; of time: what came later counts for nothing. */
static Counts fold_count(const Folding *folding, const LabelledList *list, const LearnFold *fold)
{
        CLEANUP(mem_drop) Measured *rows = mem_new((list->size + 1) * sizeof *rows);
        const size_t size = fold->by_place || list->size < fold->to ? list->size : fold->to;
        const Counts all = pairs_left(rows, list, size, NULL, folding->rows->parts),
                     rest = pairs_left(rows, list, size, fold, folding->rows->parts);

        return (Counts){ all.predicted - rest.predicted, all.truth - rest.truth, all.both - rest.both };
}

static void counts_add(Counts *sum, Counts one)
{
        sum->predicted += one.predicted;
        sum->truth += one.truth;
        sum->both += one.both;
}

void learn_merge_set(Rules *rules, int32_t merge)
{
        RuleSet *set = rules_edit(rules);

        set->merge = merge;
        set->suggest = merge - BAND;
}

/* What the folds come to at a threshold. */
static bool merge_try(Folding *folding, int32_t merge, Counts *sum, Error *err)
{
        *sum = (Counts){ 0 };
        for (size_t i = 0; i < FOLDS; i++) {
                const LearnFold *fold = &folding->folds[i];
                LabelledList list = { 0 };

                learn_apply(folding->rows, &folding->models[i], folding->lesson->rules);
                learn_merge_set(folding->lesson->rules, merge);
                const bool fine = learn_run(folding->lesson, (ZoneTeacher){ 0 }, &list,
                                            fold->by_place ? SIZE_MAX : fold->to, err);
                giants_drop(&list);
                counts_add(sum, fold_count(folding, &list, fold));
                labelled_free(&list);
                if (!fine)
                        return false;
        }
        return true;
}

static bool is_precise(const Counts *counts)
{
        return counts_precision(counts) * 1000 >= WANTED + SLACK;
}

static bool is_near_best(const Counts *counts, double best)
{
        return counts_f1(counts) * 1000 >= best * 1000 - NEAR_BEST;
}

/*
 * Precision first: of the thresholds that are nearly as good as the best one, the best of those that reach the wanted precision,
 * the higher of two that are equal; and where none does, the highest.
 */
static int step_choose(const Counts counts[STEPS])
{
        double best = 0;
        int highest = 0, chosen = -1;

        for (int step = 0; step < STEPS; step++)
                best = counts_f1(&counts[step]) > best ? counts_f1(&counts[step]) : best;
        for (int step = 0; step < STEPS; step++) {
                if (!is_near_best(&counts[step], best))
                        continue;
                highest = step;
                if (is_precise(&counts[step]) && (chosen < 0 || counts_f1(&counts[step]) >= counts_f1(&counts[chosen])))
                        chosen = step;
        }
        return chosen >= 0 ? chosen : highest;
}

static void folds_make(Folding *folding, const RuleSet *base)
{
        const int64_t newcomers = folding->rows->newcomers;

        for (int64_t i = 0; i < FOLDS; i++) {
                LearnFold *fold = &folding->folds[i];

                *fold = i < TIMES ? (LearnFold){ .from = (uint32_t)(newcomers * i / TIMES),
                                                 .to = (uint32_t)(newcomers * (i + 1) / TIMES) }
                                  : (LearnFold){ .by_place = true, .part = (uint32_t)(i - TIMES) };
                learn_fit(folding->rows, base, fold, &folding->models[i]);
        }
}

/* Half a step lower where that is precise enough too. */
static bool merge_refine(Folding *folding, int32_t *merge, Counts *counts, Error *err)
{
        Counts finer;

        if (!is_precise(counts))
                return true;
        if (!merge_try(folding, *merge - MERGE_FINE, &finer, err))
                return false;
        if (is_precise(&finer) && counts_f1(&finer) >= counts_f1(counts)) {
                *merge -= MERGE_FINE;
                *counts = finer;
        }
        return true;
}

bool learn_threshold(Lesson *lesson, const LearnRows *rows, const RuleSet *base, int32_t *merge, Counts *counts,
                     Error *err)
{
        Folding folding = { .lesson = lesson, .rows = rows };
        Counts steps[STEPS];
        bool fine = true;

        folds_make(&folding, base);
        for (int step = 0; step < STEPS && fine; step++)
                fine = merge_try(&folding, MERGE_LEAST + step * MERGE_STEP, &steps[step], err);
        if (fine) {
                const int step = step_choose(steps);

                *merge = MERGE_LEAST + step * MERGE_STEP;
                *counts = steps[step];
                fine = merge_refine(&folding, merge, counts, err);
        }
        for (size_t i = 0; i < FOLDS; i++)
                learn_model_free(&folding.models[i]);
        return fine;
}
