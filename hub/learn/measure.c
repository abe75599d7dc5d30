#include "hub/learn/measure.h"

#include "hub/base/buffer.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void counts_add(Counts *sum, const Counts *one, int sign)
{
        sum->predicted += sign * one->predicted;
        sum->truth += sign * one->truth;
        sum->both += sign * one->both;
}

double counts_precision(const Counts *counts)
{
        return counts->predicted ? (double)counts->both / (double)counts->predicted : 1;
}

double counts_recall(const Counts *counts)
{
        return counts->truth ? (double)counts->both / (double)counts->truth : 1;
}

double counts_f1(const Counts *counts)
{
        const int64_t sum = counts->predicted + counts->truth;

        return sum ? 2.0 * (double)counts->both / (double)sum : 1;
}

/* Rows that are in all texts alike. */
typedef struct {
        int64_t size;
        double sum, squares; /* of their weights */
} Cell;

/* The cells that rows fall into by up to three texts. */
static Map *cells_count(const Measured *rows, size_t size, const char *(*const parts[3])(const Measured *))
{
        CLEANUP(buffer_free) Buffer key = { 0 };
        Map *cells = map_new();

        for (size_t i = 0; i < size; i++) {
                buffer_clear(&key);
                for (size_t p = 0; p < 3; p++) {
                        const char *text = parts[p] ? parts[p](&rows[i]) : "";

                        buffer_add(&key, text ? text : "", strlen(text ? text : "") + 1);
                }
                const double weight = rows[i].weight > 0 ? rows[i].weight : 1;
                Cell *cell = map_get(cells, key.bytes, key.size);
                if (!cell) {
                        cell = mem_new(sizeof *cell);
                        map_put(cells, key.bytes, key.size, cell);
                }
                cell->size++;
                cell->sum += weight;
                cell->squares += weight * weight;
        }
        return cells;
}

static bool pairs_add(const void *key, size_t size, void *value, void *context)
{
        const Cell *cell = value;

        (void)key;
        (void)size;
        *(double *)context += (cell->sum * cell->sum - cell->squares) / 2;
        return true;
}

static bool largest_take(const void *key, size_t size, void *value, void *context)
{
        const double of = (double)((const Cell *)value)->size;
        double *largest = context;

        (void)key;
        (void)size;
        *largest = of > *largest ? of : *largest;
        return true;
}

static int64_t cells_sum(const Measured *rows, size_t size, const char *(*one)(const Measured *),
                         const char *(*two)(const Measured *), const char *(*three)(const Measured *),
                         bool (*visit)(const void *, size_t, void *, void *))
{
        const char *(*const parts[3])(const Measured *) = { one, two, three };
        Map *cells = cells_count(rows, size, parts);
        double sum = 0;

        map_each(cells, visit, &sum);
        map_free(cells, free);
        return llround(sum);
}

static const char *truth_of(const Measured *row)
{
        return row->truth;
}

static const char *incident_of(const Measured *row)
{
        return row->incident;
}

Counts measure_pairs(const Measured *rows, size_t size, const char *(*part)(const Measured *))
{
        return (Counts){ .predicted = cells_sum(rows, size, incident_of, part, NULL, pairs_add),
                         .truth = cells_sum(rows, size, truth_of, part, NULL, pairs_add),
                         .both = cells_sum(rows, size, truth_of, incident_of, part, pairs_add) };
}

Counts measure_flags(const Measured *rows, size_t size)
{
        CLEANUP(map_drop) Map *truths = map_new();
        CLEANUP(map_drop) Map *incidents = map_new();
        Counts counts = { 0 };

        for (size_t i = 0; i < size; i++) {
                const bool truth = map_get_text(truths, rows[i].truth) != NULL,
                           decided = map_get_text(incidents, rows[i].incident) != NULL;

                counts.truth += truth;
                counts.predicted += decided;
                counts.both += truth && decided;
                map_put_text(truths, rows[i].truth, truths);
                map_put_text(incidents, rows[i].incident, incidents);
        }
        return counts;
}

Counts measure_direct(const Measured *rows, size_t size)
{
        Counts counts = { 0 };

        for (size_t i = 0; i < size; i++) {
                if (!rows[i].against || !rows[i].against_truth)
                        continue;
                counts.predicted++;
                counts.both += text_same(rows[i].against_truth, rows[i].truth);
        }
        return counts;
}

void measure_largest(const Measured *rows, size_t size, int64_t *decided, int64_t *truth)
{
        *decided = cells_sum(rows, size, incident_of, NULL, NULL, largest_take);
        *truth = cells_sum(rows, size, truth_of, NULL, NULL, largest_take);
}

static const double edges[RELIABILITY_BINS + 1] = { 0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1 };

size_t reliability_bin(double chance)
{
        size_t bin = 0;

        while (bin + 1 < RELIABILITY_BINS && chance >= edges[bin + 1])
                bin++;
        return bin;
}

double reliability_edge(size_t bin)
{
        return edges[bin];
}

void reliability_add(Reliability *reliability, double chance, bool same)
{
        const size_t bin = reliability_bin(chance);

        reliability->bins[bin].size++;
        reliability->bins[bin].seen += same;
        reliability->bins[bin].said += chance;
}

double reliability_worst(const Reliability *reliability)
{
        double worst = 0;

        for (size_t i = 0; i < RELIABILITY_BINS; i++) {
                const int64_t size = reliability->bins[i].size;
                const double off =
                        size < RELIABILITY_ENOUGH
                                ? 0
                                : ((double)reliability->bins[i].seen - reliability->bins[i].said) / (double)size;

                worst = off > worst ? off : -off > worst ? -off : worst;
        }
        return worst;
}
