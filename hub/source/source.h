#pragma once

/*
 * A source is a way to get bytes with a position. It owns its connection, reconnects inside, and keeps what it got until it is
 * acknowledged: what was acknowledged is never lost, what was not is read again.
 *
 * The runner is the only caller, from one thread: open, read ..., acknowledge in read order, close.
 */

#include "hub/adapter.h"

typedef struct Source Source;

typedef struct {
        Record record;   /* borrowed until the next read() or close() */
        uint64_t token;  /* rises with every record; acknowledge(token) settles all up to it */
        uint64_t window; /* http_poll: number of the poll window, from 1; 0: this source has no windows */
        Error refusal; /* ERR_INPUT: no adapter can read this (too large, lost before we came): rejected for that reason */
} SourceRecord;

typedef enum {
        SOURCE_RECORD, /* here is one */
        SOURCE_IDLE,   /* nothing within wait_ms */
        SOURCE_AWAY, /* the peer is away or sick; err says why (ERR_RETRY); the source waits and tries again by itself */
        SOURCE_END,  /* nothing more will come (a finite source, or once) */
        SOURCE_BROKEN, /* err is ERR_FATAL */
} SourceResult;

/* `hub run --from --to`: this span is read once more, then the source ends; the instance itself may run beside it. */
typedef struct {
        int64_t from, to; /* ms, from < to */
} SourceSpan;

typedef struct {
        const char *instance;   /* its name, for client ids and logs */
        const char *folder;     /* state folder of the instance, exists, locked by us; NULL: no state may be kept */
        const void *options;    /* read by the kind's option table */
        const char *checkpoint; /* what position() gave when it was last stored, NULL on the first start */
        bool once;              /* stop at the first moment when nothing more is there */
        const SourceSpan *span; /* NULL: go on from the checkpoint. Else there is none, and position() gives NULL */
        FrameResult (*frame)(const char *bytes, size_t size,
                             size_t *used); /* of the adapter; NULL: it cuts no streams */
        bool trial; /* beside the instance itself: at the peer nothing is left, taken or changed that it relies on */
} SourceSetup;

typedef struct {
        int64_t messages, bytes, limit; /* not read yet; held; full at */
        int64_t unpromised;             /* messages so far whose sender does not see to it that they arrive */
} SourceSpool;

typedef struct {
        const char *kind, *about;
        const char *promise; /* what becomes of what the peer has, across kills and stops; for hub list sources */
        const Option *options;
        size_t options_size;
        size_t size;                                           /* of the options struct */
        bool needs_frames;                                     /* a byte stream: only for adapters that have frame() */
        bool (*check)(const void *options, Error *err);        /* optional: what tables cannot say; no network */
        Source *(*open)(const SourceSetup *setup, Error *err); /* no network needed to succeed */
        SourceResult (*read)(Source *source, int wait_ms, SourceRecord *record, Error *err);
        bool (*acknowledge)(Source *source, uint64_t token, Error *err);
        /* optional: all of that record is in Kafka, tell its peer; in read order, before its acknowledge(). False: the peer
         * is gone (ERR_RETRY), which loses nothing; ERR_FATAL stops us. A record that is never answered comes again. */
        bool (*answer)(Source *source, uint64_t token, const Reply *reply, Error *err);
        void (*retry)(Source *source,
                      const Error *why); /* optional: the last record was no record: ask again with back-off */
        void (*rejected)(
                Source *source,
                uint64_t token); /* optional: that record was refused as a whole; its acknowledgement follows */
        const char *(*position)(
                Source *source);            /* optional: text for the checkpoint, of what is acknowledged; borrowed */
        int64_t (*lag)(Source *source);     /* optional: records waiting, -1 unknown */
        int64_t (*refused)(Source *source); /* optional: requests or callers so far, turned away at the door */
        int64_t (*stuck)(Source *source); /* optional: ms since what is due was first asked for in vain, 0: it is not */
        void (*spool)(
                Source *source,
                SourceSpool *spool); /* optional: of a source that keeps what it got, or that cannot promise all */
        bool (*span)(const void *options, Error *err); /* optional: can these options read a span again? ERR_INPUT */
        const char *when_paused; /* optional: what becomes of what the peer sends while the instance is paused */
        bool (*connect_check)(const void *options, Error *err); /* optional: for `hub check --connect` */
        void (*connect_note)(const void *options,
                             Buffer *note); /* optional, once that was fine: one line on the peer */
        void (*close)(Source *source);      /* flushes nothing: what is unacknowledged comes again */
} SourceKind;

extern const SourceKind source_mqtt, source_http_poll, source_http_push, source_file, source_kafka, source_postgres,
        source_tcp;

/* The table of sources: source/list.c. Ends with NULL. */
extern const SourceKind *const sources[];
const SourceKind *source_find(const char *kind);
