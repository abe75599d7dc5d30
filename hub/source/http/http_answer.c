#include "hub/source/http/http_source.h"

#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
        VALIDATOR_MOST = 256, /* bytes of an ETag, or of a time */
        SECOND = 1000,
        REDIRECT_MOST = 200, /* bytes of a host, shown */
};

/* Where no request differs from the last one, the server can say that nothing has changed. */
static bool is_constant(const HttpOptions *of)
{
        return !of->start_parameter && !of->end_parameter && !of->page_parameter && !of->next &&
               of->method == METHOD_GET;
}

/* Within the second in which it was fetched a page may change once more, under the same time (RFC 9110, 8.8.2.2). */
static bool is_settled(const HttpAnswer *answer)
{
        int64_t modified_ms;
        Error unread;

        return answer->date_ms != TIME_NONE && time_read(answer->modified, &modified_ms, NULL, &unread) &&
               answer->date_ms - modified_ms >= SECOND;
}

/* ---- the page that was handed over ---- */

static void validators_keep(Source *source)
{
        const HttpAnswer *answer = http_answer(source->client);

        mem_drop(&source->etag);
        mem_drop(&source->modified);
        if (!is_constant(source->options))
                return;
        if (answer->etag && strlen(answer->etag) <= VALIDATOR_MOST)
                source->etag = text_copy(answer->etag);
        if (answer->modified && strlen(answer->modified) <= VALIDATOR_MOST && is_settled(answer))
                source->modified = text_copy(answer->modified);
}

/* Only a page tells the server's time: a login page may be somebody else's. */
static void window_note(Source *source)
{
        const int64_t date_ms = http_answer(source->client)->date_ms;

        window_date(&source->window, date_ms);
        if (source->first)
                window_first_page(&source->window, source->options, date_ms);
}

void http_page_accept(Source *source)
{
        const HttpAnswer *answer = http_answer(source->client);

        validators_keep(source);
        window_note(source);
        source->window.token = source->token;
        http_page_count(source, answer->body.bytes, answer->body.size);
}

void http_page_refuse(Source *source, const Error *why)
{
        http_session_drop(source);
        if (!http_page_is_end(source, why))
                (void)http_trouble(source, why, -1, NULL);
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

/* An answer that is no page, though the server is there. */
static SourceResult page_trouble(Source *source, const char *text, Error *err)
{
        const HttpAnswer *answer = http_answer(source->client);
        Error why = { 0 };

        error_set(&why, ERR_RETRY, NULL, "%s: HTTP %ld", source->channel, answer->status);
        if (http_page_is_end(source, &why))
                return SOURCE_IDLE;
        return answer_trouble(source, source->options->url, text, err);
}

static SourceResult login_again(Source *source)
{
        http_session_drop(source);
        source->phase = POLL_ASK;
        return SOURCE_IDLE;
}

/* To a login page, most often. Where to is said by host only: the rest may hold a session. */
static SourceResult redirect_trouble(Source *source, Error *err)
{
        const char *location = http_answer(source->client)->location;
        CLEANUP(mem_drop) char *host = location ? http_url_host(location) : NULL;
        CLEANUP(mem_drop)
        char *text =
                text_format("redirected to %.*s, which is not followed", REDIRECT_MOST, host ? host : "another page");

        if (source->options->login_url && !source->fresh)
                return login_again(source);
        http_session_drop(source);
        return answer_trouble(source, source->options->url, text, err);
}

static SourceResult page_hand(Source *source, SourceRecord *record)
{
        const HttpAnswer *answer = http_answer(source->client);
        char start[TIME_TEXT_SIZE];

        snprintf(source->position, sizeof(source->position), "%s page %lld", time_text(source->window.start, start),
                 (long long)source->options->page_first + source->page);
        *record = (SourceRecord){
                .record = { .bytes = answer->body.bytes,
                            .size = answer->body.size,
                            .channel = source->channel,
                            .content_type = answer->content_type,
                            .position = source->position,
                            .received_ms = time_now() },
                .token = ++source->token,
                .window = window_round(&source->window, source->options),
        };
        source->phase = POLL_HANDED;
        return SOURCE_RECORD;
}

/* 204, and 304 where we said what we have: a page without items, which nobody needs to see. */
static SourceResult page_empty(Source *source)
{
        static const char nothing[] = "[]";

        window_note(source);
        if (source->options->page_parameter)
                http_page_behind(source, 0);
        else
                http_page_count(source, nothing, strlen(nothing));
        return SOURCE_IDLE;
}

/* Behind the last page. A total that somebody vouches for is believed more than a status. */
static bool is_behind(const Source *source, long status)
{
        const HttpOptions *of = source->options;

        return source->page && !of->next && http_options_ends(of, status) &&
               !(of->total && pass_incomplete(&source->pass));
}

/* Of a file of an hour: there was nothing yet to tell of. It is over, so it will not come. */
static bool is_no_hour(Source *source, long status)
{
        if (status != 404 || source->options->time_form != TIME_HOUR || source->page)
                return false;
        log_limited(LOG_WARNING, "the server has no file of this hour: passed over",
                    (LogKey[]){ LOG_TEXT("hour", window_position(&source->window)), { 0 } });
        return true;
}

/* Overloaded, away, or not ready (202), it is no matter of this page. */
static bool is_busy(long status)
{
        return status == 202 || status == 429 || (status >= 502 && status <= 504);
}

static SourceResult page_denied(Source *source, Error *err)
{
        if (source->options->login_url && !source->fresh)
                return login_again(source);
        return answer_trouble(source, source->options->url, "not allowed", err);
}

static SourceResult page_failed(Source *source, Error *err)
{
        const HttpAnswer *answer = http_answer(source->client);

        if (answer->status >= 300 && answer->status < 400 && answer->location)
                return redirect_trouble(source, err);
        if (answer->status == 401 || answer->status == 403)
                return page_denied(source, err);
        if (is_no_hour(source, answer->status))
                return page_empty(source);
        if (is_busy(answer->status))
                return answer_trouble(source, source->options->url, NULL, err);
        if (!is_behind(source, answer->status))
                return page_trouble(source, NULL, err);
        http_page_behind(source, answer->status);
        return SOURCE_IDLE;
}

/* SOURCE_IDLE: go on. 203: through a proxy that changed it, which is no reason to lose it. */
SourceResult http_page_answered(Source *source, SourceRecord *record, Error *err)
{
        const HttpAnswer *answer = http_answer(source->client);

        if (answer->status == 204 || (answer->status == 304 && (source->etag || source->modified)))
                return page_empty(source);
        if (answer->status != 200 && answer->status != 203)
                return page_failed(source, err);
        if (!answer->body.size)
                return page_trouble(source, "an empty body", err);
        return page_hand(source, record);
}

/* ---- login ---- */

/* With control bytes it would be another header. */
static bool is_printable(const char *text)
{
        for (; *text; text++)
                if ((unsigned char)*text < ' ' || *text == 0x7f)
                        return false;
        return true;
}

static bool bearer_take(Source *source)
{
        const HttpAnswer *answer = http_answer(source->client);
        Error unread;
        CLEANUP(json_drop) json_t *said = json_read(answer->body.bytes, answer->body.size, &unread);
        const char *token = said ? json_text(said, source->options->token) : NULL;

        secret_free(&source->bearer);
        if (!token || !is_printable(token))
                return false;
        buffer_text(&source->bearer, token);
        return true;
}

/* Many logins answer with a redirect to their front page, many refuse with HTTP 200. */
SourceResult http_login_answered(Source *source, Error *err)
{
        const HttpAnswer *answer = http_answer(source->client);
        const char *url = source->options->login_url;

        if (answer->status == 401 || answer->status == 403)
                return answer_trouble(source, url, "login refused: wrong user or password", err);
        if (answer->status < 200 || answer->status >= 400)
                return answer_trouble(source, url, "login failed", err);
        if (source->options->token && !bearer_take(source))
                return answer_trouble(source, url, "login refused: no token in its answer", err);
        source->session = source->fresh = true;
        source->phase = POLL_ASK;
        return SOURCE_IDLE;
}
