/* What a model says of a row, and a model as points of the rules. */

#include "hub/learn/learn_model.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { LINE_STEPS = 12 };
static const double line_ridge = 4, slope_least = 0.5, slope_most = 1.5, step_most = 1;

static double member_score(const LearnModel *model, const LearnRow *row, const RowMember *member)
{
        double sum = 0;

        for (size_t i = 0; i < CATEGORY_POINTS; i++)
                sum += member->times[i] * model->own[(size_t)row->category * CATEGORY_POINTS + i];
        for (Feature f = 0; f < FEATURES; f++)
                sum += model->weights[f][member->bins[f]];
        return sum;
}

double learn_margin_best(const LearnRows *rows, const LearnModel *model, const LearnRow *row, uint32_t *best)
{
        double most = -DBL_MAX, sum = 0;

        *best = 0;
        for (uint32_t i = 0; i < row->size; i++) {
                const double score = member_score(model, row, &rows->members[row->first + i]);

                sum += score / row->size;
                if (score > most) {
                        most = score;
                        *best = i;
                }
        }
        return row->placed ? sum : (sum + most) / 2;
}

double learn_margin(const LearnRows *rows, const LearnModel *model, const LearnRow *row)
{
        uint32_t best;

        return learn_margin_best(rows, model, row, &best);
}

double learn_chance(double margin)
{
        return 1 / (1 + exp(-margin));
}

void learn_line(const double *margins, const double *targets, const double *weights, size_t size, double *slope,
                double *shift)
{
        *slope = 1;
        *shift = 0;
        for (int step = 0; step < LINE_STEPS; step++) {
                double a = line_ridge * (1 - *slope), b = -*shift, aa = line_ridge, bb = 1, ab = 0;

                for (size_t i = 0; i < size; i++) {
                        const double p = learn_chance(*slope * margins[i] + *shift), q = weights[i] * p * (1 - p),
                                     off = weights[i] * (targets[i] - p);

                        a += off * margins[i];
                        b += off;
                        aa += q * margins[i] * margins[i];
                        bb += q;
                        ab += q * margins[i];
                }
                const double whole = aa * bb - ab * ab, move = fmin(fmax((a * bb - b * ab) / whole, -0.5), 0.5);

                *slope = fmin(fmax(*slope + move, slope_least), slope_most);
                *shift += fmin(fmax((b * aa - a * ab) / whole, -step_most), step_most);
        }
}

void learn_stretch(const LearnRows *rows, LearnModel *model, double slope, double shift)
{
        for (Feature f = 0; f < FEATURES; f++)
                for (size_t b = 0; b < TABLE_BINS_MOST + 2; b++)
                        model->weights[f][b] *= slope;
        for (size_t i = 0; i < rows->categories_size * CATEGORY_POINTS; i++)
                model->own[i] *= slope;
        model->weights[FEATURE_PRIOR][0] += shift;
}

void learn_model_free(LearnModel *model)
{
        free(model->own);
        *model = (LearnModel){ 0 };
}

void learn_apply(const LearnRows *rows, const LearnModel *model, Rules *rules)
{
        RuleSet *set = rules_edit(rules);

        for (Feature f = 0; f < FEATURES; f++)
                for (size_t b = 0; f != FEATURE_RATE && b < table_bins(&set->tables[f], f); b++)
                        set->tables[f].points[b] = (int32_t)lround(model->weights[f][b] * 1000);
        for (size_t c = 0; c < rows->categories_size; c++)
                for (size_t i = 0; i < CATEGORY_POINTS; i++)
                        rules_edit_category(rules, rows->categories[c])->own[i] =
                                (int32_t)lround(model->own[c * CATEGORY_POINTS + i] * 1000);
}
