#include "hub/learn/learn_folds.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <math.h>
#include <stdlib.h>

enum {
        GIANT_AMONG = 10,
        MERGE_LEAST = -2000,
        MERGE_MOST = 2000,
        MERGE_FURTHEST = 6000, /* where a precision is wanted */
        MERGE_STEP = 500,
        MERGE_FINE = 250,
        USUAL = 980,    /* thousandths of precision, where that costs little */
        FOLDS_EACH = 2, /* of time and of place: so often a pair counts */
        STRANGERS = 2,  /* so many joins with what nobody labelled weigh as one false pair */
        SLACK = 3       /* what only just reaches it in the folds falls short every other time */
};
static const double NEAR_LEAST = 0.02, NEAR = 0.6; /* of F1; the latter over the root of the pairs */
enum { STEPS = (MERGE_FURTHEST - MERGE_LEAST) / MERGE_STEP + 1 };

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

/* The incident that alone makes more than a third of all true pairs: it would choose the threshold for itself. NULL: none does. */
static const char *giant_find(const LabelledList *list)
{
        CLEANUP(map_drop) Map *sizes = map_new();
        int64_t all = 0;

        for (size_t i = 0; i < list->size; i++)
                if (list->items[i].truth)
                        map_put_text(sizes, list->items[i].truth,
                                     (void *)((uintptr_t)map_get_text(sizes, list->items[i].truth) + 1));
        map_each(sizes, pairs_sum, &all);
        for (size_t i = 0; i < list->size && map_size(sizes) >= GIANT_AMONG; i++) {
                const char *truth = list->items[i].truth;

                if (truth && 3 * pairs_of((int64_t)(uintptr_t)map_get_text(sizes, truth)) > all)
                        return truth;
        }
        return NULL;
}

/* Labelled ones in the fold, or beside it; NULL: all. What came after a fold of time is not looked at. */
static bool counts_here(const Folding *folding, const Labelled *item, const LearnFold *fold)
{
        return item->truth && !(folding->giant && text_same(item->truth, folding->giant)) &&
               (fold->by_place || item->number < fold->to);
}

static bool in_fold(const Folding *folding, const Labelled *item, const LearnFold *fold)
{
        return learn_fold_holds(fold, item->number, learn_part(folding->rows->parts, item->truth));
}

static Counts pairs_left(const Folding *folding, const LabelledList *list, const LearnFold *fold, bool rest)
{
        CLEANUP(mem_drop) Measured *rows = mem_new((list->size + 1) * sizeof *rows);
        size_t count = 0;

        for (size_t i = 0; i < list->size; i++) {
                const Labelled *item = &list->items[i];

                if (counts_here(folding, item, fold) && !(rest && in_fold(folding, item, fold)))
                        rows[count++] = (Measured){ .truth = item->truth,
                                                    .incident = item->incident,
                                                    .weight = sqrt(learn_witness(folding->rows, item->number)) };
        }
        return measure_pairs(rows, count, NULL);
}

/* As how many false pairs those of a labelled report in the fold and one that nobody labelled weigh. */
static int64_t strangers_count(const Folding *folding, const LabelledList *list, const LearnFold *fold)
{
        CLEANUP(map_drop) Map *strangers = map_new(); /* incident -> how many */
        double sum = 0;

        for (size_t i = 0; i < list->size; i++) {
                const char *incident = list->items[i].incident;

                if (!list->items[i].truth)
                        map_put_text(strangers, incident, (void *)((uintptr_t)map_get_text(strangers, incident) + 1));
        }
        for (size_t i = 0; i < list->size && map_size(strangers) > 0; i++) {
                const Labelled *item = &list->items[i];

                if (counts_here(folding, item, fold) && in_fold(folding, item, fold))
                        sum += learn_witness(folding->rows, item->number) *
                               (double)(uintptr_t)map_get_text(strangers, item->incident);
        }
        return (int64_t)(sum / STRANGERS);
}

Counts learn_fold_count(const Folding *folding, const LabelledList *list, const LearnFold *fold)
{
        const Counts all = pairs_left(folding, list, fold, false), rest = pairs_left(folding, list, fold, true);
        const int64_t strangers = strangers_count(folding, list, fold);

        return (Counts){ all.predicted - rest.predicted + strangers, all.truth - rest.truth, all.both - rest.both };
}

bool learn_folds_open(Folding *folding, Counts *counts, Error *err)
{
        const int64_t newcomers = folding->rows->newcomers;
        const Lesson shipped = { .lines = folding->lesson->lines,
                                 .size = folding->lesson->size,
                                 .truth = folding->lesson->truth,
                                 .rules = (Rules *)(uintptr_t)folding->lesson->shipped };

        if (!learn_run(&shipped, (ZoneTeacher){ 0 }, &folding->shipped, SIZE_MAX, err))
                return false;
        folding->giant = giant_find(&folding->shipped);
        *counts = (Counts){ 0 };
        for (int64_t i = 0; i < LEARN_FOLDS; i++) {
                LearnFold *fold = &folding->folds[i];

                *fold = i < LEARN_TIMES ? (LearnFold){ .from = (uint32_t)(newcomers * i / LEARN_TIMES),
                                                       .to = (uint32_t)(newcomers * (i + 1) / LEARN_TIMES) }
                                        : (LearnFold){ .by_place = true, .part = (uint32_t)(i - LEARN_TIMES) };
                const Counts one = learn_fold_count(folding, &folding->shipped, fold);
                counts_add(counts, &one, 1);
        }
        return true;
}

void learn_folds_close(Folding *folding)
{
        for (size_t i = 0; i < LEARN_FOLDS; i++)
                learn_model_free(&folding->models[i]);
        labelled_free(&folding->shipped);
}

/* What the folds come to at a threshold. */
static bool merge_try(Folding *folding, int32_t merge, Counts *sum, Error *err)
{
        RuleSet *set = rules_edit(folding->lesson->rules);

        *sum = (Counts){ 0 };
        for (size_t i = 0; i < LEARN_FOLDS; i++) {
                const LearnFold *fold = &folding->folds[i];
                LabelledList list = { 0 };

                learn_apply(folding->rows, &folding->models[i], folding->lesson->rules);
                set->merge = set->suggest = merge;
                const bool fine = learn_run(folding->lesson, (ZoneTeacher){ 0 }, &list,
                                            fold->by_place ? SIZE_MAX : fold->to, err);
                const Counts one = learn_fold_count(folding, &list, fold);
                counts_add(sum, &one, 1);
                labelled_free(&list);
                if (!fine)
                        return false;
        }
        return true;
}

static bool is_precise(const Counts *counts, int64_t wanted)
{
        return counts_precision(counts) * 1000 >= (double)(wanted + SLACK);
}

/* Where F1 is best when scores mean what they say: at half of the best F1. In thousandths of log-odds. */
static double step_expected(const Counts *best)
{
        const double chance = fmin(fmax(counts_f1(best) / 2, 0.01), 0.49);

        return 1000 * log(chance / (1 - chance));
}

static bool is_nearer(int step, int other, double expected)
{
        return fabs(MERGE_LEAST + step * MERGE_STEP - expected) < fabs(MERGE_LEAST + other * MERGE_STEP - expected);
}

int learn_step(const Counts *counts, int steps)
{
        int best = 0, nearest = -1, chosen = -1;

        for (int step = 0; step < steps; step++)
                best = counts_f1(&counts[step]) > counts_f1(&counts[best]) ? step : best;
        const double near =
                counts_f1(&counts[best]) - fmax(NEAR_LEAST, NEAR / sqrt((double)counts[best].truth / FOLDS_EACH + 1));
        for (int step = 0; step < steps; step++) {
                if (counts_f1(&counts[step]) < near)
                        continue;
                if (nearest < 0 || is_nearer(step, nearest, step_expected(&counts[best])))
                        nearest = step;
                if (is_precise(&counts[step], USUAL) &&
                    (chosen < 0 || counts_f1(&counts[step]) >= counts_f1(&counts[chosen])))
                        chosen = step;
        }
        return chosen >= 0 ? chosen : nearest;
}

/* The best of those that reach what is wanted; none does: the most precise. */
static int step_wanted(const Counts *counts, int steps, int64_t wanted)
{
        int chosen = -1, most = 0;

        for (int step = 0; step < steps; step++) {
                if (counts_precision(&counts[step]) >= counts_precision(&counts[most]))
                        most = step;
                if (is_precise(&counts[step], wanted) &&
                    (chosen < 0 || counts_f1(&counts[step]) > counts_f1(&counts[chosen])))
                        chosen = step;
        }
        return chosen >= 0 ? chosen : most;
}

/* Half a step lower where that is precise enough too. */
static bool merge_refine(Folding *folding, int64_t wanted, int32_t *merge, Counts *counts, Error *err)
{
        Counts finer;

        if (!is_precise(counts, wanted))
                return true;
        if (!merge_try(folding, *merge - MERGE_FINE, &finer, err))
                return false;
        if (is_precise(&finer, wanted) && counts_f1(&finer) >= counts_f1(counts)) {
                *merge -= MERGE_FINE;
                *counts = finer;
        }
        return true;
}

bool learn_threshold(Folding *folding, int32_t *merge, Counts *counts, Error *err)
{
        const int64_t wanted = folding->lesson->precision;
        const int steps_size = ((wanted ? MERGE_FURTHEST : MERGE_MOST) - MERGE_LEAST) / MERGE_STEP + 1;
        Counts steps[STEPS];

        for (int step = 0; step < steps_size; step++)
                if (!merge_try(folding, MERGE_LEAST + step * MERGE_STEP, &steps[step], err))
                        return false;
        const int step = wanted ? step_wanted(steps, steps_size, wanted) : learn_step(steps, steps_size);
        *merge = MERGE_LEAST + step * MERGE_STEP;
        *counts = steps[step];
        return merge_refine(folding, wanted ? wanted : USUAL, merge, counts, err);
}
