#include "hub/base/memory.h"
#include "hub/base/metric.h"
#include "tests/unit/base/run.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static const MetricFamily records = {
        .name = "hub_records_total", .about = "Records.", .type = METRIC_COUNTER, .labels = { "instance", "platform" }
};
static const MetricFamily lag = { .name = "hub_lag", .about = "Behind.", .type = METRIC_GAUGE };
static const MetricFamily latency = { .name = "hub_delivery_seconds",
                                      .about = "Latency.",
                                      .type = METRIC_HISTOGRAM,
                                      .seconds = true,
                                      .labels = { "instance" },
                                      .bounds = { 5, 100, 2500 } };

static void text_is(Metrics *metrics, const char *expected)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        buffer_text(&text, "");
        metrics_write(metrics, &text);
        ck_assert_str_eq(text.bytes, expected);
}

/* Prometheus' text format 0.0.4, written by hand. */
START_TEST(counters_stand_by_family)
{
        Metrics *metrics = metrics_new();
        Metric *one = metrics_series(metrics, &records, (const char *[]){ "grid", "p12" });
        Metric *other = metrics_series(metrics, &lag, NULL);
        Metric *two = metrics_series(metrics, &records, (const char *[]){ "citybrain", "p09" });

        metric_add(one, 2);
        metric_add(one, 3);
        metric_set(other, -1);
        metric_set(two, 7);
        text_is(metrics, "# HELP hub_records_total Records.\n# TYPE hub_records_total counter\n"
                         "hub_records_total{instance=\"grid\",platform=\"p12\"} 5\n"
                         "hub_records_total{instance=\"citybrain\",platform=\"p09\"} 7\n"
                         "# HELP hub_lag Behind.\n# TYPE hub_lag gauge\nhub_lag -1\n");
        metrics_free(metrics);
}
END_TEST

START_TEST(the_same_labels_are_the_same_series)
{
        Metrics *metrics = metrics_new();
        Metric *one = metrics_series(metrics, &records, (const char *[]){ "grid", "p12" });

        ck_assert_ptr_eq(one, metrics_series(metrics, &records, (const char *[]){ "grid", "p12" }));
        ck_assert_ptr_ne(one, metrics_series(metrics, &records, (const char *[]){ "grid", "p11" }));
        metrics_free(metrics);
}
END_TEST

/* A bound belongs to its own bucket; buckets are cumulative; milliseconds are shown as seconds. */
START_TEST(histogram_is_cumulative)
{
        Metrics *metrics = metrics_new();
        Metric *metric = metrics_series(metrics, &latency, (const char *[]){ "grid" });
        const int64_t values[] = { 0, 5, 6, 100, 2501, 60000 };

        for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
                metric_observe(metric, values[i]);
        text_is(metrics, "# HELP hub_delivery_seconds Latency.\n# TYPE hub_delivery_seconds histogram\n"
                         "hub_delivery_seconds_bucket{instance=\"grid\",le=\"0.005\"} 2\n"
                         "hub_delivery_seconds_bucket{instance=\"grid\",le=\"0.100\"} 4\n"
                         "hub_delivery_seconds_bucket{instance=\"grid\",le=\"2.500\"} 4\n"
                         "hub_delivery_seconds_bucket{instance=\"grid\",le=\"+Inf\"} 6\n"
                         "hub_delivery_seconds_sum{instance=\"grid\"} 62.612\n"
                         "hub_delivery_seconds_count{instance=\"grid\"} 6\n");
        metrics_free(metrics);
}
END_TEST

/* What would end a label early, or is no UTF-8, cannot break the page. */
START_TEST(labels_are_escaped)
{
        Metrics *metrics = metrics_new();

        metric_add(metrics_series(metrics, &records, (const char *[]){ "a\"b\\c\nd", "\xff" }), 1);
        text_is(metrics, "# HELP hub_records_total Records.\n# TYPE hub_records_total counter\n"
                         "hub_records_total{instance=\"a\\\"b\\\\c\\nd\",platform=\"\xef\xbf\xbd\"} 1\n");
        metrics_free(metrics);
}
END_TEST

/* A lag that is not known is not 0. */
START_TEST(unknown_gauge_is_not_shown)
{
        Metrics *metrics = metrics_new();
        Metric *metric = metrics_series(metrics, &lag, NULL);
        const char *nothing = "# HELP hub_lag Behind.\n# TYPE hub_lag gauge\n";

        text_is(metrics, nothing);
        metric_set(metric, 0);
        text_is(metrics, "# HELP hub_lag Behind.\n# TYPE hub_lag gauge\nhub_lag 0\n");
        metric_clear(metric);
        text_is(metrics, nothing);
        metrics_free(metrics);
}
END_TEST

START_TEST(seconds_keep_their_sign)
{
        static const MetricFamily age = {
                .name = "hub_age_seconds", .about = "Age.", .type = METRIC_GAUGE, .seconds = true
        };
        Metrics *metrics = metrics_new();

        metric_set(metrics_series(metrics, &age, NULL), -50);
        text_is(metrics, "# HELP hub_age_seconds Age.\n# TYPE hub_age_seconds gauge\nhub_age_seconds -0.050\n");
        metric_set(metrics_series(metrics, &age, NULL), -61050);
        text_is(metrics, "# HELP hub_age_seconds Age.\n# TYPE hub_age_seconds gauge\nhub_age_seconds -61.050\n");
        metrics_free(metrics);
}
END_TEST

START_TEST(without_a_registry_nothing_is_counted)
{
        Metric *metric = metrics_series(NULL, &lag, NULL);

        ck_assert_ptr_null(metric);
        metric_add(metric, 1);
        metric_set(metric, 1);
        metric_clear(metric);
        metric_observe(metric, 1);
        metrics_free(NULL);
}
END_TEST

/* Whatever names come, memory stays bounded. */
START_TEST(series_are_bounded)
{
        Metrics *metrics = metrics_new();
        char name[16];

        for (int i = 0; i < METRIC_SERIES_MOST; i++) {
                snprintf(name, sizeof(name), "i%d", i);
                ck_assert_ptr_nonnull(metrics_series(metrics, &latency, (const char *[]){ name }));
        }
        ck_assert_ptr_null(metrics_series(metrics, &latency, (const char *[]){ "one more" }));
        ck_assert_ptr_nonnull(metrics_series(metrics, &latency, (const char *[]){ "i7" }));
        metrics_free(metrics);
}
END_TEST

enum { THREADS = 4, TIMES = 20000 };

static void *count(void *context)
{
        Metrics *metrics = context;

        for (int i = 0; i < TIMES; i++) {
                metric_add(metrics_series(metrics, &records, (const char *[]){ "grid", "p12" }), 1);
                metric_observe(metrics_series(metrics, &latency, (const char *[]){ "grid" }), i % 3000);
        }
        return NULL;
}

/* Threads count and one reads: nothing is lost, and what is read agrees with itself. */
START_TEST(threads_count_together)
{
        Metrics *metrics = metrics_new();
        CLEANUP(buffer_free) Buffer text = { 0 };
        pthread_t threads[THREADS];

        for (int i = 0; i < THREADS; i++)
                ck_assert_int_eq(pthread_create(&threads[i], NULL, count, metrics), 0);
        for (int i = 0; i < 50; i++) {
                buffer_clear(&text);
                metrics_write(metrics, &text);
        }
        for (int i = 0; i < THREADS; i++)
                pthread_join(threads[i], NULL);
        buffer_clear(&text);
        metrics_write(metrics, &text);
        ck_assert_ptr_nonnull(strstr(text.bytes, "hub_records_total{instance=\"grid\",platform=\"p12\"} 80000\n"));
        ck_assert_ptr_nonnull(strstr(text.bytes, "hub_delivery_seconds_count{instance=\"grid\"} 80000\n"));
        metrics_free(metrics);
}
END_TEST

RUN("metric", counters_stand_by_family, the_same_labels_are_the_same_series, histogram_is_cumulative,
    labels_are_escaped, unknown_gauge_is_not_shown, seconds_keep_their_sign, without_a_registry_nothing_is_counted,
    series_are_bounded, threads_count_together)
