#pragma once

/*
 * The tables, fitted together. A fit begins with the rules' own points, stretched and shifted as a whole to what was seen (two
 * numbers, which few labels carry); each bin moves away from there as far as its own evidence outweighs `strength` observations.
 */

#include "hub/learn/learn_model.h"

/* What a fit is to be. */
typedef struct {
        double strength; /* observations that a starting point is worth; LEARN_FIRM: bins do not move by themselves */
        int sweeps;      /* how often each feature is looked at: more is closer */
} LearnWay;

#define LEARN_FIRM 0.0
enum { LEARN_SWEEPS = 20, LEARN_SWEEPS_ROUGH = 8 };

/* Fits to all rows but those of the fold; NULL: to all. */
void learn_fit(const LearnRows *rows, const RuleSet *base, LearnWay way, const LearnFold *left_out, LearnModel *model);
