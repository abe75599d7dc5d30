#pragma once

/* From which score on a twin is suggested to an operator: so that there is about one suggestion for each new incident, and no hopeless one. */

#include "hub/learn/learn_run.h"

bool learn_suggest(Lesson *lesson, Evidence *evidence,
                   Error *err); /* sets it in the lesson's rules, and how many that asks */

/*
 * Of what nobody labelled, how much is joined. The folds know next to nothing of it: labels are often of a first day, of what was
 * reported twice, of what an operator happened to look at.
 */
int64_t learn_strangers(const LabelledList *list);
bool learn_is_loose(int64_t shipped, int64_t learnt); /* more than the shipped rules, and more than chance may tell */
