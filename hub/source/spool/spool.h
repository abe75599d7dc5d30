#pragma once

/*
 * A queue of messages on disk between a peer that must be answered now and a pipe that is done later. What spool_add() took
 * comes out of spool_read() in order, also after a kill (and, when durable, after a power cut), until it is acknowledged.
 * Acknowledged messages do not come again after a kill; after a power cut some may.
 *
 * FOLDER/spool (0700) holds segment files (0600; segment.h), and `acknowledged`. One segment stands ready beforehand: when no
 * other can be made, the spool says that it is full while there still is room for what is on its way.
 *
 * Messages lie there as they came, with all that is personal in them. So what is acknowledged goes: segment by segment, the
 * one that is written to after rest_ms when nothing waits, and on close.
 *
 * One thread adds, one reads and acknowledges; the others may be called by any.
 */

#include "hub/base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct Spool Spool;

typedef struct {
        const char *folder; /* of the instance; NULL: in memory, for a dry run */
        int64_t limit;      /* bytes, at least SPOOL_LEAST: full beyond */
        bool durable;       /* fdatasync each message */
        int64_t rest_ms;    /* the least age of a file that goes while it is written to */
} SpoolSetup;

enum { SPOOL_LEAST = 1024 * 1024 };

typedef struct {
        const char *topic, *bytes; /* bytes[size] is NUL when read */
        size_t size;
        bool retained, repeated; /* repeated: the transport says that it may have come before */
        int64_t received_ms;
} SpoolMessage;

typedef struct {
        SpoolMessage message; /* borrowed until the next spool_read() or spool_close() */
        uint64_t token;       /* rises with each; 0: nothing came */
        char position[32];    /* "segment:offset" */
} SpoolRecord;

Spool *spool_open(const SpoolSetup *setup, Error *err); /* ERR_FATAL: no such folder, not ours */
void spool_close(Spool *spool);

/* False: the message is NOT kept, and must not be acknowledged to the peer. */
bool spool_add(Spool *spool, const SpoolMessage *message, Error *err);
size_t spool_message_most(const Spool *spool); /* bytes of topic and payload that spool_add() takes */
bool spool_full(Spool *spool);                 /* ask the peer to stop: room is for what is on its way only */
bool spool_ready(Spool *spool, Error *err);    /* room for more: not full, or drained below half. ERR_RETRY */

bool spool_read(Spool *spool, int wait_ms, SpoolRecord *record, Error *err); /* false: ERR_FATAL */
void spool_acknowledge(Spool *spool, uint64_t token);                        /* settles all up to it */
void spool_filling(Spool *spool, int64_t *bytes, int64_t *limit);            /* what waits, and when it is full */
int64_t spool_waiting(Spool *spool);                                         /* messages that nobody has read yet */
