#include "hub/source/http/http_check.h"
#include "hub/source/http/http_request.h"
#include "hub/source/http/http_source.h"

#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/base/time.h"

#include <poll.h>
#include <stdlib.h>

enum { BACKOFF_LEAST_MS = 500, BACKOFF_MOST_MS = 60 * 1000 };

static void window_start(Source *source)
{
        source->next_ms = time_monotonic() + source->options->interval;
        source->window.number++;
        http_window_again(source);
}

/* ---- steps of read(): each waits until `until` at most; SOURCE_IDLE with time left: the next step ---- */

static void pause_until(int64_t due, int64_t until)
{
        int64_t wait = (due < until ? due : until) - time_monotonic();

        if (wait > 0)
                poll(NULL, 0, (int)wait);
}

/* Hours that are over wait for nothing; one that is not, for its end. */
static int64_t rest_until(const Source *source)
{
        enum { LOOK_MS = 1000 };

        if (source->options->time_form != TIME_HOUR)
                return source->next_ms;
        return window_due(&source->window, source->options) ? 0 : time_monotonic() + LOOK_MS;
}

static bool once_is_over(const Source *source, bool is_free)
{
        if (source->options->time_form == TIME_HOUR)
                return is_free && !window_due(&source->window, source->options);
        return source->window.number;
}

static SourceResult step_rest(Source *source, int64_t until)
{
        bool is_free = window_acknowledged(&source->window, source->acknowledged);
        int64_t rest = is_free ? rest_until(source) : INT64_MAX;

        if (source->once && once_is_over(source, is_free))
                return SOURCE_END;
        pause_until(rest, until);
        if (is_free && time_monotonic() >= rest)
                window_start(source);
        return SOURCE_IDLE;
}

static bool request_send(Source *source, Error *err)
{
        HttpAsked asked = {
                .page = source->page,
                .url = source->next_url,
                .etag = source->etag,
                .modified = source->modified,
                .token = source->bearer.bytes,
        };

        if (source->options->login_url && !source->session) {
                http_forget(source->client);
                source->phase = POLL_LOGIN;
                return http_ask_login(source->client, source->options, err);
        }
        if (source->first)
                window_begin(&source->window, source->options);
        if (source->first && source->span)
                window_span(&source->window, source->span->from, source->span->to);
        asked.start = source->window.start;
        asked.end = source->window.end;
        source->phase = POLL_PAGE;
        return http_ask_page(source->client, source->options, &asked, err);
}

static SourceResult step_ask(Source *source, int64_t until, Error *err)
{
        Error why = { 0 };

        if (source->away)
                pause_until(source->away_ms, until);
        if (source->away && time_monotonic() < source->away_ms)
                return SOURCE_IDLE;
        return request_send(source, &why) ? SOURCE_IDLE : http_trouble(source, &why, -1, err);
}

static SourceResult step_wait(Source *source, int64_t until, SourceRecord *record, Error *err)
{
        int64_t left = until - time_monotonic();
        Error why = { 0 };

        switch (http_wait(source->client, left > 0 ? (int)left : 0, &why)) {
        case HTTP_ANSWERED:
                return source->phase == POLL_LOGIN ? http_login_answered(source, err)
                                                   : http_page_answered(source, record, err);
        case HTTP_FAILED:
                return http_trouble(source, &why, -1, err);
        case HTTP_BUSY:
                break;
        }
        return SOURCE_IDLE;
}

static SourceResult step(Source *source, int64_t until, SourceRecord *record, Error *err)
{
        switch (source->phase) {
        case POLL_REST:
                return step_rest(source, until);
        case POLL_ASK:
                return step_ask(source, until, err);
        case POLL_LOGIN:
        case POLL_PAGE:
                return step_wait(source, until, record, err);
        case POLL_HANDED:
                http_page_accept(source);
                break;
        }
        return SOURCE_IDLE;
}

static SourceResult source_read(Source *source, int wait_ms, SourceRecord *record, Error *err)
{
        int64_t until = time_monotonic() + wait_ms;
        SourceResult result;

        do {
                result = step(source, until, record, err);
        } while (result == SOURCE_IDLE && time_monotonic() < until);
        if (result != SOURCE_IDLE || !source->away)
                return result;
        *err = source->why;
        return SOURCE_AWAY;
}

/* ---- the rest of the interface ---- */

static void source_close(Source *source)
{
        http_close(source->client);
        pass_free(&source->pass);
        secret_free(&source->bearer);
        free(source->next_url);
        free(source->etag);
        free(source->modified);
        free(source->channel);
        free(source);
}

static Source *source_open(const SourceSetup *setup, Error *err)
{
        const HttpOptions *of = setup->options;
        const HttpSetup client = { .ca_file = of->ca_file, .timeout_ms = of->timeout, .byte_cap = of->byte_cap };
        CLEANUP(secret_free) Buffer password = { 0 };
        Source *source;
        Window window;

        if (of->password_file && !secret_read(&password, of->password_file, err)) {
                error_add(err, "password_file");
                return NULL;
        }
        if (!window_restore(&window, setup->checkpoint, err))
                return NULL;
        source = mem_new(sizeof(Source));
        source->options = of;
        source->once = setup->once || setup->span;
        source->span = setup->span;
        source->window = window;
        source->backoff = (Backoff){ .least_ms = BACKOFF_LEAST_MS, .most_ms = BACKOFF_MOST_MS };
        source->channel = http_url_public(of->url);
        source->client = http_open(&client);
        return source;
}

static bool source_acknowledge(Source *source, uint64_t token, Error *err)
{
        (void)err;
        source->acknowledged = token;
        (void)window_acknowledged(&source->window, token);
        return true;
}

static void source_retry(Source *source, const Error *why)
{
        if (source->phase == POLL_HANDED)
                http_page_refuse(source, why);
}

static const char *source_position(Source *source)
{
        return source->span ? NULL : window_position(&source->window);
}

static int64_t source_lag(Source *source)
{
        return source->phase == POLL_REST && source->window.number && !source->window.over ? 0 : -1;
}

static int64_t source_stuck(Source *source)
{
        return http_stuck_ms(source);
}

static bool source_span(const void *options, Error *err)
{
        const HttpOptions *of = options;

        if (of->time_form == TIME_HOUR)
                return error_set(err, ERR_INPUT, NULL, "a server of whole hours cannot be asked for a span");
        return of->start_parameter ||
               error_set(err, ERR_INPUT, NULL, "without start_parameter the server cannot be asked for a span");
}

const SourceKind source_http_poll = {
        .kind = "http_poll",
        .about = "an HTTP list, asked again and again, page by page, in overlapping windows of time",
        .promise = "nothing is lost that the server still lists within the overlap: the window moves on when its pages "
                   "are delivered; repeats are known by their event ids",
        .options = http_options,
        .options_size = HTTP_OPTIONS,
        .size = sizeof(HttpOptions),
        .check = http_options_check,
        .open = source_open,
        .read = source_read,
        .acknowledge = source_acknowledge,
        .retry = source_retry,
        .position = source_position,
        .lag = source_lag,
        .stuck = source_stuck,
        .span = source_span,
        .when_paused = "nothing is asked; the first window after it begins where the last one ended, so nothing is "
                       "missed that the server still lists then",
        .connect_check = http_connect_check,
        .connect_note = http_connect_note,
        .close = source_close,
};
