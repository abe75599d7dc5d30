#include "hub/learn/learn_fit.h"

#include "hub/base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Penalised logistic regression, feature after feature: Newton's step for all bins of one, then the bins of a number are
 * made to rise or fall as the world does (pool adjacent violators). A row's share in a bin is the share of its members there,
 * as linkage takes the mean; without a position the best member counts half. RIDGE is the number of observations that the
 * starting point is worth, SMOOTH that of a neighbouring bin, both times the strength of the fit.
 */
static const double ridge = 1, smooth = 2.5, own_ridge[CATEGORY_POINTS] = { 0.75, 1.25, 1.25, 1.25, 1.25, 5 },
                    step_most = 1;

typedef struct {
        const LearnRows *rows;
        const RuleSet *base;
        double strength;
        LearnModel *model;
        LearnModel start; /* that it is drawn to */
        uint32_t *use;    /* indices of the rows that are used */
        size_t use_size;
        double *margins; /* of each of them */
        double *targets; /* 0 or 1, or in between where nobody said */
        double *weights;
        uint32_t *best; /* its member with the highest score */
} Fit;

static double row_share(const Fit *fit, size_t at, uint32_t member)
{
        const LearnRow *row = &fit->rows->rows[fit->use[at]];
        const double mean = 1.0 / row->size;

        if (row->placed)
                return mean;
        return mean / 2 + (member == fit->best[at] ? 0.5 : 0);
}

/* Scores of all rows under the present weights, and who is best in each. */
static void margins_make(Fit *fit)
{
        for (size_t at = 0; at < fit->use_size; at++)
                fit->margins[at] =
                        learn_margin_best(fit->rows, fit->model, &fit->rows->rows[fit->use[at]], &fit->best[at]);
}

/* Makes weights[0..size) rise (or, by sign -1, fall): neighbours that break the order share their mean. */
static void order(double *weights, const double *evidence, size_t size, int trend)
{
        double value[TABLE_BINS_MOST + 2], mass[TABLE_BINS_MOST + 2];
        size_t count[TABLE_BINS_MOST + 2], blocks = 0, at = 0;

        for (size_t i = 0; i < size; i++) {
                value[blocks] = trend * weights[i];
                mass[blocks] = evidence[i];
                count[blocks++] = 1;
                while (blocks > 1 && value[blocks - 2] > value[blocks - 1]) {
                        const double total = mass[blocks - 2] + mass[blocks - 1];

                        value[blocks - 2] =
                                (value[blocks - 2] * mass[blocks - 2] + value[blocks - 1] * mass[blocks - 1]) / total;
                        mass[blocks - 2] = total;
                        count[blocks - 2] += count[blocks - 1];
                        blocks--;
                }
        }
        for (size_t b = 0; b < blocks; b++)
                for (size_t i = 0; i < count[b]; i++)
                        weights[at++] = trend * value[b];
}

typedef struct {
        double pull[TABLE_BINS_MOST + 2], curve[TABLE_BINS_MOST + 2]; /* gradient; second derivative, without sign */
} Slope;

static void slope_data(const Fit *fit, Feature feature, Slope *slope)
{
        memset(slope, 0, sizeof *slope);
        for (size_t at = 0; at < fit->use_size; at++) {
                const LearnRow *row = &fit->rows->rows[fit->use[at]];
                const double p = learn_chance(fit->margins[at]);

                for (uint32_t i = 0; i < row->size; i++) {
                        const uint8_t bin = fit->rows->members[row->first + i].bins[feature];
                        const double share = row_share(fit, at, i);

                        slope->pull[bin] += fit->weights[at] * share * (fit->targets[at] - p);
                        slope->curve[bin] += fit->weights[at] * share * p * (1 - p);
                }
        }
}

static void slope_prior(const Fit *fit, Feature feature, size_t bins, size_t ordered, Slope *slope)
{
        const double *weights = fit->model->weights[feature], *start = fit->start.weights[feature];
        const double firm = ridge * fit->strength, even = smooth * fit->strength;

        for (size_t b = 0; b < bins; b++) {
                slope->pull[b] -= firm * (weights[b] - start[b]);
                slope->curve[b] += firm;
                for (int side = -1; side <= 1; side += 2) {
                        const size_t other = b + (size_t)side;

                        if (b >= ordered || other >= ordered)
                                continue;
                        slope->pull[b] -= even * (weights[b] - weights[other] - start[b] + start[other]);
                        slope->curve[b] += even;
                }
        }
}

static void margins_move(Fit *fit, Feature feature, const double *change)
{
        for (size_t at = 0; at < fit->use_size; at++) {
                const LearnRow *row = &fit->rows->rows[fit->use[at]];

                for (uint32_t i = 0; i < row->size; i++)
                        fit->margins[at] +=
                                row_share(fit, at, i) * change[fit->rows->members[row->first + i].bins[feature]];
        }
}

static void feature_step(Fit *fit, Feature feature)
{
        const PointTable *table = &fit->base->tables[feature];
        const FeatureForm *form = feature_form(feature);
        const size_t bins = table_bins(table, feature), ordered = form->choices ? 0 : table->size + 1;
        double *weights = fit->model->weights[feature], change[TABLE_BINS_MOST + 2] = { 0 };
        Slope slope;

        slope_data(fit, feature, &slope);
        slope_prior(fit, feature, bins, ordered, &slope);
        for (size_t b = 0; b < bins; b++) {
                const double step = slope.pull[b] / slope.curve[b];

                change[b] = -weights[b];
                weights[b] += step > step_most ? step_most : step < -step_most ? -step_most : step;
        }
        if (form->trend)
                order(weights, slope.curve, ordered, form->trend);
        for (size_t b = 0; b < bins; b++)
                change[b] += weights[b];
        margins_move(fit, feature, change);
}

/* How often the category's own point counts in a row, on average. */
static double own_share(const Fit *fit, size_t at, size_t point)
{
        const LearnRow *row = &fit->rows->rows[fit->use[at]];
        double share = 0;

        for (uint32_t i = 0; i < row->size; i++)
                share += fit->rows->members[row->first + i].times[point] * row_share(fit, at, i);
        return share;
}

static void own_step(Fit *fit, size_t point)
{
        const size_t size = fit->rows->categories_size;
        CLEANUP(mem_drop) double *pull = mem_new((size + 1) * sizeof *pull);
        CLEANUP(mem_drop) double *curve = mem_new((size + 1) * sizeof *curve);

        for (size_t at = 0; at < fit->use_size; at++) {
                const LearnRow *row = &fit->rows->rows[fit->use[at]];
                const double p = learn_chance(fit->margins[at]), share = own_share(fit, at, point);

                pull[row->category] += fit->weights[at] * share * (fit->targets[at] - p);
                curve[row->category] += fit->weights[at] * fmax(share, share * share) * p * (1 - p);
        }
        for (size_t c = 0; c < size; c++) {
                double *own = &fit->model->own[c * CATEGORY_POINTS + point];
                const double start = fit->start.own[c * CATEGORY_POINTS + point],
                             firm = own_ridge[point] * fit->strength,
                             step = (pull[c] - firm * (*own - start)) / (curve[c] + firm);

                pull[c] = step > step_most ? step_most : step < -step_most ? -step_most : step;
                *own += pull[c];
        }
        for (size_t at = 0; at < fit->use_size; at++)
                fit->margins[at] += own_share(fit, at, point) * pull[fit->rows->rows[fit->use[at]].category];
}

/* The rules as they are: what nobody labelled is as likely as they say. */
static void start_make(Fit *fit)
{
        for (Feature f = 0; f < FEATURES; f++)
                for (size_t b = 0; f != FEATURE_RATE && b < table_bins(&fit->base->tables[f], f); b++)
                        fit->model->weights[f][b] = fit->base->tables[f].points[b] / 1000.0;
        for (size_t c = 0; c < fit->rows->categories_size; c++)
                for (size_t i = 0; i < CATEGORY_POINTS; i++)
                        fit->model->own[c * CATEGORY_POINTS + i] = fit->rows->own[c][i] / 1000.0;
        margins_make(fit);
        for (size_t at = 0; at < fit->use_size; at++) {
                const LearnRow *row = &fit->rows->rows[fit->use[at]];

                fit->targets[at] = row->known ? row->same : row->likely;
                fit->weights[at] = row->weight;
        }
}

/* Stretched and shifted as a whole: from there every bin starts. */
static void start_fit(Fit *fit)
{
        const size_t own = fit->rows->categories_size * CATEGORY_POINTS * sizeof(double);
        double slope, shift;

        learn_line(fit->margins, fit->targets, fit->weights, fit->use_size, &slope, &shift);
        learn_stretch(fit->rows, fit->model, slope, shift);
        memcpy(fit->start.weights, fit->model->weights, sizeof fit->start.weights);
        memcpy(fit->start.own, fit->model->own, own);
}

static void bins_fit(Fit *fit, int sweeps)
{
        for (int round = 0; round < (sweeps > LEARN_SWEEPS_ROUGH ? 2 : 1); round++) {
                margins_make(fit);
                for (int sweep = 0; sweep < sweeps; sweep++) {
                        for (Feature f = 0; f < FEATURES; f++)
                                if (f != FEATURE_RATE)
                                        feature_step(fit, f);
                        for (size_t i = 0; i < CATEGORY_POINTS; i++)
                                own_step(fit, i);
                }
        }
}

void learn_fit(const LearnRows *rows, const RuleSet *base, LearnWay way, const LearnFold *left_out, LearnModel *model)
{
        Fit fit = { .rows = rows, .base = base, .strength = way.strength, .model = model };
        const size_t own = (rows->categories_size + 1) * CATEGORY_POINTS * sizeof(double);
        CLEANUP(mem_drop) uint32_t *use = mem_new((rows->rows_size + 1) * sizeof *use);
        CLEANUP(mem_drop) uint32_t *best = mem_new((rows->rows_size + 1) * sizeof *best);
        CLEANUP(mem_drop) double *margins = mem_new((rows->rows_size + 1) * sizeof *margins);
        CLEANUP(mem_drop) double *targets = mem_new((rows->rows_size + 1) * sizeof *targets);
        CLEANUP(mem_drop) double *weights = mem_new((rows->rows_size + 1) * sizeof *weights);
        CLEANUP(mem_drop) double *start = mem_new(own);

        fit.use = use;
        fit.best = best;
        fit.margins = margins;
        fit.targets = targets;
        fit.weights = weights;
        fit.start.own = start;
        for (uint32_t i = 0; i < rows->rows_size; i++)
                if (!left_out || !learn_fold_holds(left_out, rows->rows[i].number, rows->rows[i].part))
                        use[fit.use_size++] = i;
        *model = (LearnModel){ .own = mem_new(own) };
        start_make(&fit);
        start_fit(&fit);
        if (way.strength > LEARN_FIRM)
                bins_fit(&fit, way.sweeps);
}
