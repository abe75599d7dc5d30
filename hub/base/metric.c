#include "hub/base/metric.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = METRIC_BOUNDS_MOST + 1 };

struct Metric {
        const MetricFamily *family;
        char *values[METRIC_LABELS_MOST];
        atomic_bool known; /* a gauge that was set */
        atomic_int_least64_t value;
        atomic_int_least64_t buckets[BUCKETS]; /* of a histogram, each for itself; value is the sum */
};

struct Metrics {
        pthread_mutex_t lock; /* of the list: the numbers need none */
        Metric *series[METRIC_SERIES_MOST];
        size_t size;
};

Metrics *metrics_new(void)
{
        Metrics *metrics = mem_new(sizeof(Metrics));

        if (pthread_mutex_init(&metrics->lock, NULL) != 0)
                abort();
        return metrics;
}

void metrics_free(Metrics *metrics)
{
        if (!metrics)
                return;
        for (size_t i = 0; i < metrics->size; i++) {
                for (size_t label = 0; label < METRIC_LABELS_MOST; label++)
                        free(metrics->series[i]->values[label]);
                free(metrics->series[i]);
        }
        pthread_mutex_destroy(&metrics->lock);
        free(metrics);
}

/* ---- series ---- */

static bool is_same(const Metric *metric, const MetricFamily *family, const char *const *values)
{
        if (metric->family != family)
                return false;
        for (size_t i = 0; family->labels[i]; i++)
                if (!text_same(metric->values[i], values[i]))
                        return false;
        return true;
}

static Metric *series_new(const MetricFamily *family, const char *const *values)
{
        Metric *metric = mem_new(sizeof(Metric));

        metric->family = family;
        for (size_t i = 0; family->labels[i]; i++)
                metric->values[i] = text_copy(values[i] ? values[i] : "");
        atomic_init(&metric->known, family->type != METRIC_GAUGE);
        return metric;
}

Metric *metrics_series(Metrics *metrics, const MetricFamily *family, const char *const *values)
{
        Metric *found = NULL;

        if (!metrics)
                return NULL;
        pthread_mutex_lock(&metrics->lock);
        for (size_t i = 0; i < metrics->size && !found; i++)
                if (is_same(metrics->series[i], family, values))
                        found = metrics->series[i];
        if (!found && metrics->size < METRIC_SERIES_MOST)
                found = metrics->series[metrics->size++] = series_new(family, values);
        pthread_mutex_unlock(&metrics->lock);
        return found;
}

void metric_add(Metric *metric, int64_t more)
{
        if (metric)
                atomic_fetch_add_explicit(&metric->value, more, memory_order_relaxed);
}

void metric_set(Metric *metric, int64_t value)
{
        if (!metric)
                return;
        atomic_store_explicit(&metric->value, value, memory_order_relaxed);
        atomic_store_explicit(&metric->known, true, memory_order_release);
}

void metric_clear(Metric *metric)
{
        if (metric)
                atomic_store_explicit(&metric->known, false, memory_order_release);
}

void metric_observe(Metric *metric, int64_t value)
{
        size_t bucket = 0;

        if (!metric)
                return;
        while (metric->family->bounds[bucket] && value > metric->family->bounds[bucket])
                bucket++;
        atomic_fetch_add_explicit(&metric->buckets[bucket], 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&metric->value, value, memory_order_relaxed);
}

/* ---- the text ---- */

static int64_t number_of(const atomic_int_least64_t *number)
{
        return atomic_load_explicit(number, memory_order_relaxed);
}

static void value_write(Buffer *out, const MetricFamily *family, int64_t value)
{
        const int64_t ms = 1000;

        if (!family->seconds)
                buffer_integer(out, value);
        else
                buffer_format(out, "%s%lld.%03lld", value < 0 && value > -ms ? "-" : "", (long long)(value / ms),
                              (long long)llabs(value % ms));
}

static void label_write(Buffer *out, const char *name, const char *value)
{
        const char *end = value + strlen(value);

        buffer_format(out, "%s%s=\"", out->bytes[out->size - 1] == '{' ? "" : ",", name);
        while (value < end) {
                const uint32_t point = text_next(&value, end);

                if (point == '\n')
                        buffer_text(out, "\\n");
                else if (point == '"' || point == '\\')
                        buffer_format(out, "\\%c", (char)point);
                else
                        text_put(out, point);
        }
        buffer_byte(out, '"');
}

/* NAME SUFFIX {labels, le="BOUND"}: without braces when there are none. */
static void name_write(Buffer *out, const Metric *metric, const char *suffix, const char *bound)
{
        const MetricFamily *family = metric->family;

        buffer_format(out, "%s%s", family->name, suffix);
        if (!family->labels[0] && !bound) {
                buffer_byte(out, ' ');
                return;
        }
        buffer_byte(out, '{');
        for (size_t i = 0; family->labels[i]; i++)
                label_write(out, family->labels[i], metric->values[i]);
        if (bound)
                label_write(out, "le", bound);
        buffer_text(out, "} ");
}

/* The count is the sum of the buckets as they were read: it agrees with them whatever is counted meanwhile. */
static void histogram_write(Buffer *out, const Metric *metric)
{
        const MetricFamily *family = metric->family;
        int64_t count = 0;

        for (size_t i = 0; i < BUCKETS; i++) {
                CLEANUP(buffer_free) Buffer bound = { 0 };

                count += number_of(&metric->buckets[i]);
                if (family->bounds[i])
                        value_write(&bound, family, family->bounds[i]);
                else
                        buffer_text(&bound, "+Inf");
                name_write(out, metric, "_bucket", bound.bytes);
                buffer_format(out, "%lld\n", (long long)count);
                if (!family->bounds[i])
                        break;
        }
        name_write(out, metric, "_sum", NULL);
        value_write(out, family, number_of(&metric->value));
        buffer_byte(out, '\n');
        name_write(out, metric, "_count", NULL);
        buffer_format(out, "%lld\n", (long long)count);
}

static void series_write(Buffer *out, const Metric *metric)
{
        if (metric->family->type == METRIC_HISTOGRAM) {
                histogram_write(out, metric);
                return;
        }
        if (!atomic_load_explicit(&metric->known, memory_order_acquire))
                return;
        name_write(out, metric, "", NULL);
        value_write(out, metric->family, number_of(&metric->value));
        buffer_byte(out, '\n');
}

static void family_write(const Metrics *metrics, size_t first, Buffer *out)
{
        static const char *const types[] = { "counter", "gauge", "histogram" };
        const MetricFamily *family = metrics->series[first]->family;

        buffer_format(out, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->about, family->name,
                      types[family->type]);
        for (size_t i = first; i < metrics->size; i++)
                if (metrics->series[i]->family == family)
                        series_write(out, metrics->series[i]);
}

void metrics_write(Metrics *metrics, Buffer *out)
{
        pthread_mutex_lock(&metrics->lock);
        for (size_t i = 0; i < metrics->size; i++) {
                bool shown = false;

                for (size_t before = 0; before < i && !shown; before++)
                        shown = metrics->series[before]->family == metrics->series[i]->family;
                if (!shown)
                        family_write(metrics, i, out);
        }
        pthread_mutex_unlock(&metrics->lock);
}
