#include "hub/correlate/correlator_private.h"

#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/correlate/correlate_metrics.h"

#include <stdlib.h>

enum { COMMIT_LAG_MS = 5000, SHOW_MS = 500, REST_MS = 50, PARTITIONS_MOST = 24 };

/* The partitions of events that zones name, each once, and all of the rejected topic. */
static void units_open(Correlator *correlator)
{
        const CorrelatorSetup *setup = correlator->setup;
        bool named[PARTITIONS_MOST] = { false };

        correlator->units = mem_new((PARTITIONS_MOST + (size_t)setup->rejected_partitions) * sizeof *correlator->units);
        for (size_t i = 0; i < zones_size(setup->context.zones); i++)
                named[zones_at(setup->context.zones, i)->partition % PARTITIONS_MOST] = true;
        for (int32_t i = 0; i < PARTITIONS_MOST; i++)
                if (named[i])
                        unit_open(&correlator->units[correlator->units_size++], UNIT_EVENTS, setup->events_topic, i);
        for (int32_t i = 0; i < setup->rejected_partitions; i++)
                unit_open(&correlator->units[correlator->units_size++], UNIT_REJECTED, setup->rejected_topic, i);
}

static void units_drop(Correlator *correlator)
{
        for (size_t i = 0; i < correlator->units_size; i++)
                unit_drop(&correlator->units[i]);
        correlator->assign_due = true;
}

static void lag_report(Correlator *correlator)
{
        CLEANUP(mem_drop) KafkaPosition *positions = mem_new(correlator->units_size * sizeof *positions);
        size_t size = 0;

        if (time_monotonic() < correlator->lag_at)
                return;
        correlator->lag_at = time_monotonic() + COMMIT_LAG_MS;
        for (size_t i = 0; i < correlator->units_size; i++)
                if (correlator->units[i].held)
                        positions[size++] = (KafkaPosition){ correlator->units[i].topic, correlator->units[i].partition,
                                                             correlator->units[i].next };
        if (size > 0)
                kafka_consumer_commit(correlator->consumer, positions, size);
}

static void show(Correlator *correlator)
{
        health_beat(correlator->setup->health);
        if (time_monotonic() < correlator->show_at)
                return;
        correlator->show_at = time_monotonic() + SHOW_MS;
        health_set(correlator->setup->health, HEALTH_KAFKA, kafka_consumer_reached(correlator->consumer));
        health_set(correlator->setup->health, HEALTH_POSTGRES, correlator->store != NULL);
        for (size_t i = 0; i < correlator->units_size; i++) {
                const Unit *unit = &correlator->units[i];

                correlate_metrics_unit(
                        correlator->context.metrics, unit,
                        unit->held ? kafka_consumer_end(correlator->consumer, unit->topic, unit->partition) : -1);
        }
}

static Unit *unit_of(const Correlator *correlator, const KafkaMessage *message)
{
        for (size_t i = 0; i < correlator->units_size; i++) {
                Unit *unit = &correlator->units[i];

                if (unit->held && unit->partition == message->partition && text_same(unit->topic, message->topic))
                        return unit;
        }
        return NULL;
}

static bool read_on(Correlator *correlator, Error *err)
{
        KafkaMessage message;
        Error away = { 0 };
        int wait_ms = (int)correlator->setup->batch_ms;

        for (int64_t count = 0; count < correlator->setup->batch_events; count++) {
                const int got = kafka_consumer_next(correlator->consumer, &message, wait_ms, &away);

                wait_ms = 0;
                if (got == 0)
                        return true;
                if (got < 0 && away.kind == ERR_FATAL) {
                        *err = away;
                        return false;
                }
                if (got < 0) {
                        log_limited(LOG_WARNING, "kafka is away",
                                    (const LogKey[]){ LOG_TEXT("error", away.text), { 0 } });
                        return true;
                }
                Unit *unit = unit_of(correlator, &message);
                if (unit && !unit_take(unit, &message, err))
                        return false;
        }
        return true;
}

static bool decide_due(Correlator *correlator, Error *err)
{
        for (size_t i = 0; i < correlator->units_size; i++) {
                Unit *unit = &correlator->units[i];

                while (unit->held && unit->messages_size > 0)
                        if (!flight_next(correlator, unit, err))
                                return false;
        }
        return true;
}

static bool turn(Correlator *correlator, Error *err)
{
        if (!correlator->store) {
                correlator->store = store_open(correlator->setup->postgres, err);
                if (!correlator->store)
                        return error_add(err, "connecting to PostgreSQL");
                correlator->balance_at = 0;
                if (correlator->generation == 0)
                        correlator->generation = store_generation(correlator->store);
                if (correlator->generation != store_generation(correlator->store)) {
                        log_warning("another generation is live: ending, to be started again under its rules",
                                    LOG_NUMBER("generation", store_generation(correlator->store)));
                        correlator->ended = true;
                        return true;
                }
        }
        if (!seats_balance(correlator, err) || (correlator->assign_due && !seats_assign(correlator, err)))
                return false;
        if (!read_on(correlator, err) || !flight_look(correlator, err) || !decide_due(correlator, err))
                return false;
        backoff_reset(&correlator->backoff);
        lag_report(correlator);
        return true;
}

/* Nothing is assigned, so nothing comes; but what the client tells of itself must be fetched, or it piles up. */
static void rest(Correlator *correlator, int64_t ms)
{
        const CorrelatorSetup *setup = correlator->setup;
        const int64_t until = time_monotonic() + ms;

        while (!setup->stopped(setup->stopped_context) && time_monotonic() < until) {
                KafkaMessage message;
                Error away = { 0 };

                show(correlator);
                (void)kafka_consumer_next(correlator->consumer, &message, REST_MS, &away);
        }
}

/* Whatever went wrong with the store, the memory of every partition goes, and with the connection its locks. */
static void start_over(Correlator *correlator, const Error *why)
{
        Error unsaid = { 0 };

        (void)flight_settle(correlator, &unsaid); /* whether it is committed, the stored offset tells */
        log_warning("correlator starts over", LOG_TEXT("error", why->text));
        units_drop(correlator);
        (void)seats_assign(correlator, &unsaid); /* again when a partition is taken */
        store_close(correlator->store);
        correlator->store = NULL;
        correlate_metrics_over(correlator->context.metrics);
        rest(correlator, backoff_next(&correlator->backoff));
}

/* Whoever is stopped has committed what he handed over, or says why not. */
static bool last_settle(Correlator *correlator, bool fine, Error *err)
{
        Error why = { 0 };

        if (flight_settle(correlator, &why))
                return fine;
        log_warning("the last batch was not written", LOG_TEXT("error", why.text));
        if (fine && why.kind == ERR_FATAL)
                *err = why;
        return fine && why.kind != ERR_FATAL;
}

bool correlator_run(const CorrelatorSetup *setup, Error *err)
{
        Correlator correlator = { .setup = setup, .backoff = { 100, 5000, 0 }, .context = setup->context };
        bool fine = true;

        correlator.context.metrics = correlate_metrics_new(setup->metrics);
        correlator.writer = writer_open();
        health_set(setup->health, HEALTH_KAFKA, false);
        health_set(setup->health, HEALTH_POSTGRES, false);
        units_open(&correlator);
        correlator.consumer = kafka_consumer_open(setup->kafka, "hub-correlate", err);
        fine = correlator.consumer != NULL;
        while (fine && !correlator.ended && !setup->stopped(setup->stopped_context) &&
               (setup->most_batches == 0 || correlator.batches < setup->most_batches)) {
                Error why = { 0 };

                show(&correlator);
                if (turn(&correlator, &why))
                        continue;
                if (why.kind == ERR_FATAL) {
                        *err = why;
                        fine = false;
                } else {
                        start_over(&correlator, &why);
                }
        }
        fine = last_settle(&correlator, fine, err);
        health_stop(setup->health);
        writer_close(correlator.writer);
        units_drop(&correlator);
        kafka_consumer_close(correlator.consumer);
        store_close(correlator.store);
        for (size_t i = 0; i < correlator.units_size; i++)
                unit_close(&correlator.units[i]);
        free(correlator.units);
        correlate_metrics_free(correlator.context.metrics);
        return fine;
}
