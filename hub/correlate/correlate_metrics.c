#include "hub/correlate/correlate_metrics.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>

static const MetricFamily records = { "hub_correlate_records_total",
                                      "Records of the log that are committed, by verdict.", METRIC_COUNTER,
                                      .labels = { "verdict" } };
static const MetricFamily decisions = {
        "hub_decisions_total", "Decisions by band: join, suggest (new with likely twins), new, update, command.",
        METRIC_COUNTER, .labels = { "band" }
};
static const MetricFamily bounded = {
        "hub_candidates_bounded_total",
        "Decisions that a bound cut short: more incidents stood near than are met, or compared.", METRIC_COUNTER
};
static const MetricFamily batch_records = { "hub_batch_records", "Records of a transaction.", METRIC_HISTOGRAM,
                                            .bounds = { 1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000 } };
static const MetricFamily batch_seconds = { "hub_batch_seconds",
                                            "From the first statement of a transaction to its COMMIT.",
                                            METRIC_HISTOGRAM, .seconds = true,
                                            .bounds = { 2, 5, 10, 25, 50, 100, 250, 500, 1000, 5000, 30000 } };
static const MetricFamily age = {
        "hub_event_age_seconds", "From receiving an event to the COMMIT of what was decided on it.", METRIC_HISTOGRAM,
        .seconds = true, .bounds = { 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 15000, 60000, 600000, 3600000 }
};
static const MetricFamily lag = { "hub_lag",
                                  "Records of the partition that are not committed: its end minus our next offset.",
                                  METRIC_GAUGE, .labels = { "topic", "partition" } };
static const MetricFamily owned = { "hub_unit_owned", "1 while this correlator owns the partition.", METRIC_GAUGE,
                                    .labels = { "topic", "partition" } };
static const MetricFamily open_incidents = { "hub_incidents_open",
                                             "Incidents that can still be joined, of the zones in the partition.",
                                             METRIC_GAUGE, .labels = { "topic", "partition" } };
static const MetricFamily overs = {
        "hub_correlate_restarts_total",
        "Times that all was dropped and loaded again: a lost database, a rival, a refused row.", METRIC_COUNTER
};

static const char *const verdicts[] = { "stored", "duplicate", "rejected", "tick", "command" };
static const char *const bands[] = { "join", "suggest", "new", "update", "command" };

enum { VERDICTS = sizeof(verdicts) / sizeof(verdicts[0]), BANDS = sizeof(bands) / sizeof(bands[0]) };

struct CorrelateMetrics {
        Metrics *metrics;
        Metric *verdicts[VERDICTS], *bands[BANDS];
        Metric *bounded, *batch_records, *batch_seconds, *age, *overs;
};

CorrelateMetrics *correlate_metrics_new(Metrics *metrics)
{
        CorrelateMetrics *own = mem_new(sizeof(CorrelateMetrics));

        *own = (CorrelateMetrics){ .metrics = metrics,
                                   .bounded = metrics_series(metrics, &bounded, NULL),
                                   .batch_records = metrics_series(metrics, &batch_records, NULL),
                                   .batch_seconds = metrics_series(metrics, &batch_seconds, NULL),
                                   .age = metrics_series(metrics, &age, NULL),
                                   .overs = metrics_series(metrics, &overs, NULL) };
        for (size_t i = 0; i < VERDICTS; i++)
                own->verdicts[i] = metrics_series(metrics, &records, &verdicts[i]);
        for (size_t i = 0; i < BANDS; i++)
                own->bands[i] = metrics_series(metrics, &decisions, &bands[i]);
        return own;
}

void correlate_metrics_free(CorrelateMetrics *own)
{
        free(own);
}

/* ---- a batch ---- */

void correlate_metrics_decided(Entry *entry, const ZoneDecision *decision)
{
        static const char *const names[] = {
                [DECISION_NEW] = "new",      [DECISION_JOIN] = "join", [DECISION_UPDATE] = "update",
                [DECISION_DUPLICATE] = NULL, [DECISION_IGNORE] = NULL, [DECISION_COMMAND] = "command"
        };

        entry->band = names[decision->kind];
        if (decision->kind == DECISION_NEW && decision->choice.suggested_size > 0)
                entry->band = "suggest";
        entry->bounded = decision->choice.beyond_bound > 0;
}

static void name_count(Metric *const *series, const char *const *names, size_t size, const char *name)
{
        for (size_t i = 0; i < size; i++)
                if (text_same(names[i], name))
                        metric_add(series[i], 1);
}

Counted correlate_metrics_kept(const Entry *entry)
{
        const bool aged = entry->fresh && entry->value.kind != KIND_COMMAND;

        return (Counted){ batch_verdict(entry), entry->band, entry->bounded,
                          aged ? entry->value.event.time.received : TIME_NONE };
}

static void counted_add(CorrelateMetrics *own, const Counted *counted, int64_t at)
{
        name_count(own->verdicts, verdicts, VERDICTS, counted->verdict);
        name_count(own->bands, bands, BANDS, counted->band);
        if (counted->bounded)
                metric_add(own->bounded, 1);
        if (counted->received != TIME_NONE)
                metric_observe(own->age, at - counted->received);
}

void correlate_metrics_batch(CorrelateMetrics *own, const Decided *decided, int64_t at, int64_t ms)
{
        if (!own)
                return;
        metric_observe(own->batch_records, (int64_t)decided->size);
        metric_observe(own->batch_seconds, ms);
        for (size_t i = 0; decided->counted && i < decided->size; i++)
                counted_add(own, &decided->counted[i], at);
}

/* ---- units ---- */

static bool incidents_sum(const void *key, size_t size, void *value, void *context)
{
        int64_t *sum = context;

        (void)key;
        (void)size;
        *sum += (int64_t)zone_open(value);
        return true;
}

void correlate_metrics_unit(CorrelateMetrics *own, const Unit *unit, int64_t end)
{
        char partition[12];
        const char *const labels[] = { unit->topic, partition };
        int64_t incidents = 0;

        snprintf(partition, sizeof(partition), "%d", unit->partition);
        Metric *const behind = metrics_series(own->metrics, &lag, labels);
        Metric *const open = unit->kind == UNIT_EVENTS ? metrics_series(own->metrics, &open_incidents, labels) : NULL;

        metric_set(metrics_series(own->metrics, &owned, labels), unit->held);
        if (unit->held && end >= unit->next)
                metric_set(behind, end - unit->next);
        if (!unit->held) {
                metric_clear(behind);
                metric_clear(open);
                return;
        }
        map_each(unit->zones, incidents_sum, &incidents);
        metric_set(open, incidents);
}

void correlate_metrics_over(CorrelateMetrics *own)
{
        metric_add(own->overs, 1);
}
