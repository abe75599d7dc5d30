#pragma once

/*
 * The threshold: what rules learnt without a fold decide in that fold, at each threshold. Folds are thirds of the time, and halves
 * of the ground in turn, so that neither a later week nor another quarter is met with rules that have seen it.
 */

#include "hub/learn/learn_fit.h"
#include "hub/learn/measure.h"

/* The threshold to join at, and what it came to in the folds. */
bool learn_threshold(Lesson *lesson, const LearnRows *rows, const RuleSet *base, int32_t *merge, Counts *counts,
                     Error *err);
void learn_merge_set(Rules *rules, int32_t merge); /* and the band of suggestions below */
