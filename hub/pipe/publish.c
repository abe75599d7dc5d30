#include "hub/pipe/publish.h"

#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/event/headers.h"
#include "hub/event/rejected.h"
#include "hub/keep/folder.h"
#include "hub/pipe/beside.h"
#include "hub/pipe/pipe_metrics.h"

#include <string.h>

enum { WAIT_MS = 100, HEADER_POINTS_MOST = 500 };

typedef struct {
        KafkaHeader items[REJECTED_HEADERS];
        size_t size;
        Arena *arena;
} Headers;

void publish_delivered(void *context, BusKind kind, void *owner)
{
        Publisher *publisher = context;
        Flight *flight = owner;

        if (kind == BUS_TICK) {
                ticks_delivered(publisher->ticks);
                return;
        }
        flight->pending--;
        if (kind == BUS_EVENT)
                ticks_hour(publisher->ticks, flight->received)->published++;
        else
                ticks_hour(publisher->ticks, flight->received)->rejected++;
}

/* False: we are to stop and nothing moves. */
static bool room_wait(Publisher *publisher)
{
        int64_t until = 0;

        while (bus_full(publisher->bus)) {
                if (signals_stop(publisher->signals) && !until)
                        until = time_monotonic() + publisher->drain_ms;
                if (until && time_monotonic() >= until)
                        publisher->abandoned = true;
                if (publisher->abandoned)
                        return false;
                bus_poll(publisher->bus, WAIT_MS);
                pipe_metrics_wait(publisher->metrics, publisher);
        }
        return true;
}

static bool publish_event(void *context, const Event *event, const char *bytes, size_t size, Error *err)
{
        Publisher *publisher = context;
        Flight *flight = publisher->flight;
        KafkaHeader headers[EVENT_HEADERS_MOST];
        BusMessage message = { .kind = BUS_EVENT,
                               .partition = publisher->partition,
                               .key = event->zone,
                               .value = bytes,
                               .size = size,
                               .headers = headers,
                               .owner = flight };

        if (!room_wait(publisher))
                return error_set(err, ERR_RETRY, NULL, "stopped while Kafka takes nothing");
        if (publisher->tick && ticks_due(publisher->ticks))
                publisher->tick(publisher->tick_context);
        if (flight->window && !seen_add(publisher->seen, event->id, flight->window, flight->token)) {
                ticks_hour(publisher->ticks, flight->received)->repeated++;
                return true;
        }
        arena_reset(publisher->arena);
        message.headers_size =
                event_headers(event, bus_run(publisher->bus), bus_next(publisher->bus), publisher->arena, headers);
        if (publisher->retry)
                headers[message.headers_size++] =
                        (KafkaHeader){ REJECTED_RETRY, publisher->retry, strlen(publisher->retry) };
        flight->pending++;
        bus_send(publisher->bus, &message);
        return true;
}

const char *publish_channel(const char *channel, Arena *arena)
{
        size_t size = strcspn(channel, "?#");
        const char *host = strstr(channel, "://"), *slash, *at = NULL;

        if (!host || (size_t)(host - channel) >= size)
                return arena_copy(arena, channel, size);
        host += strlen("://");
        slash = host + strcspn(host, "/?#");
        for (const char *here = host; here < slash; here++)
                at = *here == '@' ? here : at;
        host = at ? at + 1 : host;
        return arena_format(arena, "%.*s%.*s", (int)(strstr(channel, "://") + strlen("://") - channel), channel,
                            (int)(channel + size - host), host);
}

static void header_add(Headers *headers, const char *key, const char *text)
{
        size_t size = text ? text_cut(text, HEADER_POINTS_MOST) : 0;

        if (size)
                headers->items[headers->size++] = (KafkaHeader){ key, arena_copy(headers->arena, text, size), size };
}

static void number_add(Headers *headers, const char *key, int64_t number)
{
        header_add(headers, key, arena_format(headers->arena, "%lld", (long long)number));
}

static void headers_fill(Headers *headers, const Publisher *publisher, const Record *record, const Error *why)
{
        char received[TIME_TEXT_SIZE];

        header_add(headers, REJECTED_INSTANCE, publisher->setup.instance);
        header_add(headers, REJECTED_PLATFORM, publisher->setup.platform);
        header_add(headers, REJECTED_ZONE, publisher->setup.zone);
        header_add(headers, REJECTED_RUN, bus_run(publisher->bus));
        number_add(headers, REJECTED_SEQ, bus_next(publisher->bus));
        header_add(headers, REJECTED_REASON, why->reason ? why->reason : "unsupported");
        header_add(headers, REJECTED_TEXT, why->text);
        header_add(headers, REJECTED_STAGE, "adapter");
        header_add(headers, REJECTED_CHANNEL,
                   record->channel ? publish_channel(record->channel, headers->arena) : NULL);
        header_add(headers, REJECTED_POSITION, record->position);
        header_add(headers, REJECTED_CONTENT_TYPE, record->content_type);
        header_add(headers, REJECTED_RECEIVED, time_text(record->received_ms, received));
        header_add(headers, REJECTED_RETRY, publisher->retry);
}

/*
 * What is too large for Kafka lies in a file of its own, synced before the message that tells of it is sent. Where that
 * fails, the record is given up as if Kafka were away: it must not be acknowledged.
 */
static bool sealed_store(const Publisher *publisher, const Buffer *sealed, Error *err)
{
        CLEANUP(mem_drop) char *folder = text_format("%s/rejected", publisher->folder);
        CLEANUP(mem_drop)
        char *name = text_format("%s-%lld", bus_run(publisher->bus), (long long)bus_next(publisher->bus));

        return folder_make(folder, err) && folder_store(folder, name, sealed->bytes, sealed->size, err);
}

/* A bad item comes in each overlapping window just as a good one does: by its bytes it is known again. */
static bool rejected_before(Publisher *publisher, const char *sha256)
{
        const Flight *flight = publisher->flight;
        CLEANUP(mem_drop) char *id = text_format("rejected:%s", sha256);

        if (!flight->window || seen_add(publisher->seen, id, flight->window, flight->token))
                return false;
        ticks_hour(publisher->ticks, flight->received)->repeated++;
        return true;
}

/* "instance:run:seq" of the message that comes next. */
static const char *name_next(const Publisher *publisher)
{
        return arena_format(publisher->arena, "%s:%s:%lld", publisher->setup.instance, bus_run(publisher->bus),
                            (long long)bus_next(publisher->bus));
}

/* Under the key that sealed the bytes: it is the current one, both times. */
static void beside_add(Headers *headers, const Publisher *publisher, const Record *record)
{
        CLEANUP(buffer_free) Buffer clear = { 0 };
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        int version;
        char *hex;

        if (!beside_write(&clear, record))
                return;
        privacy_seal(publisher->setup.privacy, arena_format(headers->arena, "%s:beside", name_next(publisher)),
                     clear.bytes, clear.size, &sealed, &version);
        hex = hex_text((const uint8_t *)sealed.bytes, sealed.size, arena_take(headers->arena, 2 * sealed.size + 1));
        headers->items[headers->size++] = (KafkaHeader){ REJECTED_BESIDE, hex, 2 * sealed.size };
}

static bool reject_send(Publisher *publisher, const Record *record, const char *item, size_t size, const Error *why,
                        Error *err)
{
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        Headers headers = { .arena = publisher->arena };
        BusMessage message = { .kind = BUS_REJECTED, .key = publisher->setup.instance, .owner = publisher->flight };
        char sha256[SHA256_TEXT_SIZE];
        int version = 0;

        if (rejected_before(publisher, sha256_text(item, size, sha256)))
                return true;
        arena_reset(publisher->arena);
        privacy_seal(publisher->setup.privacy, name_next(publisher), item, size, &sealed, &version);
        headers_fill(&headers, publisher, record, why);
        header_add(&headers, REJECTED_SHA256, sha256);
        number_add(&headers, REJECTED_SIZE, (int64_t)size);
        number_add(&headers, REJECTED_KEY_VERSION, version);
        beside_add(&headers, publisher, record);
        if (size > REJECTED_VALUE_MOST && !sealed_store(publisher, &sealed, err))
                return false;
        message.value = size > REJECTED_VALUE_MOST ? "" : sealed.bytes;
        message.size = size > REJECTED_VALUE_MOST ? 0 : sealed.size;
        message.headers = headers.items;
        message.headers_size = headers.size;
        publisher->flight->pending++;
        bus_send(publisher->bus, &message);
        pipe_metrics_rejected(publisher->metrics, why->reason ? why->reason : "unsupported");
        return true;
}

static void publish_rejected(void *context, const Record *record, const char *item, size_t size, const Error *why)
{
        Publisher *publisher = context;
        Error err = { 0 };

        log_limited(LOG_WARNING, "rejected",
                    (LogKey[]){ LOG_TEXT("reason", why->reason ? why->reason : "unsupported"),
                                LOG_TEXT("text", why->text),
                                LOG_TEXT("position", record->position ? record->position : ""),
                                { 0 } });
        if (!room_wait(publisher))
                return;
        if (!reject_send(publisher, record, item, size, why, &err)) {
                log_limited(LOG_ERROR, "a rejected record could not be kept",
                            (LogKey[]){ LOG_TEXT("why", err.text), { 0 } });
                publisher->abandoned = true;
        }
}

static void publish_ignored(void *context, const Record *record, const char *reason)
{
        Publisher *publisher = context;
        PublishReason *slot = publisher->reasons;

        (void)record;
        while (slot->reason && !text_same(slot->reason, reason) && slot < publisher->reasons + PUBLISH_REASONS - 1)
                slot++;
        slot->reason = reason;
        slot->count++;
        ticks_hour(publisher->ticks, publisher->flight->received)->ignored++;
}

void publish_reasons_log(const Publisher *publisher)
{
        const PublishReason *end = publisher->reasons + PUBLISH_REASONS;

        for (const PublishReason *slot = publisher->reasons; slot < end && slot->reason; slot++)
                log_info("ignored", LOG_TEXT("reason", slot->reason), LOG_NUMBER("items", slot->count));
}

const OutputSink publish_sink = { .event = publish_event, .rejected = publish_rejected, .ignored = publish_ignored };
