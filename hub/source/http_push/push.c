#include "hub/source/http_push/push_source.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { UNAUTHORIZED = 401, UNAVAILABLE = 503, SECOND = 1000, NANOSECONDS = 1000000, POSITION_BYTES = 8 };

static void allow_fill(Source *source)
{
        size_t used = 0;

        for (size_t i = 0; i < source->options->methods.size && used < sizeof(source->allow); i++)
                used += (size_t)snprintf(source->allow + used, sizeof(source->allow) - used, "%s%s", i ? ", " : "",
                                         source->options->methods.items[i]);
}

static Source *source_open(const SourceSetup *setup, Error *err)
{
        Source *source = mem_new(sizeof(Source));

        (void)err;
        source->options = setup->options;
        source->once = setup->once;
        source->keeps_nothing = setup->trial || !setup->folder;
        source->seen = push_seen_new(2 * source->options->tolerance);
        snprintf(source->retry_after, sizeof(source->retry_after), "%lld",
                 (long long)(source->options->retry_after / SECOND));
        allow_fill(source);
        desk_open(source);
        return source;
}

static void source_close(Source *source)
{
        desk_close(source);
        exchange_let_go(source->current);
        push_door_close(source);
        push_seen_free(source->seen);
        pthread_mutex_destroy(&source->lock);
        pthread_cond_destroy(&source->arrived);
        pthread_cond_destroy(&source->changed);
        free(source->headers);
        buffer_free(&source->names);
        buffer_free(&source->position);
        free(source);
}

/* ---- read ---- */

/* A busy port comes free: perhaps who listened before us still does. */
static bool door_try(Source *source)
{
        const int64_t now = time_monotonic();

        if (source->server)
                return true;
        if (now < source->open_at)
                return false;
        source->open_at = now + SECOND;
        source->away = (Error){ 0 };
        if (!push_door_open(source, &source->away))
                return false;
        log_info("listening", LOG_TEXT("address", exchanges_address(source->server)));
        return true;
}

/* What says who the peer is stays with us: rejected records keep their headers. */
static bool is_secret(const Source *source, const char *name)
{
        static const char *const names[] = { "authorization", "proxy-authorization", "cookie" };
        const char *own = source->options->token_header;

        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
                if (strcasecmp(names[i], name) == 0)
                        return true;
        return own && strcasecmp(own, name) == 0;
}

static size_t fields_size(const ExchangeHeader *fields)
{
        size_t size = 0;

        while (fields[size].name)
                size++;
        return size;
}

/* A parameter x of the query is a header "?x". Names first: the buffer moves while it grows. */
static void headers_fill(Source *source, const ExchangeRequest *request)
{
        const size_t headers = fields_size(request->headers), arguments = fields_size(request->arguments);
        size_t size = 0, at = 0;

        source->headers = mem_resize(source->headers, (headers + arguments + 1) * sizeof(RecordHeader));
        for (size_t i = 0; i < headers; i++)
                if (!is_secret(source, request->headers[i].name))
                        source->headers[size++] = (RecordHeader){ request->headers[i].name, request->headers[i].value };
        buffer_clear(&source->names);
        for (size_t i = 0; i < arguments; i++) {
                buffer_byte(&source->names, '?');
                buffer_add(&source->names, request->arguments[i].name, strlen(request->arguments[i].name) + 1);
        }
        for (size_t i = 0; i < arguments; i++) {
                source->headers[size++] = (RecordHeader){ source->names.bytes + at, request->arguments[i].value };
                at += strlen(source->names.bytes + at) + 1;
        }
        source->headers[size] = (RecordHeader){ 0 };
}

/* The same for the same request, so that one that crashes us is known again. */
static void position_fill(Source *source, const ExchangeRequest *request, const Waiting *waiting)
{
        char hex[2 * POSITION_BYTES + 1];

        buffer_clear(&source->position);
        buffer_format(&source->position, "%s %s %s", request->method, request->path,
                      hex_text(waiting->digest, POSITION_BYTES, hex));
}

static void record_fill(Source *source, const Waiting *waiting, SourceRecord *record)
{
        const ExchangeRequest *request = exchange_request(source->current);

        headers_fill(source, request);
        position_fill(source, request, waiting);
        *record = (SourceRecord){ .record = { .bytes = request->body,
                                              .size = request->size,
                                              .channel = request->path,
                                              .content_type = exchange_header(source->current, "content-type"),
                                              .position = source->position.bytes,
                                              .received_ms = waiting->received,
                                              .headers = source->headers,
                                              .method = request->method },
                                  .token = waiting->token,
                                  .refusal = waiting->refusal };
}

/* The lock is held. */
static Waiting *waiting_await(Source *source, int wait_ms)
{
        const int64_t until_ms = time_monotonic() + wait_ms;
        const struct timespec until = { until_ms / SECOND, until_ms % SECOND * NANOSECONDS };
        Waiting *waiting;

        source->read_at = time_monotonic();
        while (!(waiting = desk_take(source)) && time_monotonic() < until_ms)
                pthread_cond_timedwait(&source->arrived, &source->lock, &until);
        source->read_at = time_monotonic();
        return waiting;
}

static SourceResult source_read(Source *source, int wait_ms, SourceRecord *record, Error *err)
{
        SourceResult result = SOURCE_IDLE;
        const Waiting *waiting;

        exchange_let_go(source->current);
        source->current = NULL;
        if (!door_try(source)) {
                *err = source->away;
                return err->kind == ERR_FATAL ? SOURCE_BROKEN : SOURCE_AWAY;
        }
        pthread_mutex_lock(&source->lock);
        waiting = waiting_await(source, wait_ms);
        if (waiting) {
                source->current = exchange_keep(waiting->exchange);
                record_fill(source, waiting, record);
                result = SOURCE_RECORD;
        } else if (source->once && TAILQ_EMPTY(&source->taken)) {
                result = SOURCE_END;
        }
        pthread_mutex_unlock(&source->lock);
        return result;
}

/* ---- answer ---- */

/* The lock is held. */
static bool waiting_answer(Source *source, Waiting *waiting, const Reply *reply, Error *err)
{
        const bool is_taken = reply->status >= 200 && reply->status < 300 && !waiting->refusal.kind;
        const ExchangeAnswer answer = {
                .status = reply->status, .content_type = reply->content_type, .body = reply->body, .size = reply->size
        };
        Exchange *exchange = waiting->exchange;
        bool is_heard;

        if (is_taken && waiting->signed_id && !source->keeps_nothing)
                push_seen_add(source->seen, waiting->signed_id, waiting->digest, &answer);
        if (!exchange)
                return error_set(err, ERR_RETRY, NULL, "it waited too long, was told 503, and will send again");
        waiting->exchange = NULL;
        if (waiting->refusal.kind)
                is_heard = push_tell(source, exchange, UNAUTHORIZED);
        else if (source->keeps_nothing)
                is_heard = push_tell(source, exchange, UNAVAILABLE);
        else
                is_heard = exchange_answer(exchange, &answer);
        return is_heard || error_set(err, ERR_RETRY, NULL, "it is gone, and may send again");
}

static bool source_answer(Source *source, uint64_t token, const Reply *reply, Error *err)
{
        Waiting *waiting;
        bool is_heard = true;

        pthread_mutex_lock(&source->lock);
        waiting = desk_find(source, token);
        if (waiting) {
                is_heard = waiting_answer(source, waiting, reply, err);
                desk_drop(source, waiting);
        }
        pthread_mutex_unlock(&source->lock);
        return is_heard;
}

static bool source_acknowledge(Source *source, uint64_t token, Error *err)
{
        Waiting *waiting;

        (void)err;
        pthread_mutex_lock(&source->lock);
        while ((waiting = TAILQ_FIRST(&source->taken)) && waiting->token <= token)
                desk_drop(source, waiting);
        pthread_mutex_unlock(&source->lock);
        return true;
}

/* ---- the rest of the interface ---- */

static int64_t source_lag(Source *source)
{
        int64_t size;

        pthread_mutex_lock(&source->lock);
        size = source->unread_size;
        pthread_mutex_unlock(&source->lock);
        return size;
}

static int64_t source_refused(Source *source)
{
        int64_t refused;

        pthread_mutex_lock(&source->lock);
        refused = source->refused;
        pthread_mutex_unlock(&source->lock);
        return refused;
}

/* Listens for a moment. Who knocks meanwhile is told to come again. */
static bool source_connect_check(const void *options, Error *err)
{
        const SourceSetup setup = { .instance = "check", .options = options, .once = true, .trial = true };
        Source *source = source_open(&setup, err);
        const bool is_open = push_door_open(source, err);

        source_close(source);
        return is_open || err->kind != ERR_RETRY || error_add(err, "does it run already, or who listens there");
}

const SourceKind source_http_push = {
        .kind = "http_push",
        .about = "an HTTP server that the platform pushes to; a request is a record, and is answered when it is in "
                 "Kafka",
        .promise =
                "who is told 2xx is safe: all of it is in Kafka. Who hears 429 or 503, or nothing, has to send again, "
                "which gives the same ids; what a peer does not send again is lost while we are away",
        .options = push_options,
        .options_size = PUSH_OPTIONS,
        .size = sizeof(PushOptions),
        .check = push_options_check,
        .open = source_open,
        .read = source_read,
        .acknowledge = source_acknowledge,
        .answer = source_answer,
        .lag = source_lag,
        .refused = source_refused,
        .when_paused = "who pushes is told 503 with Retry-After, so what arrives later is what the peer sends again",
        .connect_check = source_connect_check,
        .close = source_close,
};
