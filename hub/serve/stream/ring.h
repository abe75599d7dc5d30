#pragma once

/*
 * The newest frames, by feed, in memory: at most `most` of them and `bytes_most` bytes, of which the oldest give way. All rows of the
 * feed above `floor` are in it. A place in it is a number that never comes again.
 */

#include "hub/serve/stream/frame.h"

typedef struct {
        Frame **items;
        size_t most, bytes, bytes_most;
        uint64_t first, next; /* places of the oldest, and of the one that will come */
        int64_t floor;
} Ring;

void ring_open(Ring *ring, size_t most, size_t bytes_most);
void ring_start(Ring *ring, int64_t floor); /* empty: what comes next is above that number */
void ring_add(Ring *ring, Frame *frame);    /* taken over; above all others */
int64_t ring_head(const Ring *ring);        /* the highest number; floor: it is empty */
uint64_t ring_find(const Ring *ring,
                   int64_t after);                /* the place of the first above it, perhaps the one that will come */
Frame *ring_at(const Ring *ring, uint64_t place); /* borrowed; first <= place < next */
void ring_free(Ring *ring);
