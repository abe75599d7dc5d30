#pragma once

/*
 * Numbers that a process shows of itself: counters, gauges and histograms, written as Prometheus' text format 0.0.4.
 *
 * A family is a constant: name, meaning, the names of its labels. A series is one of its numbers, made once with the values of
 * the labels and then counted on by any thread without a lock. Labels are few and fixed (instance, platform, reason, topic,
 * partition): never an id, an address, a text of the input, or anything personal.
 *
 * Numbers are integers. A family of seconds takes milliseconds and shows seconds. Where there is no registry (NULL) its series
 * are NULL, and counting on NULL does nothing: who counts need not ask whether anybody looks.
 */

#include "hub/base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

enum { METRIC_LABELS_MOST = 3, METRIC_BOUNDS_MOST = 15, METRIC_SERIES_MOST = 2000 };

typedef enum { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM } MetricType;

typedef struct {
        const char *name, *about; /* "hub_records_total"; one line */
        MetricType type;
        bool seconds;                               /* values and bounds are milliseconds */
        const char *labels[METRIC_LABELS_MOST + 1]; /* NULL ends */
        int64_t bounds[METRIC_BOUNDS_MOST + 1];     /* of a histogram, rising, over 0; 0 ends */
} MetricFamily;

typedef struct Metrics Metrics;
typedef struct Metric Metric;

Metrics *metrics_new(void);
void metrics_free(Metrics *metrics);
/* The series with these label values, in the order of the family's labels; made when absent; lives as long as the registry.
 * NULL: no registry, or METRIC_SERIES_MOST are there. */
Metric *metrics_series(Metrics *metrics, const MetricFamily *family, const char *const *values);
void metrics_write(Metrics *metrics, Buffer *out);

void metric_add(Metric *metric, int64_t more);      /* a counter */
void metric_set(Metric *metric, int64_t value);     /* a gauge, or a counter whose total is kept elsewhere */
void metric_clear(Metric *metric);                  /* a gauge whose value is not known: it is not shown */
void metric_observe(Metric *metric, int64_t value); /* a histogram */
