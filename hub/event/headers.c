#include "hub/event/headers.h"

#include "hub/base/crypto.h"

#include <inttypes.h>
#include <string.h>

#define SCHEMAS "https://hub.huli.example/schemas/"

typedef struct {
        KafkaHeader *out;
        size_t size;
} Headers;

static void header_add(Headers *headers, const char *key, const char *value)
{
        if (value && value[0])
                headers->out[headers->size++] = (KafkaHeader){ key, value, strlen(value) };
}

static void time_add(Headers *headers, const char *key, int64_t ms, Arena *arena)
{
        if (ms != TIME_NONE)
                header_add(headers, key, time_text(ms, arena_take(arena, TIME_TEXT_SIZE)));
}

/*
 * W3C Trace Context level 1, section 3.2: 00-TRACE-SPAN-01. Derived from run and seq, so that a resend carries the
 * same; the value's id stands in where there is no run. All zeros would be invalid, but a digest never is.
 */
static const char *traceparent(const char *run, int64_t seq, const char *id, Arena *arena)
{
        char *seed = arena_format(arena, "%s/%" PRId64, run ? run : id, seq), digest[SHA256_TEXT_SIZE];

        sha256_text(seed, strlen(seed), digest);
        return arena_format(arena, "00-%.32s-%.16s-01", digest, digest + 32);
}

static void common_add(Headers *headers, const char *kind, const char *id, const char *source, const char *zone,
                       const char *subject, Arena *arena)
{
        bool incident = strcmp(kind, "incident") == 0;

        header_add(headers, "ce_specversion", "1.0");
        header_add(headers, "ce_id", id);
        header_add(headers, "ce_source", source);
        header_add(headers, "ce_type", arena_format(arena, "cn.huli.hub.%s.v1", kind));
        header_add(headers, "ce_subject", subject);
        header_add(headers, "ce_partitionkey", zone);
        header_add(headers, "ce_dataschema", incident ? SCHEMAS "incident.schema.json" : SCHEMAS "event.schema.json");
        header_add(headers, "content-type", "application/json");
}

static void run_add(Headers *headers, const char *id, const char *run, int64_t seq, Arena *arena)
{
        header_add(headers, "traceparent", traceparent(run, seq, id, arena));
        if (!run)
                return;
        header_add(headers, "hub_run", run);
        header_add(headers, "hub_seq", arena_format(arena, "%" PRId64, seq));
}

size_t event_headers(const Event *event, const char *run, int64_t seq, Arena *arena,
                     KafkaHeader out[EVENT_HEADERS_MOST])
{
        Headers headers = { .out = out };
        bool dated = event->time.occurred != TIME_NONE;

        common_add(&headers, kind_name(event->kind), event->id,
                   arena_format(arena, "/%s/%s/%s", event->zone, event->platform, event->instance), event->zone,
                   event->subject, arena);
        time_add(&headers, "ce_time", dated ? event->time.occurred : event->time.received, arena);
        time_add(&headers, "ce_recordedtime", event->time.received, arena);
        run_add(&headers, event->id, run, seq, arena);
        return headers.size;
}

/* As many parameters as a CloudEvent has attributes. NOLINTNEXTLINE(readability-function-size) */
size_t event_headers_plain(const char *kind, const char *id, const char *source, const char *zone, const char *subject,
                           int64_t at, const char *run, int64_t seq, Arena *arena, KafkaHeader out[EVENT_HEADERS_MOST])
{
        Headers headers = { .out = out };

        common_add(&headers, kind, id, source, zone, subject, arena);
        time_add(&headers, "ce_time", at, arena);
        run_add(&headers, id, run, seq, arena);
        return headers.size;
}
