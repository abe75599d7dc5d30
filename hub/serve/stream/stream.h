#pragma once

/*
 * The stream of incidents: server-sent events (HTML Living Standard, 9.2), in the one order of the feed.
 *
 * A thread follows ops.outbox and renders each version once, into a ring of the newest; each listener has a place of its own in it, and
 * whoever reads so slowly that the ring has gone on without him is given what he missed from PostgreSQL, in pages, by another thread.
 * Never a gap, never an older version of an incident after a newer: a listener is at one number of the feed, gets what comes after
 * it, and is told `reset` where that is no longer there. While PostgreSQL is away streams stay, and go on when it is back.
 *
 * Bounded: the ring by its number and bytes, pages by PAGES_MOST at a time, what a listener holds for himself by one page. A stream
 * ends behind the frame that is half told: after STREAM_MS, and then its client comes again with what it has, or within some seconds
 * once its client may listen no longer, or otherwise.
 */

#include "hub/base/metric.h"
#include "hub/db/db.h"
#include "hub/feed/facts.h"
#include "hub/http/exchange.h"

typedef struct Stream Stream;

typedef struct {
        DbOptions postgres;
        size_t frames_most, bytes_most;
        size_t listeners_most;
        Metrics *metrics; /* NULL: nobody counts */
        /*
         * What is told beside the incidents, asked every few seconds on a thread of its own: appends one line of JSON, figures in it only
         * where `whole`. False: nothing is told this time. NULL: nothing ever is.
         */
        bool (*health)(void *context, Db *db, bool is_whole, Buffer *out, Error *err);
        void *context;
} StreamSetup;

Stream *stream_open(const StreamSetup *setup);
void stream_close(Stream *stream); /* after the server: nobody listens any more; also NULL */

typedef struct {
        bool has_after;
        int64_t after; /* the last number that he has */
        Filter filter; /* taken over */
        bool sees_all;
        const char *const *zones; /* else these, ending with NULL */
        const char *id;           /* of the request */
        /*
         * Whether he may listen still; asked every few seconds on the server's thread, and must not wait. False: his stream ends. NULL: he
         * may. `proof` is what it is asked with, taken over, for proof_free().
         */
        bool (*may)(void *proof);
        void (*proof_free)(void *proof);
        void *proof;
} ListenerSetup;

bool stream_is_full(Stream *stream);
void stream_listen(Stream *stream, Exchange *exchange, ListenerSetup *setup); /* the exchange is answered */
