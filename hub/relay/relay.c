#include "hub/relay/relay.h"

#include "hub/base/backoff.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/event/headers.h"
#include "hub/relay/outbox.h"
#include "hub/relay/relay_metrics.h"

#include <poll.h>
#include <string.h>

enum { IDLE_MS = 200, SLICE_MS = 50, DRAIN_MS = 30 * 1000, CLEAN_EVERY_MS = 60 * 60 * 1000 };

typedef struct {
        const RelaySetup *setup;
        Db *db;
        KafkaProducer *producer;
        Backoff backoff;
        Arena *arena;
        Buffer value;
        RelayMetrics *metrics;
        bool claimed, waiting_told;
        char trouble[sizeof(((Error *)NULL)->text)]; /* the last that was logged: a peer that is away is told once */
        int64_t clean_at;
        bool delivered[OUTBOX_BATCH_MOST]; /* of the batch, by its order */
        bool failed;                       /* a report said so */
} Relay;

static bool is_stopped(const Relay *relay)
{
        return relay->setup->stopped(relay->setup->context);
}

static void show(const Relay *relay)
{
        Health *health = relay->setup->health;

        health_beat(health);
        health_set(health, HEALTH_POSTGRES, relay->db != NULL);
        health_set(health, HEALTH_KAFKA, relay->producer && kafka_producer_reached(relay->producer));
}

/* What the producer tells of itself must be fetched, or it piles up. */
static void rest(const Relay *relay, int64_t ms)
{
        int64_t until = time_monotonic() + ms;

        while (!is_stopped(relay) && time_monotonic() < until) {
                if (relay->producer)
                        kafka_producer_poll(relay->producer, SLICE_MS);
                else
                        poll(NULL, 0, SLICE_MS);
                show(relay);
        }
}

static void report_note(void *context, void *opaque, bool delivered, const char *error)
{
        Relay *relay = context;

        *(bool *)opaque = delivered;
        if (delivered)
                return;
        if (!relay->failed)
                log_warning("a version was not delivered, it is sent again", LOG_TEXT("error", error));
        relay->failed = true;
}

static void producer_close(Relay *relay)
{
        kafka_producer_close(relay->producer);
        relay->producer = NULL;
}

bool relay_value(Buffer *out, const char *feed, const char *payload, size_t size, Error *err)
{
        if (size < 2 || payload[0] != '{')
                return error_set(err, ERR_FATAL, NULL, "outbox feed %s is no JSON object", feed);
        buffer_clear(out);
        buffer_format(out, "{\"feed\":%s%s", feed, payload[1] == '}' ? "" : ",");
        buffer_add(out, payload + 1, size - 1);
        return true;
}

static int64_t time_of(const char *text)
{
        int64_t ms;

        return text && time_read_canonical(text, strlen(text), &ms) ? ms : TIME_NONE;
}

/* The queue holds far more than a batch: when it is full all the same, the broker is away. */
static bool message_send(Relay *relay, const KafkaMessage *message, bool *delivered, Error *err)
{
        KafkaTaken taken = kafka_produce(relay->producer, message, delivered, err);

        while (taken == KAFKA_FULL && !is_stopped(relay)) {
                show(relay);
                kafka_producer_poll(relay->producer, SLICE_MS);
                taken = kafka_produce(relay->producer, message, delivered, err);
        }
        return taken == KAFKA_TAKEN;
}

static bool row_send(Relay *relay, const OutboxRow *row, bool *delivered, Error *err)
{
        KafkaHeader headers[EVENT_HEADERS_MOST];
        KafkaMessage message = { .topic = relay->setup->topic,
                                 .partition = -1,
                                 .key = row->incident,
                                 .key_size = strlen(row->incident),
                                 .headers = headers };

        if (!relay_value(&relay->value, row->feed, row->payload, row->payload_size, err))
                return false;
        arena_reset(relay->arena);
        message.value = relay->value.bytes;
        message.value_size = relay->value.size;
        message.headers_size =
                event_headers_plain("incident", arena_format(relay->arena, "%s:%s", row->incident, row->version),
                                    arena_format(relay->arena, "/%s/correlate", row->zone), row->zone, row->incident,
                                    time_of(row->at), NULL, 0, relay->arena, headers);
        return message_send(relay, &message, delivered, err);
}

/* Until everything is reported, something failed, or we are told to stop and have waited long enough. */
static void reports_await(Relay *relay)
{
        int64_t until = INT64_MAX;
        Error err;

        while (!kafka_producer_flush(relay->producer, SLICE_MS) && !relay->failed && time_monotonic() < until &&
               !kafka_producer_broken(relay->producer, &err)) {
                show(relay);
                if (until == INT64_MAX && is_stopped(relay))
                        until = time_monotonic() + DRAIN_MS;
        }
}

/*
 * What was delivered behind a version that was not is left unmarked and sent again: so a reader sees the versions of an
 * incident rise, but for repeats.
 */
static size_t delivered_first(const Relay *relay, size_t size)
{
        size_t count = 0;

        while (count < size && relay->delivered[count])
                count++;
        return count;
}

static bool batch_send(Relay *relay, const DbResult *rows, Error *err)
{
        memset(relay->delivered, 0, sizeof(relay->delivered));
        relay->failed = false;
        for (size_t i = 0; i < db_rows(rows); i++) {
                OutboxRow row = outbox_row(rows, i);

                if (!row_send(relay, &row, &relay->delivered[i], err))
                        return false;
        }
        if (relay->setup->produced)
                relay->setup->produced(relay->producer);
        reports_await(relay);
        return true;
}

/* A producer that failed once is not trusted again: its reports are taken, and a new one goes on with what is unmarked.
 */
static bool batch_relay(Relay *relay, const DbResult *rows, Error *err)
{
        const int64_t began = time_monotonic();
        bool sent = batch_send(relay, rows, err), marked;
        size_t size = db_rows(rows), first;

        if (!sent || delivered_first(relay, size) < size)
                producer_close(relay);
        first = delivered_first(relay, size);
        marked = outbox_mark(relay->db, rows, first, sent ? err : &(Error){ 0 });
        if (marked && first)
                relay_metrics_batch(relay->metrics, first, outbox_row(rows, first - 1).feed, time_monotonic() - began);
        if (!sent || !marked)
                return false;
        return first == size || error_set(err, ERR_RETRY, NULL, "kafka: %zu of %zu versions have no delivery report",
                                          size - first, size);
}

static bool connect_all(Relay *relay, Error *err)
{
        if (!relay->db) {
                relay->db = db_open(relay->setup->postgres, "hub relay", "", err);
                relay->claimed = false;
        }
        if (!relay->db)
                return error_add(err, "connecting to PostgreSQL");
        if (!relay->producer)
                relay->producer = kafka_producer_open(relay->setup->kafka, report_note, relay, err);
        return relay->producer != NULL;
}

static bool claim(Relay *relay, Error *err)
{
        if (relay->claimed)
                return true;
        if (!outbox_claim(relay->db, &relay->claimed, err))
                return error_add(err, "taking the relay's lock");
        if (relay->claimed)
                log_info("the relay's lock is ours", LOG_NUMBER("backend", db_backend(relay->db)));
        else if (!relay->waiting_told)
                log_info("another relay is at work, waiting for its lock",
                         LOG_NUMBER("backend", db_backend(relay->db)));
        relay->waiting_told = !relay->claimed;
        return true;
}

static bool clean(Relay *relay, Error *err)
{
        int64_t removed;

        if (time_monotonic() < relay->clean_at)
                return true;
        if (!outbox_clean(relay->db, &removed, err))
                return false;
        if (removed) /* perhaps there is more */
                return true;
        relay->clean_at = time_monotonic() + CLEAN_EVERY_MS;
        return true;
}

/* One round; *idle when there is nothing to do for now. */
static bool turn(Relay *relay, bool *idle, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        int64_t numbered;

        *idle = true;
        if (!connect_all(relay, err) || !claim(relay, err))
                return false;
        relay_metrics_active(relay->metrics, relay->claimed);
        if (!relay->claimed)
                return true;
        if (!relay_metrics_outbox(relay->metrics, relay->db, err))
                return false;
        if (!outbox_number(relay->db, &numbered, err) || !outbox_waiting(relay->db, &rows, err))
                return false;
        kafka_producer_poll(relay->producer, 0);
        *idle = db_rows(rows) == 0;
        if (*idle)
                return clean(relay, err);
        return batch_relay(relay, rows, err);
}

static void database_close(Relay *relay)
{
        db_close(relay->db);
        relay->db = NULL;
        relay_metrics_active(relay->metrics, false);
}

/* Closing the connection gives the lock away; it is opened again with the next turn. */
static bool endure(Relay *relay, const Error *why)
{
        if (why->kind == ERR_FATAL)
                return false;
        if (strcmp(relay->trouble, why->text) != 0)
                log_warning("relay tries again", LOG_TEXT("error", why->text));
        memcpy(relay->trouble, why->text, sizeof(relay->trouble));
        if (relay->db && !db_alive(relay->db))
                database_close(relay);
        if (!is_stopped(relay))
                rest(relay, backoff_next(&relay->backoff));
        return true;
}

static bool loop(Relay *relay, Error *err)
{
        bool idle;

        while (!is_stopped(relay)) {
                *err = (Error){ 0 };
                show(relay);
                if (turn(relay, &idle, err)) {
                        backoff_reset(&relay->backoff);
                        relay->trouble[0] = '\0';
                        if (idle)
                                rest(relay, IDLE_MS);
                } else if (!endure(relay, err)) {
                        return false;
                }
        }
        return true;
}

bool relay_run(const RelaySetup *setup, Error *err)
{
        Relay relay = { .setup = setup,
                        .backoff = { .least_ms = 100, .most_ms = 5000 },
                        .arena = arena_new(),
                        .metrics = relay_metrics_new(setup->metrics) };
        bool fine = loop(&relay, err);

        health_stop(setup->health);
        producer_close(&relay);
        database_close(&relay);
        arena_free(relay.arena);
        buffer_free(&relay.value);
        relay_metrics_free(relay.metrics);
        return fine;
}
