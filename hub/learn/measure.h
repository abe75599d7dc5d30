#pragma once

/*
 * How good decisions are against a truth: pair precision, recall and F1 over all subjects that the truth names, across
 * platforms or channels, per category, per group; flags (not the first of its incident); direct precision (share of joins
 * whose `against` is a true twin); the largest cluster beside the true one. correlation.md says why these.
 */

#include "hub/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
        int64_t predicted, truth, both;
} Counts;

void counts_add(Counts *sum, const Counts *one, int sign); /* sign -1 takes it away */
double counts_precision(const Counts *counts);             /* 1 when nothing was predicted */
double counts_recall(const Counts *counts);                /* 1 when there was nothing to find */
double counts_f1(const Counts *counts);

typedef struct {
        const char *subject, *event, *channel, *category, *group; /* borrowed by the measure until it ends */
        const char *truth, *incident;                             /* true and decided */
        const char *against;                                      /* subject of the member joined to, NULL: no join */
        const char *against_truth;                                /* its true incident, NULL: not in the truth */
        double weight; /* of measure_pairs: a pair counts as the product of both; 0: as 1 */
} Measured;

/* Pairs among the rows for which `part` is equal; part NULL: all. Rows stand in the order of their decisions. */
Counts measure_pairs(const Measured *rows, size_t size, const char *(*part)(const Measured *));
Counts measure_flags(const Measured *rows, size_t size);
Counts measure_direct(const Measured *rows, size_t size); /* predicted: joins; both: true ones */
void measure_largest(const Measured *rows, size_t size, int64_t *decided, int64_t *truth);

/* Do scores mean what they say? Of those that say a chance within a bin, how many are true. */
enum { RELIABILITY_BINS = 10, RELIABILITY_ENOUGH = 50 /* of a bin, to be judged by */ };

typedef struct {
        struct {
                int64_t size, seen; /* pairs; true ones */
                double said;        /* sum of their chances */
        } bins[RELIABILITY_BINS];
} Reliability;

size_t reliability_bin(double chance);
double reliability_edge(size_t bin); /* where it begins; of RELIABILITY_BINS: 1 */
void reliability_add(Reliability *reliability, double chance, bool same);
double reliability_worst(const Reliability *reliability); /* difference of a bin that has enough; 0: none has */
