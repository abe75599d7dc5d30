#pragma once

/*
 * Writes the batch that was handed over while the next one is decided. A thread, for libpq knows no COPY in a pipeline, and a
 * decision of a tenth of a second would leave a socket unserved that long: so what is written is said statement by statement,
 * as store_commit() does it, and nothing else is done by two at once. From writer_give() to writer_await() the connection that
 * writes is the thread's; the one that is asked (store.h) stays the caller's.
 */

#include "hub/correlate/unit.h"

typedef struct Writer Writer;

typedef struct {
        int64_t at, took_ms; /* of the COMMIT, UTC; from the begin of the transaction */
} Written;

Writer *writer_open(void);
void writer_close(Writer *writer); /* after writer_await() */
/* Both are borrowed until writer_await(). Nothing is being written. */
void writer_give(Writer *writer, Store *store, const Decided *decided);
bool writer_done(Writer *writer); /* what was given is written, or failed */
bool writer_await(Writer *writer, Written *written, Error *err);
