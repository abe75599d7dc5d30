#pragma once

/*
 * One version of an incident as the stream tells it, rendered once and shared by all who hear it: "id: FEED", "event: incident", and the
 * Feature as data. A version that left what a client looks at is told with "left": true as the Feature's first member. References are
 * counted under the lock of whoever has them.
 */

#include "hub/feed/facts.h"
#include "hub/feed/rows.h"

#include <stdint.h>

typedef enum { FRAME_NEW, FRAME_KNOWN, FRAME_UNKNOWN } FrameBefore; /* what is known of the version before */
typedef enum { FRAME_HIDDEN, FRAME_SHOWN, FRAME_LEFT } FrameSight;

typedef struct {
        unsigned references;
        int64_t feed;
        Facts now, before;
        FrameBefore had;
        const char *text, *version; /* version: "INCIDENT:EPOCH:VERSION" */
        size_t size, left_at;       /* left_at: where "left" goes in */
        size_t weight;              /* bytes that it takes */
} Frame;

/* now: for its deadline's light, as time_now(). ERR_FATAL: the row is no JSON object. */
Frame *frame_new(const FeedRow *row, int64_t now, Error *err);
Frame *frame_keep(Frame *frame);
void frame_let_go(Frame *frame); /* also NULL */

/* A version that does not fit, but whose incident did before it, or may have, is told once: so a list of what fits loses it. */
FrameSight frame_sight(const Frame *frame, const Filter *filter);

size_t frame_size(const Frame *frame, bool is_left);
/* Bytes from `offset` on, at most `room`; how many. */
size_t frame_copy(const Frame *frame, bool is_left, size_t offset, char *out, size_t room);
