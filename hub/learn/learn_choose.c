/* How firmly the rules that learning starts from hold. */

#include "hub/learn/learn_folds.h"

#include "hub/base/memory.h"

#include <math.h>
#include <string.h>

/* From the firmest to the loosest: what is only as good moves less. */
static const double strengths[] = { LEARN_FIRM, 64, 16, 4, 1 };
enum { STRENGTHS = sizeof strengths / sizeof *strengths };
static const double CHANCES = 1;

/* What folds say of rows beforehand: each row stands in a fold of time and in one of place. */
typedef struct {
        double *margins, *targets, *weights;
        size_t size, known; /* those that the truth speaks of stand first */
} Told;

static void fold_told(const Folding *folding, size_t fold, bool known, Told *told)
{
        for (size_t i = 0; i < folding->rows->rows_size; i++) {
                const LearnRow *row = &folding->rows->rows[i];

                if (row->known != known || !learn_fold_holds(&folding->folds[fold], row->number, row->part))
                        continue;
                told->margins[told->size] = learn_margin(folding->rows, &folding->models[fold], row);
                told->weights[told->size] = row->weight;
                told->targets[told->size++] = row->known ? row->same : row->likely;
        }
}

static void all_told(const Folding *folding, Told *told)
{
        told->size = 0;
        for (size_t fold = 0; fold < LEARN_FOLDS; fold++)
                fold_told(folding, fold, true, told);
        told->known = told->size;
        for (size_t fold = 0; fold < LEARN_FOLDS; fold++)
                fold_told(folding, fold, false, told);
}

/* Of each row that the truth speaks of; the less the better. */
static void losses_take(const Told *told, double *losses)
{
        for (size_t i = 0; i < told->known; i++)
                losses[i] =
                        told->weights[i] * log1p(exp(told->targets[i] > 0.5 ? -told->margins[i] : told->margins[i]));
}

/* By how much the one loses more, and how far that may be chance. */
static void losses_compare(const double *one, const double *other, size_t size, double *more, double *chance)
{
        double sum = 0, squares = 0;

        for (size_t i = 0; i < size; i++) {
                const double difference = one[i] - other[i];

                sum += difference;
                squares += difference * difference;
        }
        *more = sum;
        *chance = sqrt(squares);
}

static void folds_fit(Folding *folding, LearnWay way)
{
        for (size_t i = 0; i < LEARN_FOLDS; i++) {
                learn_model_free(&folding->models[i]);
                learn_fit(folding->rows, folding->base, way, &folding->folds[i], &folding->models[i]);
        }
}

size_t learn_firmest(const double *losses, size_t ways, size_t rows)
{
        size_t best = 0, firmest;
        double more, chance;

        for (size_t i = 1; i < ways; i++) {
                losses_compare(losses + i * rows, losses + best * rows, rows, &more, &chance);
                best = more < 0 ? i : best;
        }
        for (firmest = 0; firmest < best; firmest++) {
                losses_compare(losses + firmest * rows, losses + best * rows, rows, &more, &chance);
                if (more <= CHANCES * chance)
                        break;
        }
        return firmest;
}

static LearnWay way_choose(Folding *folding, Told *told)
{
        CLEANUP(mem_drop)
        double *losses = mem_new((2 * folding->rows->rows_size + 1) * STRENGTHS * sizeof *losses);

        for (size_t i = 0; i < STRENGTHS; i++) {
                folds_fit(folding, (LearnWay){ strengths[i], LEARN_SWEEPS_ROUGH });
                all_told(folding, told);
                losses_take(told, losses + i * told->known);
        }
        return (LearnWay){ strengths[learn_firmest(losses, STRENGTHS, told->known)], LEARN_SWEEPS };
}

LearnChoice learn_choose(Folding *folding, Reliability *reliability)
{
        const size_t room = 2 * folding->rows->rows_size + 1;
        CLEANUP(mem_drop) double *margins = mem_new(room * sizeof *margins);
        CLEANUP(mem_drop) double *targets = mem_new(room * sizeof *targets);
        CLEANUP(mem_drop) double *weights = mem_new(room * sizeof *weights);
        Told told = { margins, targets, weights, 0, 0 };
        LearnChoice choice = { .way = way_choose(folding, &told) };

        folds_fit(folding, choice.way);
        all_told(folding, &told);
        learn_line(margins, targets, weights, told.size, &choice.slope, &choice.shift);
        for (size_t i = 0; i < LEARN_FOLDS; i++)
                learn_stretch(folding->rows, &folding->models[i], choice.slope, choice.shift);
        memset(reliability, 0, sizeof *reliability);
        for (size_t i = 0; i < told.known; i++)
                reliability_add(reliability, learn_chance(choice.slope * margins[i] + choice.shift), targets[i] > 0.5);
        return choice;
}
