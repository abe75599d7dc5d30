#pragma once

/*
 * How good decisions are against a truth: pair precision, recall and F1 over all subjects that the truth names, across
 * platforms or channels, per category, per group; flags (not the first of its incident); direct precision (share of joins
 * whose `against` is a true twin); the largest cluster beside the true one. correlation.md says why these.
 */

#include "hub/base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
        int64_t predicted, truth, both;
} Counts;

double counts_precision(const Counts *counts); /* 1 when nothing was predicted */
double counts_recall(const Counts *counts);    /* 1 when there was nothing to find */
double counts_f1(const Counts *counts);

typedef struct {
        const char *subject, *event, *channel, *category, *group; /* borrowed by the measure until it ends */
        const char *truth, *incident;                             /* true and decided */
        const char *against;                                      /* subject of the member joined to, NULL: no join */
        const char *against_truth;                                /* its true incident, NULL: not in the truth */
} Measured;

/* Pairs among the rows for which `part` is equal; part NULL: all. Rows stand in the order of their decisions. */
Counts measure_pairs(const Measured *rows, size_t size, const char *(*part)(const Measured *));
Counts measure_flags(const Measured *rows, size_t size);
Counts measure_direct(const Measured *rows, size_t size); /* predicted: joins; both: true ones */
void measure_largest(const Measured *rows, size_t size, int64_t *decided, int64_t *truth);
