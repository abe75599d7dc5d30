#pragma once

/*
 * Learning the rules from labelled reports: a log of canonical events, and a truth that says of some subjects which incident
 * they belong to. All tables are fitted together, as an additive model in log-odds on the very sums that the score is; few
 * observations move points little from those of the rules that it starts from. Radius, diameter and idle time come from the
 * true pairs, the threshold from folds in time and in place. The same input gives the same rules.
 */

#include "hub/base/map.h"
#include "hub/zone/zone.h"

typedef struct {
        char **lines; /* canonical events in log order */
        size_t size;
        const Map *truth; /* subject -> incident (text) */
        Rules *rules;     /* those to start from; changed into those that were learnt */
} Lesson;

/* What the tables stand on. */
typedef struct {
        int64_t same[FEATURES][TABLE_BINS_MOST + 2], other[FEATURES][TABLE_BINS_MOST + 2]; /* comparisons in each bin */
        int64_t subjects, incidents, rows_same, rows_other;
        double precision, recall, f1; /* of pairs, in the folds */
} Evidence;

/* False when the truth and the log have too little in common to learn from. */
bool learn(Lesson *lesson, Evidence *evidence, Error *err);
void learn_write(Buffer *out, const Lesson *lesson,
                 const Evidence *evidence); /* a rules file, the evidence as a comment */
