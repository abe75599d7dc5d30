#pragma once

/*
 * What one client of the stream of incidents heard over all its connections: the numbers of the feed, in order, and a running hash of
 * which version of which incident each was: FNV-1a (64 bits) over "FEED INCIDENT EPOCH VERSION\n" of all of them, one behind the other.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
        uint32_t *feeds;
        size_t size, most;
        uint64_t hash;
        int64_t last;           /* the id that a browser would come again with; 0: none */
        unsigned resets, wrong; /* numbers that do not rise, frames that are not whole */
        char *rest;             /* of a frame that is not all there */
        size_t rest_size;
} Ear;

typedef void EarHeard(void *context, uint32_t feed);

void ear_open(Ear *ear);
void ear_close(Ear *ear);
void ear_cut(Ear *ear); /* the connection is gone, and with it what was half told */

/* What came next; heard: of each version, as it comes. */
void ear_hear(Ear *ear, const char *bytes, size_t size, EarHeard *heard, void *context);
