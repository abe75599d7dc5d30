#include "hub/relay/relay_metrics.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/relay/outbox.h"

#include <stdlib.h>

enum { ASK_MS = 5000, LIGHTS_MS = 60000, SECOND_MS = 1000 };

static const MetricFamily active = { "hub_relay_active", "1 for the relay that holds the lock, 0 for those that wait.",
                                     METRIC_GAUGE };
static const MetricFamily unpublished = { "hub_outbox_unpublished", "Versions of incidents that are not published yet.",
                                          METRIC_GAUGE };
static const MetricFamily feed_number = { "hub_feed", "Number of the last version published.", METRIC_GAUGE };
static const MetricFamily versions = { "hub_versions_published_total", "Versions that Kafka confirmed.",
                                       METRIC_COUNTER };
static const MetricFamily publish = { "hub_publish_seconds",
                                      "From sending versions to the mark that they are published.", METRIC_HISTOGRAM,
                                      .seconds = true, .bounds = { 5, 10, 25, 50, 100, 250, 500, 1000, 5000, 30000 } };
static const MetricFamily default_rows = {
        "hub_default_partition_rows", "Records in the partition for months that have none: hub migrate makes those.",
        METRIC_GAUGE
};

static const MetricFamily audit_age = { "hub_audit_age_seconds", "Since hub audit last balanced the ledger.",
                                        METRIC_GAUGE, .seconds = true };
static const MetricFamily audit_holes = { "hub_audit_holes", "Holes and inequalities that it found; 0: it balances.",
                                          METRIC_GAUGE };

static const MetricFamily refresh_age = { "hub_warehouse_refresh_age_seconds",
                                          "Since hub warehouse refresh last took in what the log has grown by.",
                                          METRIC_GAUGE, .seconds = true };
static const MetricFamily light = { "hub_platform_light",
                                    "What a platform does beside its own last weeks: 2 red, 1 yellow, 0 as usual. "
                                    "Habits: volume, position, category.",
                                    METRIC_GAUGE, .labels = { "platform", "habit" } };

struct RelayMetrics {
        Metrics *metrics;
        Metric *active, *unpublished, *feed, *versions, *publish, *default_rows, *audit_age, *audit_holes, *refresh_age;
        int64_t ask_at, lights_at; /* monotonic */
        bool wanted;
};

RelayMetrics *relay_metrics_new(Metrics *metrics)
{
        RelayMetrics *own = mem_new(sizeof(RelayMetrics));

        *own = (RelayMetrics){ .metrics = metrics,
                               .active = metrics_series(metrics, &active, NULL),
                               .unpublished = metrics_series(metrics, &unpublished, NULL),
                               .feed = metrics_series(metrics, &feed_number, NULL),
                               .versions = metrics_series(metrics, &versions, NULL),
                               .publish = metrics_series(metrics, &publish, NULL),
                               .default_rows = metrics_series(metrics, &default_rows, NULL),
                               .audit_age = metrics_series(metrics, &audit_age, NULL),
                               .audit_holes = metrics_series(metrics, &audit_holes, NULL),
                               .refresh_age = metrics_series(metrics, &refresh_age, NULL),
                               .wanted = metrics != NULL };
        return own;
}

void relay_metrics_free(RelayMetrics *own)
{
        free(own);
}

void relay_metrics_active(RelayMetrics *own, bool is_active)
{
        metric_set(own->active, is_active);
        if (is_active)
                return;
        metric_clear(own->unpublished);
        metric_clear(own->default_rows);
        metric_clear(own->feed);
        metric_clear(own->audit_age);
        metric_clear(own->audit_holes);
        metric_clear(own->refresh_age);
}

void relay_metrics_batch(RelayMetrics *own, size_t size, const char *feed, int64_t ms)
{
        int64_t number;

        metric_add(own->versions, (int64_t)size);
        metric_observe(own->publish, ms);
        if (feed && text_read_integer(feed, &number))
                metric_set(own->feed, number);
}

/* A database that is older than we are, or rights that are missing: no reason to publish nothing. */
static bool figures_missed(Error *err)
{
        log_limited(LOG_WARNING, "the outbox's figures are not shown",
                    (const LogKey[]){ LOG_TEXT("error", err->text), { 0 } });
        *err = (Error){ 0 };
        return true;
}

static bool lights_show(RelayMetrics *own, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (time_monotonic() < own->lights_at)
                return true;
        own->lights_at = time_monotonic() + LIGHTS_MS;
        if (!outbox_lights(db, &rows, err))
                return err->kind == ERR_FATAL && figures_missed(err);
        for (size_t i = 0; i < db_rows(rows); i++)
                metric_set(metrics_series(own->metrics, &light,
                                          (const char *[]){ db_text(rows, i, 0), db_text(rows, i, 1) }),
                           db_integer(rows, i, 2));
        return true;
}

bool relay_metrics_outbox(RelayMetrics *own, Db *db, Error *err)
{
        OutboxFigures figures;

        if (!own->wanted || time_monotonic() < own->ask_at)
                return true;
        own->ask_at = time_monotonic() + ASK_MS;
        if (!outbox_figures(db, &figures, err))
                return err->kind == ERR_FATAL && figures_missed(err);
        metric_set(own->unpublished, figures.unpublished);
        metric_set(own->feed, figures.feed);
        metric_set(own->default_rows, figures.default_rows);
        if (figures.audit_s >= 0) {
                metric_set(own->audit_age, figures.audit_s * SECOND_MS);
                metric_set(own->audit_holes, figures.audit_holes);
        }
        if (figures.refresh_s >= 0)
                metric_set(own->refresh_age, figures.refresh_s * SECOND_MS);
        return lights_show(own, db, err);
}
