#pragma once

/* Naive rules of radius and hours, to hold what was learnt against: each fold under the rule that is best without it. */

#include "hub/learn/learn_folds.h"

/* In the folds; rule: the best on all. Only labelled subjects are looked at. */
void learn_naive(const Folding *folding, Counts *counts, Naive *rule);
