#include "hub/pipe/bus.h"

#include "hub/base/backoff.h"
#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* Ticks may go on top of a full bus: they only come when none of their like is pending. */
enum { RING = BUS_MESSAGES_MOST + 4096, BACKOFF_LEAST_MS = 100, BACKOFF_MOST_MS = 10 * 1000 };

/* One block: the headers and all bytes that the message points to follow the struct. */
typedef struct {
        int64_t seq, sent; /* sent: monotonic */
        BusKind kind;
        void *owner;
        size_t size; /* of the block */
        KafkaMessage message;
        KafkaHeader headers[];
} Kept;

/* Message n, oldest <= n < next, is in ring[n % RING] until it is delivered; those below `unsent` are with the
 * producer. */
struct Bus {
        const KafkaOptions *options;
        BusDelivered delivered;
        void *context;
        char run[BUS_RUN_SIZE];
        char *events, *rejected;
        KafkaProducer *producer; /* NULL: the next one is opened at reopen_at */
        bool broken;
        Error why;
        Backoff backoff;
        int64_t reopen_at;
        Kept *ring[RING];
        int64_t oldest, unsent, next;
        size_t bytes, pending;
        int64_t producers; /* opened so far */
        Metric *delivery;
};

static size_t kept_size(const BusMessage *message)
{
        size_t size = sizeof(Kept) + strlen(message->key) + 1 + message->size + 1;

        for (size_t i = 0; i < message->headers_size; i++)
                size += sizeof(KafkaHeader) + strlen(message->headers[i].key) + 1 + message->headers[i].size + 1;
        return size;
}

static const char *bytes_keep(char **end, const char *bytes, size_t size)
{
        char *kept = *end;

        if (size)
                memcpy(kept, bytes, size);
        *end += size + 1;
        return kept;
}

static Kept *kept_new(const BusMessage *message)
{
        size_t size = kept_size(message);
        Kept *kept = mem_new(size);
        char *end = (char *)(kept->headers + message->headers_size);

        *kept = (Kept){ .kind = message->kind, .owner = message->owner, .size = size };
        kept->message.key = bytes_keep(&end, message->key, strlen(message->key));
        kept->message.key_size = strlen(message->key);
        kept->message.value = bytes_keep(&end, message->value, message->size);
        kept->message.value_size = message->size;
        for (size_t i = 0; i < message->headers_size; i++) {
                const KafkaHeader *header = &message->headers[i];

                kept->headers[i].key = bytes_keep(&end, header->key, strlen(header->key));
                kept->headers[i].value = bytes_keep(&end, header->value, header->size);
                kept->headers[i].size = header->size;
        }
        kept->message.headers = kept->headers;
        kept->message.headers_size = message->headers_size;
        return kept;
}

static void bus_settle(Bus *bus, Kept *kept)
{
        BusKind kind = kept->kind;
        void *owner = kept->owner;

        bus->ring[kept->seq % RING] = NULL;
        bus->bytes -= kept->size;
        bus->pending--;
        metric_observe(bus->delivery, time_monotonic() - kept->sent);
        free(kept);
        while (bus->oldest < bus->next && !bus->ring[bus->oldest % RING])
                bus->oldest++;
        backoff_reset(&bus->backoff);
        bus->delivered(bus->context, kind, owner);
}

static void bus_report(void *context, void *opaque, bool delivered, const char *error)
{
        Bus *bus = context;

        if (delivered) {
                bus_settle(bus, opaque);
        } else if (!bus->broken) {
                bus->broken = true;
                (void)error_set(&bus->why, ERR_RETRY, NULL, "kafka: not delivered: %s", error ? error : "unknown");
        }
}

static bool producer_open(Bus *bus, Error *err)
{
        bus->broken = false;
        bus->unsent = bus->oldest;
        bus->producers++;
        bus->producer = kafka_producer_open(bus->options, bus_report, bus, err);
        return bus->producer;
}

/* What the old producer still held may have been written or not: all of it goes out again, readers know the numbers. */
static void producer_drop(Bus *bus)
{
        log_limited(LOG_WARNING, "kafka: sending again with a new producer",
                    (LogKey[]){ LOG_TEXT("why", bus->why.text), LOG_NUMBER("pending", (int64_t)bus->pending), { 0 } });
        kafka_producer_close(bus->producer);
        bus->producer = NULL;
        bus->reopen_at = time_monotonic() + backoff_next(&bus->backoff);
}

static void producer_reopen(Bus *bus)
{
        Error err = { 0 };

        if (producer_open(bus, &err))
                return;
        bus->reopen_at = time_monotonic() + backoff_next(&bus->backoff);
        log_limited(LOG_WARNING, "kafka: no new producer", (LogKey[]){ LOG_TEXT("why", err.text), { 0 } });
}

/* Hands over in order whatever the producer did not get yet, until it is full. */
static void bus_pump(Bus *bus)
{
        while (bus->producer && !bus->broken && bus->unsent < bus->next) {
                Kept *kept = bus->ring[bus->unsent % RING];
                KafkaTaken taken = KAFKA_TAKEN;

                if (kept)
                        taken = kafka_produce(bus->producer, &kept->message, kept, &bus->why);
                if (taken == KAFKA_FULL)
                        return;
                if (taken == KAFKA_BROKEN)
                        bus->broken = true;
                else
                        bus->unsent++;
        }
}

Bus *bus_open(const KafkaOptions *options, BusDelivered delivered, void *context, Error *err)
{
        Bus *bus = mem_new(sizeof(Bus));
        uint8_t dice[10];

        random_bytes(dice, sizeof(dice));
        base32_text(dice, sizeof(dice), bus->run, BUS_RUN_SIZE - 1);
        bus->options = options;
        bus->delivered = delivered;
        bus->context = context;
        bus->events = text_format("%s.events.v1", options->topic_prefix);
        bus->rejected = text_format("%s.rejected.v1", options->topic_prefix);
        bus->backoff = (Backoff){ .least_ms = BACKOFF_LEAST_MS, .most_ms = BACKOFF_MOST_MS };
        bus->oldest = bus->unsent = bus->next = 1;
        if (producer_open(bus, err))
                return bus;
        bus_close(bus);
        return NULL;
}

const char *bus_run(const Bus *bus)
{
        return bus->run;
}

int64_t bus_next(const Bus *bus)
{
        return bus->next;
}

void bus_send(Bus *bus, const BusMessage *message)
{
        Kept *kept = kept_new(message);
        bool is_rejected = message->kind == BUS_REJECTED;

        assert(bus->next - bus->oldest < RING);
        kept->seq = bus->next++;
        kept->sent = time_monotonic();
        kept->message.topic = is_rejected ? bus->rejected : bus->events;
        kept->message.partition = is_rejected ? -1 : message->partition;
        bus->ring[kept->seq % RING] = kept;
        bus->bytes += kept->size;
        bus->pending++;
        bus_pump(bus);
}

bool bus_full(const Bus *bus)
{
        return bus->next - bus->oldest >= BUS_MESSAGES_MOST || bus->bytes >= BUS_BYTES_MOST;
}

void bus_poll(Bus *bus, int wait_ms)
{
        int64_t closed_ms = bus->producer ? 0 : bus->reopen_at - time_monotonic();

        if (bus->producer)
                kafka_producer_poll(bus->producer, wait_ms);
        else if (closed_ms > 0)
                poll(NULL, 0, closed_ms < wait_ms ? (int)closed_ms : wait_ms);
        if (bus->producer && !bus->broken)
                bus->broken = kafka_producer_broken(bus->producer, &bus->why);
        if (bus->producer && bus->broken)
                producer_drop(bus);
        if (!bus->producer && time_monotonic() >= bus->reopen_at)
                producer_reopen(bus);
        bus_pump(bus);
}

int64_t bus_acked(const Bus *bus)
{
        return bus->oldest - 1;
}

size_t bus_pending(const Bus *bus)
{
        return bus->pending;
}

size_t bus_bytes(const Bus *bus)
{
        return bus->bytes;
}

int64_t bus_producers(const Bus *bus)
{
        return bus->producers;
}

bool bus_reached(const Bus *bus)
{
        return bus->producer && kafka_producer_reached(bus->producer);
}

void bus_watch(Bus *bus, Metric *delivery)
{
        bus->delivery = delivery;
}

bool bus_flush(Bus *bus, int64_t wait_ms)
{
        enum { STEP_MS = 20 };
        int64_t until = time_monotonic() + wait_ms;

        while (bus->pending && time_monotonic() < until)
                bus_poll(bus, STEP_MS);
        return !bus->pending;
}

void bus_close(Bus *bus)
{
        if (!bus)
                return;
        kafka_producer_close(bus->producer);
        for (int64_t seq = bus->oldest; seq < bus->next; seq++)
                free(bus->ring[seq % RING]);
        mem_drop(&bus->events);
        mem_drop(&bus->rejected);
        free(bus);
}

KafkaProducer *bus_producer_for_test(Bus *bus)
{
        return bus->producer;
}
