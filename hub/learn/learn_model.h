#pragma once

/* The additive model: a weight in log-odds for each bin of each feature, and for each category. */

#include "hub/learn/learn_rows.h"

typedef struct {
        double weights[FEATURES][TABLE_BINS_MOST + 2];
        double *own; /* CATEGORY_POINTS of each category of the rows; owned */
} LearnModel;

double learn_margin(const LearnRows *rows, const LearnModel *model, const LearnRow *row); /* log-odds */
double learn_margin_best(const LearnRows *rows, const LearnModel *model, const LearnRow *row,
                         uint32_t *best); /* and the member with the highest score */
double learn_chance(double margin);

/* Slope and shift of the line through margins that fits the targets best; few observations leave it at 1 and 0. */
void learn_line(const double *margins, const double *targets, const double *weights, size_t size, double *slope,
                double *shift);
void learn_stretch(const LearnRows *rows, LearnModel *model, double slope, double shift); /* every margin, alike */

void learn_model_free(LearnModel *model);
void learn_apply(const LearnRows *rows, const LearnModel *model, Rules *rules); /* points and rates into the rules */
