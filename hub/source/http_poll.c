/*
 * Polling over HTTP. A window is read page by page until an empty one; a window of several pages is read until two passes bring
 * the same ids, for rows shift while we page. One page is one record. The next window begins when the last one is acknowledged
 * and the interval is over; the cursor moves only then, so a kill means that a window is read again.
 */

#include "hub/source/source.h"

#include "hub/base/backoff.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/http_client.h"
#include "hub/source/http_page.h"
#include "hub/source/http_window.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES_MOST = 20, LEAST_PAUSE_MS = 250, MOST_PAUSE_MS = 60000 };

typedef enum { STAGE_REST, STAGE_READ, STAGE_SETTLE } Stage;

struct Source {
        const HttpOptions *options;
        bool once;
        HttpClient *client;
        HttpReply reply;
        Arena *arena;
        Stage stage;
        WindowState state;
        Window window;
        int64_t page, pass;
        PageIds before, now;            /* ids of the last pass and of this one */
        PageIds page_ids;               /* of the page handed over last: counted when the next read() finds it accepted */
        bool handed, finite;            /* a page was handed over and not yet counted; it was the only one */
        bool logged_in;
        uint64_t token, acknowledged, last_token;       /* last_token: of this window */
        Backoff backoff;
        int64_t resume_at;              /* monotonic: not before */
        char etag[128], channel[512], position[96], checkpoint[64];
        Error trouble;                  /* why we pause; ERR_NONE when all is well */
};

static void pause_for(Source *source, const Error *why, int64_t ms)
{
        source->trouble = *why;
        source->resume_at = time_monotonic() + ms;
}

static SourceResult away(Source *source, const Error *why, int64_t retry_after_ms, Error *err)
{
        const int64_t step = backoff_next(&source->backoff);

        pause_for(source, why, retry_after_ms > step ? retry_after_ms : step);
        *err = *why;
        return SOURCE_AWAY;
}

/* ---- windows, passes, pages ---- */

static void window_begin(Source *source)
{
        source->window = window_next(&source->state, source->options);
        source->page = source->options->page_first;
        source->pass = 1;
        source->last_token = 0;
        page_ids_clear(&source->before);
        page_ids_clear(&source->now);
        source->stage = STAGE_READ;
}

static void window_settle(Source *source)
{
        if (source->last_token > source->acknowledged)
                return;
        source->state.cursor = source->window.sure;
        source->resume_at = time_monotonic() + source->options->interval_ms;
        source->stage = STAGE_REST;
}

static void window_end(Source *source)
{
        source->stage = STAGE_SETTLE;
        window_settle(source);
}

static void pass_end(Source *source)
{
        const bool several = source->page > source->options->page_first + 1;
        const bool same = source->pass > 1 && page_ids_same(&source->before, &source->now);

        if (!several || same) {
                window_end(source);
                return;
        }
        if (source->pass == PASSES_MOST) {
                log_warning("a window never came out the same twice; the overlap must catch the rest", LOG_TEXT("url", source->channel),
                            LOG_NUMBER("passes", source->pass));
                window_end(source);
                return;
        }
        const PageIds spare = source->before;
        source->before = source->now;
        source->now = spare;
        page_ids_clear(&source->now);
        source->page = source->options->page_first;
        source->pass++;
}

/* The page handed over last was a record: on to the next. */
static void page_accept(Source *source)
{
        source->handed = false;
        backoff_reset(&source->backoff);
        for (size_t i = 0; i < source->page_ids.size; i++)
                page_id_add(&source->now, source->page_ids.ids[i]);
        source->page++;
        if (source->finite)
                window_end(source);
}

/* ---- one request ---- */

static SourceResult login(Source *source, Error *err)
{
        Error why = { 0 };

        if (!http_client_login(source->client, &source->reply, &why))
                return away(source, &why, source->reply.retry_after_ms, err);
        source->logged_in = true;
        return SOURCE_IDLE;
}

static SourceResult refused(Source *source, Error *err)
{
        Error why = { 0 };

        if (source->reply.status == 401 || source->reply.status == 403)
                source->logged_in = false;
        error_set(&why, ERR_RETRY, NULL, "%s: status %ld", source->channel, source->reply.status);
        return away(source, &why, source->reply.retry_after_ms, err);
}

static SourceResult page_hand(Source *source, SourceRecord *record)
{
        char start[TIME_TEXT_SIZE], end[TIME_TEXT_SIZE];

        source->handed = true;
        source->finite = !source->options->page_parameter;
        source->last_token = ++source->token;
        snprintf(source->position, sizeof source->position, "%s..%s page %" PRId64, time_text(source->window.start, start),
                 time_text(source->window.end, end), source->page);
        *record = (SourceRecord){ .record = { .bytes = source->reply.body.bytes, .size = source->reply.body.size, .channel = source->channel,
                                              .content_type = *source->reply.content_type ? source->reply.content_type : NULL,
                                              .position = source->position, .received_ms = time_now() },
                                  .token = source->token, .window = source->options->start_parameter ? source->window.number : 0 };
        return SOURCE_RECORD;
}

static SourceResult page_ask(Source *source, SourceRecord *record, Error *err)
{
        const HttpOptions *options = source->options;
        Error why = { 0 };

        arena_reset(source->arena);
        const TextTable parameters = window_parameters(&source->window, options, source->page, source->arena);
        if (!http_client_ask(source->client, &parameters, options->start_parameter ? NULL : source->etag, &source->reply, &why))
                return away(source, &why, -1, err);
        if (source->page == options->page_first && source->pass == 1)
                window_dated(&source->state, &source->window, source->reply.date_ms);
        if (source->reply.status == 304) {
                window_end(source);
                return SOURCE_IDLE;
        }
        if (source->reply.status != 200)
                return refused(source, err);
        page_ids_clear(&source->page_ids);
        const int64_t items = page_items(source->reply.body.bytes, source->reply.body.size, options->items, options->id, &source->page_ids);
        if (items == 0) {
                backoff_reset(&source->backoff);
                pass_end(source);
                return SOURCE_IDLE;
        }
        if (!options->start_parameter)
                memcpy(source->etag, source->reply.etag, sizeof source->etag);
        return page_hand(source, record);
}

/* ---- the source ---- */

static Source *http_poll_open(const SourceSetup *setup, Error *err)
{
        const HttpOptions *options = setup->options;
        Source *source = mem_new(sizeof *source);

        source->options = options;
        source->once = setup->once;
        source->arena = arena_new();
        source->backoff = (Backoff){ LEAST_PAUSE_MS, MOST_PAUSE_MS, 0 };
        source->resume_at = time_monotonic();
        snprintf(source->channel, sizeof source->channel, "%.*s", (int)strcspn(options->url, "?"), options->url);
        if (window_state_read(&source->state, setup->checkpoint, err))
                source->client = http_client_open(options, err);
        if (source->client)
                return source;
        source_http_poll.close(source);
        return NULL;
}

static SourceResult rest(Source *source, int wait_ms, Error *err)
{
        const int64_t left = source->resume_at - time_monotonic();

        poll(NULL, 0, (int)(left < wait_ms ? left : wait_ms));
        if (source->trouble.kind == ERR_NONE)
                return SOURCE_IDLE;
        *err = source->trouble;
        return SOURCE_AWAY;
}

static SourceResult http_poll_read(Source *source, int wait_ms, SourceRecord *record, Error *err)
{
        if (source->handed)
                page_accept(source);
        if (source->stage == STAGE_SETTLE)
                window_settle(source);
        if (source->stage == STAGE_REST && source->once && source->window.number > 0)
                return SOURCE_END;
        if (source->stage == STAGE_SETTLE) {
                poll(NULL, 0, wait_ms < 10 ? wait_ms : 10);
                return SOURCE_IDLE;
        }
        if (time_monotonic() < source->resume_at)
                return rest(source, wait_ms, err);
        source->trouble = (Error){ 0 };
        if (source->options->login_url && !source->logged_in) {
                const SourceResult result = login(source, err);

                if (result != SOURCE_IDLE)
                        return result;
        }
        if (source->stage == STAGE_REST)
                window_begin(source);
        return page_ask(source, record, err);
}

static bool http_poll_acknowledge(Source *source, uint64_t token, Error *err)
{
        (void)err;
        source->acknowledged = token > source->acknowledged ? token : source->acknowledged;
        if (source->stage == STAGE_SETTLE)
                window_settle(source);
        return true;
}

/* The page was none: a login page with 200, or an error in the clothes of a list. A new session, then the same page again. */
static void http_poll_retry(Source *source, const Error *why)
{
        if (!source->handed)
                return;
        source->handed = false;
        source->logged_in = false;
        *source->etag = 0;
        pause_for(source, why, backoff_next(&source->backoff));
}

static const char *http_poll_position(Source *source)
{
        window_state_write(&source->state, source->checkpoint);
        return source->checkpoint;
}

static bool http_poll_connect_check(const void *options, Error *err)
{
        const HttpOptions *given = options;
        HttpClient *client = http_client_open(given, err);
        HttpReply reply = { 0 };
        bool fine = client != NULL;

        if (fine && given->login_url)
                fine = http_client_login(client, &reply, err);
        else if (fine)
                fine = http_client_ask(client, &(TextTable){ 0 }, NULL, &reply, err) &&
                       (reply.status < 500 || error_set(err, ERR_RETRY, NULL, "%s: status %ld", given->url, reply.status));
        http_reply_free(&reply);
        http_client_close(client);
        return fine;
}

static void http_poll_close(Source *source)
{
        http_client_close(source->client);
        http_reply_free(&source->reply);
        page_ids_free(&source->before);
        page_ids_free(&source->now);
        page_ids_free(&source->page_ids);
        arena_free(source->arena);
        free(source);
}

const SourceKind source_http_poll = {
        .kind = "http_poll",
        .about = "asks a URL again and again: windows by time, pages, login, overlap (HTTP/1.1, RFC 9110)",
        .options = http_options,
        .options_size = HTTP_OPTIONS,
        .size = sizeof(HttpOptions),
        .check = http_options_check,
        .open = http_poll_open,
        .read = http_poll_read,
        .acknowledge = http_poll_acknowledge,
        .retry = http_poll_retry,
        .position = http_poll_position,
        .connect_check = http_poll_connect_check,
        .close = http_poll_close,
};
