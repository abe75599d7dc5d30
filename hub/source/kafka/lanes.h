#pragma once

/*
 * Where we are in each partition of somebody else's topic: what is to be read next, and what is acknowledged; the latter is
 * the checkpoint. Beside an offset stands the mark of the record before it, so that a topic that was made anew and has grown
 * past our offset is known by another record standing there. Offsets of such a topic may have holes (compaction, transactions).
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LANE_NEW INT64_C(-1)

typedef struct {
        int32_t partition;
        int64_t next;  /* to be read; LANE_NEW: not known yet */
        uint64_t mark; /* of the record at next - 1; 0: not known */
        int64_t kept;  /* as next, of what is acknowledged */
        uint64_t kept_mark;
        bool late;    /* the partition was added after we began: all of it is ours to read */
        bool proving; /* the first that comes should be the record at next - 1 */
        bool other;   /* and it was not the one that we read */
} Lane;

typedef struct {
        uint64_t token;
        int32_t partition;
        unsigned share;
        int64_t next;
        uint64_t mark;
} LaneFlight;

typedef struct {
        Lane *items;
        size_t size, room;
        unsigned share;      /* which share of a group: what was read in an earlier one is not acknowledged in this */
        uint64_t token;      /* the last that was given */
        LaneFlight *flights; /* in read order, from flights_at on */
        size_t flights_at, flights_size, flights_room;
} Lanes;

Lane *lanes_find(const Lanes *lanes, int32_t partition);     /* NULL when it is none of ours */
Lane *lanes_add(Lanes *lanes, int32_t partition, bool late); /* existing ones move */
void lanes_remove(Lanes *lanes, int32_t partition);
void lanes_clear(Lanes *lanes); /* all of them; the next ones are another share */

/* A record was read from the lane, the next one is at `next`; returns its token. */
uint64_t lanes_advance(Lanes *lanes, int32_t partition, int64_t next, uint64_t mark);
void lanes_acknowledge(Lanes *lanes, uint64_t token); /* and all before it */

/* "TOPIC PARTITION:OFFSET=MARK ...": what a restart begins with. Reading another topic's is ERR_FATAL. */
void lanes_write(const Lanes *lanes, const char *topic, Buffer *out);
bool lanes_read(Lanes *lanes, const char *topic, const char *text, Error *err);
void lanes_free(Lanes *lanes);
