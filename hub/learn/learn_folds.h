#pragma once

/*
 * Folds: what rules learnt without a part of the labels decide in that part. Folds are thirds of the time, and halves of the
 * ground in turn, so that neither a later week nor another quarter is met with rules that have seen it.
 */

#include "hub/learn/learn_fit.h"
#include "hub/learn/learn_run.h"

enum { LEARN_TIMES = 3, LEARN_FOLDS = LEARN_TIMES + LEARN_PARTS };

/* A lesson, the rules that it began with, and what stays the same over all that is tried. */
typedef struct {
        Lesson *lesson;
        const LearnRows *rows;
        const RuleSet *base; /* points and thresholds to begin with */
        LearnFold folds[LEARN_FOLDS];
        LearnModel models[LEARN_FOLDS]; /* each learnt without its fold */
        LabelledList shipped;           /* what the rules that it began with decide */
        const char *giant;              /* a true incident that counts for nothing in the folds, NULL: none; borrowed */
} Folding;

/* Decides the log under the shipped rules, and tells what that comes to in the folds. */
bool learn_folds_open(Folding *folding, Counts *counts, Error *err);
void learn_folds_close(Folding *folding);
/* Pairs of which one report at least is in the fold; of time: what came later counts for nothing. */
Counts learn_fold_count(const Folding *folding, const LabelledList *list, const LearnFold *fold);

/*
 * The strength of the fit, by how likely it makes what is in the folds; models are filled, in the folds' order. The line
 * through their margins makes a score mean what it says.
 */
typedef struct {
        LearnWay way;
        double slope, shift;
} LearnChoice;

LearnChoice learn_choose(Folding *folding, Reliability *reliability);

/* Losses of each row in each way, from the firmest on: the firmest that is as good as the best one, but for what may be chance. */
size_t learn_firmest(const double *losses, size_t ways, size_t rows);

/*
 * Which of the thresholds that were tried. Precision first: of those that are as good as the best one, but for what may be chance, the
 * best of those that reach the usual precision, the higher of two that are equal; where none does, the nearest to where F1 is best when
 * scores mean what they say.
 */
int learn_step(const Counts *counts, int steps);
/* The threshold to join at, and what the models come to in the folds with it. */
bool learn_threshold(Folding *folding, int32_t *merge, Counts *counts, Error *err);
