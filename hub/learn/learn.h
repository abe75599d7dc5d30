#pragma once

/*
 * Learning the rules from labelled reports: a log of canonical events, and a truth that says of some subjects which incident
 * they belong to. All tables are fitted together, as an additive model in log-odds on the very sums that the score is, and moved
 * from those of the rules that it starts from only as far as the evidence carries. Radius, diameter and idle time come from the
 * true pairs, the threshold from folds in time and in place. The same input gives the same rules.
 *
 * Held in the folds against the rules that it started from and against a naive rule of radius and hours; what does not beat the
 * former is not handed out: they are, as they were.
 */

#include "hub/base/map.h"
#include "hub/learn/measure.h"
#include "hub/zone/zone.h"

typedef struct {
        char **lines; /* canonical events in log order */
        size_t size;
        const Map *truth;     /* subject -> incident (text) */
        const Rules *shipped; /* those to start from */
        Rules *rules;         /* the same once more; changed into those that are recommended */
        int64_t precision;    /* thousandths, that joins in the folds are to reach; 0: as the best F1 goes */
} Lesson;

/* A naive rule: joins the nearest incident of the category whose first report is so near and whose last so recent. */
typedef struct {
        int64_t metres, hours;
} Naive;

/* What the tables stand on. */
typedef struct {
        int64_t same[FEATURES][TABLE_BINS_MOST + 2], other[FEATURES][TABLE_BINS_MOST + 2]; /* comparisons in each bin */
        int64_t subjects, rows_same, rows_other;
        double strength;               /* observations that a starting point was worth; 0: only stretched and shifted */
        Counts shipped, naive, learnt; /* of pairs, in the folds */
        Naive rule;                    /* the naive one, chosen on all */
        double margin;                 /* of F1, by which so few pairs must beat the shipped rules */
        int64_t strangers;             /* joins of what nobody labelled, under the learnt rules */
        bool loose;                    /* far more than under the shipped ones, and not surely right */
        bool kept;                     /* they did not, or are loose: the shipped rules are handed out */
        Reliability reliability;       /* of scores, in the folds */
        double suggestions;            /* for each new incident, of the whole log under what is handed out */
} Evidence;

/* False when the truth and the log have too little in common to learn from. */
bool learn(Lesson *lesson, Evidence *evidence, Error *err);
void learn_write(Buffer *out, const Lesson *lesson,
                 const Evidence *evidence); /* a rules file, the evidence as a comment */
void learn_tell(Buffer *out, const Lesson *lesson, const Evidence *evidence); /* the same in few lines, for people */
