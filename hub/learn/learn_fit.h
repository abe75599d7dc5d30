#pragma once

/* The additive model: a weight in log-odds for each bin of each feature and for each category, fitted together. */

#include "hub/learn/learn_rows.h"

typedef struct {
        double weights[FEATURES][TABLE_BINS_MOST + 2];
        double *own; /* CATEGORY_POINTS of each category of the rows; owned */
} LearnModel;

/* Fits to all rows but those of the fold; NULL: to all. */
void learn_fit(const LearnRows *rows, const RuleSet *base, const LearnFold *left_out, LearnModel *model);
void learn_model_free(LearnModel *model);
void learn_apply(const LearnRows *rows, const LearnModel *model, Rules *rules); /* points and rates into the rules */
