#pragma once

/* A source that asks a server of the test's own, and what its tests ask of it. */

#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/http/http_options.h"
#include "hub/source/source.h"
#include "tests/unit/source/http/server.h"

enum { TURNS = 1000, TURN_MS = 20, SETTINGS = 24 };

#define DATE "Date: Tue, 05 Dec 2023 00:42:10 GMT\r\n"
#define WAS  "2023-12-05T00:42:10.000Z"

typedef struct {
        Server server;
        HttpOptions options;
        Source *source;
        SourceRecord read;
        Error err;
} Poll;

static inline void options_of(HttpOptions *options, int port, const char *const *settings)
{
        CLEANUP(mem_drop) char *url = text_format("url=http://127.0.0.1:%d/list?key=k1", port);
        CLEANUP(mem_drop) char *login = text_format("login_url=http://127.0.0.1:%d/login", port);
        const char *all[SETTINGS] = { url, "interval=100ms" };
        size_t size = 2;
        Error err = { 0 };

        for (; *settings; settings++)
                all[size++] = strcmp(*settings, "login") ? *settings : login;
        *options = (HttpOptions){ 0 };
        ck_assert_msg(options_set(http_options, HTTP_OPTIONS, all, size, NULL, options, &err), "%s", err.text);
        ck_assert_msg(http_options_check(options, &err), "%s", err.text);
}

static inline void source_start(Poll *poll, const char *checkpoint, bool once)
{
        const SourceSetup setup = {
                .instance = "hotline", .options = &poll->options, .checkpoint = checkpoint, .once = once
        };

        poll->source = source_http_poll.open(&setup, &poll->err);
        ck_assert_msg(poll->source, "%s", poll->err.text);
}

static inline void poll_open(Poll *poll, void (*answer)(const char *asked, size_t number, Buffer *out),
                             const char *checkpoint, const char *const *settings)
{
        *poll = (Poll){ 0 };
        server_open(&poll->server, answer);
        options_of(&poll->options, poll->server.port, settings);
        source_start(poll, checkpoint, false);
}

static inline void poll_close(Poll *poll)
{
        source_http_poll.close(poll->source);
        options_free(http_options, HTTP_OPTIONS, &poll->options);
        server_close(&poll->server);
}

static inline SourceResult turn(Poll *poll)
{
        return source_http_poll.read(poll->source, TURN_MS, &poll->read, &poll->err);
}

/* The next record, whatever trouble comes before it. */
static inline void record(Poll *poll, const char *body)
{
        SourceResult result = turn(poll);

        for (int i = 0; result != SOURCE_RECORD && i < TURNS; i++)
                result = turn(poll);
        ck_assert_msg(result == SOURCE_RECORD, "no record, but \"%s\" should come: %s", body, poll->err.text);
        ck_assert_str_eq(poll->read.record.bytes, body);
        ck_assert_uint_eq(poll->read.record.size, strlen(body));
}

static inline void acknowledge(Poll *poll)
{
        ck_assert(source_http_poll.acknowledge(poll->source, poll->read.token, &poll->err));
}

static inline void away(Poll *poll, const char *why)
{
        SourceResult result = turn(poll);

        for (int i = 0; result != SOURCE_AWAY && i < TURNS; i++) {
                ck_assert_int_eq(result, SOURCE_IDLE);
                result = turn(poll);
        }
        ck_assert_int_eq(result, SOURCE_AWAY);
        ck_assert_int_eq(poll->err.kind, ERR_RETRY);
        ck_assert_msg(strstr(poll->err.text, why), "\"%s\" does not say \"%s\"", poll->err.text, why);
        ck_assert_msg(!strstr(poll->err.text, "geheim"), "a password in \"%s\"", poll->err.text);
        ck_assert_msg(!strstr(poll->err.text, "k1"), "a query in \"%s\"", poll->err.text);
}

static inline const char *position(Poll *poll)
{
        return source_http_poll.position(poll->source);
}

static inline void asked(Poll *poll, size_t number, const char *text)
{
        ck_assert_msg(server_asked(&poll->server, number, text), "request %zu does not hold \"%s\" but is \"%s\"",
                      number, text, number < poll->server.size ? poll->server.asked[number] : "none");
}

static inline bool asks(const char *request, const char *text)
{
        return strstr(request, text);
}

/* The same for one window only. */
static inline void poll_once(Poll *poll, void (*answer)(const char *asked, size_t number, Buffer *out),
                             const char *const *settings)
{
        poll_open(poll, answer, "2023-12-05T00:00:00.000Z", settings);
        source_http_poll.close(poll->source);
        source_start(poll, "2023-12-05T00:00:00.000Z", true);
}

/* Its pages, acknowledged as they come, until it is over: their bodies, parted by blanks. */
static inline void window_read(Poll *poll, Buffer *bodies)
{
        SourceResult result = SOURCE_IDLE;

        buffer_clear(bodies);
        buffer_text(bodies, "");
        for (int i = 0; result != SOURCE_END && i < TURNS; i++) {
                result = turn(poll);
                if (result != SOURCE_RECORD)
                        continue;
                buffer_format(bodies, "%s%s", bodies->size ? " " : "", poll->read.record.bytes);
                acknowledge(poll);
        }
        ck_assert_msg(result == SOURCE_END, "the window is not over: %s", poll->err.text);
}
