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

/* A page that does not come: over all that it is asked for, also after the pages before it were read once more. */
typedef struct {
        int64_t tries;    /* 0: nothing is stuck */
        int64_t since_ms; /* monotonic: of the first one */
        int64_t page;     /* which; over when it came, or another that is behind it */
        int64_t say_ms;   /* monotonic: the log is not told again before */
} Stuck;

struct Source {
        const HttpOptions *options;
        HttpClient *client;
        char *channel;
        bool once;
        const SourceSpan *span; /* NULL: windows up to now */

        Phase phase;
        Window window;
        Pass pass;
        int64_t page;   /* from 0 */
        bool first;     /* no page of this window has come yet */
        char *next_url; /* of the page that is due, where the one before it named it */
        uint64_t token, acknowledged;

        bool session, fresh; /* logged in; and no page came since */
        Buffer bearer;       /* the token that the login gave, secret */
        char *etag;          /* of the last page, where requests never differ */
        char *modified;      /* the same, where its time says enough */

        Backoff backoff;
        int64_t next_ms; /* monotonic: the next window not before */
        int64_t away_ms; /* the next request not before */
        bool away;
        Error why;
        Stuck stuck;
        int64_t failed;  /* answers in a row that were none, to the request that is due */
        bool guessed;    /* the end of this pass was such a failure */
        bool short_ends; /* and proved to be one: a page that is not full is the last here */
        char position[64];
};

/* http_answer.c. SOURCE_IDLE: go on with the phase that it set. */
SourceResult http_page_answered(Source *source, SourceRecord *record, Error *err);
SourceResult http_login_answered(Source *source, Error *err);
void http_page_accept(Source *source);                   /* the page that was handed over was one */
void http_page_refuse(Source *source, const Error *why); /* it was none */

/* http_pass.c */
PageForm http_page_form(const Source *source);
void http_window_again(Source *source); /* from its first page on, up to what is now */
void http_page_count(Source *source, const char *bytes, size_t size);
void http_page_behind(Source *source, long status);      /* the server says that there is no such page */
bool http_page_is_end(Source *source, const Error *why); /* an answer was no page: taken for the end? */

/* http_trouble.c. Wait and ask again; after_ms: what the peer asks for, -1: nothing. err may be NULL. */
SourceResult http_trouble(Source *source, const Error *why, int64_t after_ms, Error *err);
void http_trouble_tell(Source *source, const Error *why); /* the log, at once */
void http_trouble_over(Source *source);                   /* the page that is due has come */
void http_trouble_end(Source *source);                    /* the window is whole: no page is missing */
int64_t http_stuck_ms(const Source *source);
void http_session_drop(Source *source);
