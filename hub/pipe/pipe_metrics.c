#include "hub/pipe/pipe_metrics.h"

#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdlib.h>

enum { TAKE_MS = 500 };

#define OF_INSTANCE "instance", "platform"

static const MetricFamily records = { "hub_records_total", "Records of the source that are settled.", METRIC_COUNTER,
                                      .labels = { OF_INSTANCE } };
static const MetricFamily published = { "hub_published_total", "Events that Kafka confirmed.", METRIC_COUNTER,
                                        .labels = { OF_INSTANCE } };
static const MetricFamily rejected = { "hub_rejected_total", "Items rejected, by reason.", METRIC_COUNTER,
                                       .labels = { OF_INSTANCE, "reason" } };
static const MetricFamily ignored_items = { "hub_ignored_total", "Items that say nothing new, by reason.",
                                            METRIC_COUNTER, .labels = { OF_INSTANCE, "reason" } };
static const MetricFamily repeated = { "hub_repeated_total", "Items that an overlap brought again.", METRIC_COUNTER,
                                       .labels = { OF_INSTANCE } };
static const MetricFamily bus_messages = { "hub_bus_messages", "Messages that Kafka has not confirmed.", METRIC_GAUGE,
                                           .labels = { OF_INSTANCE } };
static const MetricFamily bus_size = { "hub_bus_bytes", "Their bytes in memory.", METRIC_GAUGE,
                                       .labels = { OF_INSTANCE } };
static const MetricFamily delivery = {
        "hub_delivery_seconds",    "From handing a message over to Kafka's confirmation.",
        METRIC_HISTOGRAM,          .seconds = true,
        .labels = { OF_INSTANCE }, .bounds = { 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 15000, 60000 }
};
static const MetricFamily producers = { "hub_bus_producers_total", "Producers opened: each after the first, trouble.",
                                        METRIC_COUNTER, .labels = { OF_INSTANCE } };
static const MetricFamily source_lag = { "hub_source_lag", "Records that wait in the source, where it can tell.",
                                         METRIC_GAUGE, .labels = { OF_INSTANCE } };
static const MetricFamily reconnects = { "hub_source_reconnects_total", "Times that the source came back.",
                                         METRIC_COUNTER, .labels = { OF_INSTANCE } };
static const MetricFamily silence = { "hub_source_silence_seconds", "Since the last record, or since the start.",
                                      METRIC_GAUGE, .seconds = true, .labels = { OF_INSTANCE } };
static const MetricFamily stuck = { "hub_source_stuck_seconds",
                                    "Since what is due at the source was first asked for in vain; 0: it is not.",
                                    METRIC_GAUGE, .seconds = true, .labels = { OF_INSTANCE } };
static const MetricFamily spool_bytes = { "hub_spool_bytes", "Bytes that the spool holds.", METRIC_GAUGE,
                                          .labels = { OF_INSTANCE } };
static const MetricFamily spool_limit = { "hub_spool_limit_bytes", "Bytes at which the spool is full.", METRIC_GAUGE,
                                          .labels = { OF_INSTANCE } };
static const MetricFamily spool_messages = { "hub_spool_messages", "Messages of the spool that are not read yet.",
                                             METRIC_GAUGE, .labels = { OF_INSTANCE } };
static const MetricFamily unpromised = {
        "hub_source_unpromised_total",
        "Messages whose sender does not see to it that they arrive: MQTT's QoS 0, frames over TCP that ask no answer.",
        METRIC_COUNTER, .labels = { OF_INSTANCE }
};
static const MetricFamily refused = {
        "hub_source_refused_total",
        "Requests or callers that were turned away: none of ours, unknown, too large, too many.", METRIC_COUNTER,
        .labels = { OF_INSTANCE }
};
static const MetricFamily checkpoint = { "hub_checkpoint_age_seconds", "Since the position was last kept.",
                                         METRIC_GAUGE, .seconds = true, .labels = { OF_INSTANCE } };

/* In the order of `families`. */
enum {
        RECORDS,
        PUBLISHED,
        REPEATED,
        BUS_MESSAGES,
        BUS_SIZE,
        DELIVERY,
        PRODUCERS,
        SOURCE_LAG,
        RECONNECTS,
        SILENCE,
        STUCK,
        SPOOL_BYTES,
        SPOOL_LIMIT,
        SPOOL_MESSAGES,
        UNPROMISED,
        REFUSED,
        CHECKPOINT,
        SERIES
};

static const MetricFamily *const families[SERIES] = {
        &records,     &published,      &repeated,   &bus_messages, &bus_size,   &delivery,
        &producers,   &source_lag,     &reconnects, &silence,      &stuck,      &spool_bytes,
        &spool_limit, &spool_messages, &unpromised, &refused,      &checkpoint,
};

struct PipeMetrics {
        Metrics *metrics;
        Health *health;
        const char *instance, *platform;
        Metric *series[SERIES];
        int64_t take_at, read_at; /* monotonic */
        bool away;
};

PipeMetrics *pipe_metrics_new(Metrics *metrics, Health *health, const OutputSetup *setup)
{
        PipeMetrics *own = mem_new(sizeof(PipeMetrics));

        *own = (PipeMetrics){ .metrics = metrics,
                              .health = health,
                              .instance = setup->instance,
                              .platform = setup->platform,
                              .read_at = time_monotonic() };
        for (size_t i = 0; i < SERIES; i++)
                own->series[i] = metrics_series(metrics, families[i], (const char *[]){ own->instance, own->platform });
        health_set(health, HEALTH_KAFKA, false);
        health_set(health, HEALTH_SOURCE, false);
        return own;
}

void pipe_metrics_free(PipeMetrics *own)
{
        free(own);
}

static Metric *by_reason(PipeMetrics *own, const MetricFamily *family, const char *reason)
{
        return metrics_series(own->metrics, family, (const char *[]){ own->instance, own->platform, reason });
}

void pipe_metrics_rejected(PipeMetrics *own, const char *reason)
{
        if (own)
                metric_add(by_reason(own, &rejected, reason), 1);
}

/* ---- taking ---- */

static void totals_take(PipeMetrics *own, const Publisher *publisher)
{
        const HourTotals sum = ticks_sum(publisher->ticks);

        metric_set(own->series[RECORDS], sum.records);
        metric_set(own->series[PUBLISHED], sum.published);
        metric_set(own->series[REPEATED], sum.repeated);
        for (const PublishReason *slot = publisher->reasons;
             slot < publisher->reasons + PUBLISH_REASONS && slot->reason; slot++)
                metric_set(by_reason(own, &ignored_items, slot->reason), slot->count);
}

static void bus_take(PipeMetrics *own, Bus *bus)
{
        metric_set(own->series[BUS_MESSAGES], (int64_t)bus_pending(bus));
        metric_set(own->series[BUS_SIZE], (int64_t)bus_bytes(bus));
        metric_set(own->series[PRODUCERS], bus_producers(bus));
        health_set(own->health, HEALTH_KAFKA, bus_reached(bus));
}

/* An age that is not known is not shown. */
static void figure_show(Metric *metric, int64_t value)
{
        if (value < 0)
                metric_clear(metric);
        else
                metric_set(metric, value);
}

static void source_take(PipeMetrics *own, const Settle *settle, int64_t now)
{
        const SourceKind *kind = settle->kind;
        SourceSpool spool = { 0 };

        figure_show(own->series[SOURCE_LAG], kind->lag ? kind->lag(settle->source) : -1);
        figure_show(own->series[CHECKPOINT], settle->checkpointed ? now - settle->checkpointed : -1);
        figure_show(own->series[STUCK], kind->stuck ? kind->stuck(settle->source) : -1);
        metric_set(own->series[REFUSED], kind->refused ? kind->refused(settle->source) : 0);
        metric_set(own->series[SILENCE], now - own->read_at);
        if (!kind->spool)
                return;
        kind->spool(settle->source, &spool);
        metric_set(own->series[SPOOL_MESSAGES], spool.messages);
        metric_set(own->series[SPOOL_BYTES], spool.bytes);
        metric_set(own->series[SPOOL_LIMIT], spool.limit);
        metric_set(own->series[UNPROMISED], spool.unpromised);
}

/* A source is reached from its first sign on: a record, or a turn in which it was asked and was not away. */
static void away_take(PipeMetrics *own, bool away)
{
        if (own->away && !away)
                metric_add(own->series[RECONNECTS], 1);
        own->away = away;
        health_set(own->health, HEALTH_SOURCE, !away);
}

void pipe_metrics_turn(PipeMetrics *own, const Publisher *publisher, const Settle *settle, bool away, bool read)
{
        const int64_t now = time_monotonic();

        health_beat(own->health);
        if (read)
                own->read_at = now;
        if (away != own->away)
                away_take(own, away);
        if (now < own->take_at)
                return;
        own->take_at = now + TAKE_MS;
        away_take(own, away);
        totals_take(own, publisher);
        bus_take(own, publisher->bus);
        source_take(own, settle, now);
}

void pipe_metrics_wait(PipeMetrics *own, const Publisher *publisher)
{
        if (!own)
                return;
        health_beat(own->health);
        bus_take(own, publisher->bus);
}

Metric *pipe_metrics_delivery(const PipeMetrics *own)
{
        return own->series[DELIVERY];
}
