#include "hub/source/source.h"

#include "hub/base/backoff.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/http_client.h"
#include "hub/source/http_page.h"
#include "hub/source/http_request.h"
#include "hub/source/http_window.h"
#include "hub/source/secret.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        BACKOFF_LEAST_MS = 500,
        BACKOFF_MOST_MS = 60 * 1000,
        PASSES_MOST = 20, /* of a window that never comes to rest: the overlap of the next one has to do */
        PAGES_MOST = 100000,
        ETAG_MOST = 256,
        CHECK_TURN_MS = 100,
        REDIRECT_MOST = 200, /* bytes of a host, shown */
};

typedef enum {
        POLL_REST, /* between windows */
        POLL_ASK,  /* a request is due */
        POLL_LOGIN,
        POLL_PAGE,   /* one is on its way */
        POLL_HANDED, /* the page was handed over: the next read() accepts it, unless retry() says it was none */
} Phase;

struct Source {
        const HttpOptions *options;
        HttpClient *client;
        char *channel;
        bool once;

        Phase phase;
        Window window;
        Pass pass;
        int64_t page; /* from 0 */
        bool first;   /* no page of this window has come yet */
        uint64_t token, acknowledged;

        bool session, fresh; /* logged in; and no page came since */
        char *etag;          /* of the last page, where requests never differ */

        Backoff backoff;
        int64_t next_ms; /* monotonic: the next window not before */
        int64_t away_ms; /* the next request not before */
        bool away;
        Error why;
        char position[64];
};

/* ---- trouble ---- */

/* after_ms: what the peer asks for, -1: nothing. */
static SourceResult trouble(Source *source, const Error *why, int64_t after_ms, Error *err)
{
        int64_t wait = backoff_next(&source->backoff);

        source->phase = POLL_ASK;
        source->away = true;
        source->away_ms = time_monotonic() + (after_ms > wait ? after_ms : wait);
        source->why = *why;
        source->why.kind = ERR_RETRY;
        if (err)
                *err = source->why;
        return SOURCE_AWAY;
}

static void session_drop(Source *source)
{
        if (!source->options->login_url)
                return;
        source->session = false;
        http_forget(source->client);
}

static void trouble_over(Source *source)
{
        source->away = false;
        backoff_reset(&source->backoff);
}

/* ---- windows and passes ---- */

/* Where no request differs from the last one, the server can say that nothing has changed. */
static bool is_constant(const HttpOptions *of)
{
        return !of->start_parameter && !of->end_parameter && !of->page_parameter && of->method == METHOD_GET;
}

static void window_start(Source *source)
{
        source->next_ms = time_monotonic() + source->options->interval;
        source->first = true;
        source->window.number++;
        source->page = 0;
        pass_begin(&source->pass);
        source->phase = POLL_ASK;
}

static void window_over(Source *source)
{
        source->window.over = true;
        (void)window_acknowledged(&source->window, source->acknowledged);
        source->phase = POLL_REST;
}

static void pass_over(Source *source)
{
        if (pass_settled(&source->pass)) {
                window_over(source);
        } else if (source->pass.number >= PASSES_MOST) {
                log_limited(LOG_WARNING, "rows kept shifting between pages: left to the overlap",
                            (LogKey[]){ LOG_NUMBER("passes", PASSES_MOST), { 0 } });
                window_over(source);
        } else {
                pass_again(&source->pass);
                source->page = 0;
                source->phase = POLL_ASK;
        }
}

static void page_count(Source *source, const PageForm *form, const char *bytes, size_t size)
{
        trouble_over(source);
        source->fresh = source->first = false;
        source->phase = POLL_ASK;
        if (!source->options->page_parameter)
                window_over(source);
        else if (pass_page(&source->pass, form, bytes, size) == PAGE_LAST || ++source->page >= PAGES_MOST)
                pass_over(source);
}

static void page_accept(Source *source)
{
        const HttpOptions *of = source->options;
        const HttpAnswer *answer = http_answer(source->client);
        const PageForm form = {
                .items = of->items, .id = of->id, .page_size = of->page_size, .content_type = answer->content_type
        };

        mem_drop(&source->etag);
        if (is_constant(of) && answer->etag && strlen(answer->etag) <= ETAG_MOST)
                source->etag = text_copy(answer->etag);
        source->window.token = source->token;
        page_count(source, &form, answer->body.bytes, answer->body.size);
}

/* ---- answers ---- */

static SourceResult answer_trouble(Source *source, const char *url, const char *text, Error *err)
{
        const HttpAnswer *answer = http_answer(source->client);
        CLEANUP(mem_drop) char *shown = http_url_public(url);
        Error why = { 0 };

        error_set(&why, ERR_RETRY, NULL, "%s: HTTP %ld%s%s", shown, answer->status, text ? ": " : "", text ? text : "");
        return trouble(source, &why, answer->wait_ms, err);
}

/* Where to is said by host only: the rest may hold a session. */
static SourceResult redirect_trouble(Source *source, Error *err)
{
        const char *location = http_answer(source->client)->location;
        CLEANUP(mem_drop) char *host = location ? http_url_host(location) : NULL;
        CLEANUP(mem_drop)
        char *text =
                text_format("redirected to %.*s, which is not followed", REDIRECT_MOST, host ? host : "another page");

        session_drop(source);
        return answer_trouble(source, source->options->url, text, err);
}

static SourceResult page_hand(Source *source, SourceRecord *record)
{
        const HttpAnswer *answer = http_answer(source->client);
        char start[TIME_TEXT_SIZE];

        if (source->first)
                window_first_page(&source->window, source->options, answer->date_ms);
        snprintf(source->position, sizeof(source->position), "%s page %lld", time_text(source->window.start, start),
                 (long long)(source->options->page_first + source->page));
        *record = (SourceRecord){
                .record = { .bytes = answer->body.bytes,
                            .size = answer->body.size,
                            .channel = source->channel,
                            .content_type = answer->content_type,
                            .position = source->position,
                            .received_ms = time_now() },
                .token = ++source->token,
                .window = source->window.number,
        };
        source->phase = POLL_HANDED;
        return SOURCE_RECORD;
}

/* 204, and 304 where we said what we have: a page without items, which nobody needs to see. */
static SourceResult page_empty(Source *source)
{
        static const char nothing[] = "[]";
        const PageForm form = { 0 };

        if (source->first)
                window_first_page(&source->window, source->options, http_answer(source->client)->date_ms);
        page_count(source, &form, nothing, strlen(nothing));
        return SOURCE_IDLE;
}

/* SOURCE_IDLE: go on. */
static SourceResult page_answered(Source *source, SourceRecord *record, Error *err)
{
        const HttpAnswer *answer = http_answer(source->client);

        if (answer->status == 204 || (answer->status == 304 && source->etag)) {
                window_date(&source->window, answer->date_ms);
                return page_empty(source);
        }
        if (answer->status >= 200 && answer->status < 300) {
                window_date(&source->window, answer->date_ms);
                return page_hand(source, record);
        }
        if (answer->status >= 300 && answer->status < 400 && answer->location)
                return redirect_trouble(source, err);
        if (answer->status != 401 && answer->status != 403)
                return answer_trouble(source, source->options->url, NULL, err);
        if (!source->options->login_url || source->fresh)
                return answer_trouble(source, source->options->url, "not allowed", err);
        session_drop(source);
        source->phase = POLL_ASK;
        return SOURCE_IDLE;
}

/* Many logins answer with a redirect to their front page. */
static SourceResult login_answered(Source *source, Error *err)
{
        const HttpAnswer *answer = http_answer(source->client);
        const char *url = source->options->login_url;

        if (answer->status == 401 || answer->status == 403)
                return answer_trouble(source, url, "login refused: wrong user or password", err);
        if (answer->status < 200 || answer->status >= 400)
                return answer_trouble(source, url, "login failed", err);
        window_date(&source->window, answer->date_ms);
        source->session = source->fresh = true;
        source->phase = POLL_ASK;
        return SOURCE_IDLE;
}

/* ---- steps of read(): each waits until `until` at most; SOURCE_IDLE with time left: the next step ---- */

static void pause_until(int64_t due, int64_t until)
{
        int64_t wait = (due < until ? due : until) - time_monotonic();

        if (wait > 0)
                poll(NULL, 0, (int)wait);
}

static SourceResult step_rest(Source *source, int64_t until)
{
        bool free = window_acknowledged(&source->window, source->acknowledged);

        if (source->once && source->window.number)
                return SOURCE_END;
        pause_until(free ? source->next_ms : INT64_MAX, until);
        if (free && time_monotonic() >= source->next_ms)
                window_start(source);
        return SOURCE_IDLE;
}

static bool request_send(Source *source, Error *err)
{
        HttpAsked asked = { .page = source->page, .etag = source->etag };

        if (source->options->login_url && !source->session) {
                http_forget(source->client);
                source->phase = POLL_LOGIN;
                return http_ask_login(source->client, source->options, err);
        }
        if (source->first)
                window_begin(&source->window, source->options);
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
        return request_send(source, &why) ? SOURCE_IDLE : trouble(source, &why, -1, err);
}

static SourceResult step_wait(Source *source, int64_t until, SourceRecord *record, Error *err)
{
        int64_t left = until - time_monotonic();
        Error why = { 0 };

        switch (http_wait(source->client, left > 0 ? (int)left : 0, &why)) {
        case HTTP_ANSWERED:
                return source->phase == POLL_LOGIN ? login_answered(source, err) : page_answered(source, record, err);
        case HTTP_FAILED:
                return trouble(source, &why, -1, err);
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
                page_accept(source);
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
        free(source->etag);
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
        source->once = setup->once;
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
        if (source->phase != POLL_HANDED)
                return;
        session_drop(source);
        (void)trouble(source, why, -1, NULL);
}

static const char *source_position(Source *source)
{
        return window_position(&source->window);
}

static int64_t source_lag(Source *source)
{
        return source->phase == POLL_REST && source->window.number && !source->window.over ? 0 : -1;
}

static bool source_connect_check(const void *options, Error *err)
{
        SourceSetup setup = { .instance = "check", .options = options, .once = true };
        Source *source = source_open(&setup, err);
        SourceResult result = SOURCE_IDLE;
        SourceRecord record;

        if (!source)
                return false;
        while (result == SOURCE_IDLE)
                result = source_read(source, CHECK_TURN_MS, &record, err);
        source_close(source);
        return result == SOURCE_RECORD || result == SOURCE_END;
}

const SourceKind source_http_poll = {
        .kind = "http_poll",
        .about = "an HTTP list, asked again and again, page by page, in overlapping windows of time",
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
        .connect_check = source_connect_check,
        .close = source_close,
};
