#pragma once

/* Inside of hub notify: one try (post.c), what waits (tries.c), what is new (news.c), what an erasure changed (renew.c), and the loop (notify.c). */

#include "hub/feed/rows.h"
#include "hub/notify/backlog.h"
#include "hub/notify/letter.h"
#include "hub/notify/notify.h"
#include "hub/notify/shelf.h"
#include "hub/source/http/http_client.h"

typedef enum { POST_TAKEN, POST_LATER, POST_REFUSED, POST_STOPPED } PostResult;

typedef struct {
        const NotifySetup *setup;
        PushSecrets secrets;
        HttpClient *client;
        Arena *arena;
} Post;

bool post_open(Post *post, const NotifySetup *setup, Error *err);
void post_close(Post *post);

/* *wait_ms: what the target asks for, -1 where it does not; the parcel's `why` says what went wrong. */
PostResult post_try(Post *post, Parcel *parcel, int64_t *wait_ms);

typedef struct {
        const NotifySetup *setup;
        Shelf shelf;
        Post post;
        Db *db;
        Backlog backlog;
        int64_t feed, quiet_until, look_at, renew_at; /* the place; the times are monotonic */
        Backoff quiet, away;
        bool is_away;
        unsigned turns;
        Metric *sent, *failures, *buried, *place;
} Notify;

bool notify_is_stopped(const Notify *notify);

/* ---- tries.c ---- */

/* After a failure nothing is sent for a while, so that a target that is ill may recover. */
bool tries_quiet(const Notify *notify);

/* One try; POST_TAKEN and POST_LATER are counted, and begin or end the quiet. */
PostResult tries_post(Notify *notify, Parcel *parcel, int64_t *wait_ms);
bool tries_bury(Notify *notify, const Parcel *parcel, Error *err);

/* Takes up those of before we began, and those that somebody raised from the dead meanwhile. */
bool tries_look(Notify *notify, Error *err);

/* All that are due, until one fails. */
bool tries_waiting(Notify *notify, Error *err);

/* ---- renew.c ---- */

/* What is held loses what was erased meanwhile. The database is open. */
bool renew_look(Notify *notify, Error *err);

/* ---- news.c ---- */

/* The next page of the feed; *is_idle: there was nothing. */
bool news_take(Notify *notify, bool *is_idle, Error *err);
