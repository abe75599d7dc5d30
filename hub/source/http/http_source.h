#pragma once

/* Inside of http_poll: its state, and what an answer means. */

#include "hub/base/backoff.h"
#include "hub/source/http/http_client.h"
#include "hub/source/http/http_page.h"
#include "hub/source/http/http_window.h"
#include "hub/source/source.h"

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
        const SourceSpan *span; /* NULL: windows up to now */

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

/* http_answer.c. SOURCE_IDLE: go on with the phase that it set. */
SourceResult http_page_answered(Source *source, SourceRecord *record, Error *err);
SourceResult http_login_answered(Source *source, Error *err);
void http_page_accept(Source *source); /* the page that was handed over was one */

/* Wait and ask again; after_ms: what the peer asks for, -1: nothing. err may be NULL. */
SourceResult http_trouble(Source *source, const Error *why, int64_t after_ms, Error *err);
void http_session_drop(Source *source);
