#include "hub/source/http/http_source.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        PASSES_MOST = 20, /* of a window that never comes to rest: the overlap of the next one has to do */
        PAGES_MOST = 100000,
        ETAG_MOST = 256,
        REDIRECT_MOST = 200, /* bytes of a host, shown */
};

/* ---- trouble ---- */

SourceResult http_trouble(Source *source, const Error *why, int64_t after_ms, Error *err)
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

void http_session_drop(Source *source)
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

void http_page_accept(Source *source)
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
        return http_trouble(source, &why, answer->wait_ms, err);
}

/* Where to is said by host only: the rest may hold a session. */
static SourceResult redirect_trouble(Source *source, Error *err)
{
        const char *location = http_answer(source->client)->location;
        CLEANUP(mem_drop) char *host = location ? http_url_host(location) : NULL;
        CLEANUP(mem_drop)
        char *text =
                text_format("redirected to %.*s, which is not followed", REDIRECT_MOST, host ? host : "another page");

        http_session_drop(source);
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
SourceResult http_page_answered(Source *source, SourceRecord *record, Error *err)
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
        http_session_drop(source);
        source->phase = POLL_ASK;
        return SOURCE_IDLE;
}

/* Many logins answer with a redirect to their front page. */
SourceResult http_login_answered(Source *source, Error *err)
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
