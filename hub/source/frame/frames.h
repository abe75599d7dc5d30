#pragma once

/*
 * A byte stream cut into records by its dialect (Adapter.frame); connections, time and the order of things are the
 * source's. What belongs to no frame is gathered and handed out as one piece before the next frame, or as soon as it has
 * `most` bytes, so that a peer that sends rubbish a byte at a time makes few records of it: to be refused as
 * frames_refuse() says. A frame that does not end within `most` bytes is junk, and so is what is left when the stream ends.
 *
 *     for (frames_add(&frames, bytes, size); frames_next(&frames, false, &frame);) ...
 *
 * Memory is bounded by `most` and the largest addition.
 */

#include "hub/adapter.h"
#include "hub/base/buffer.h"

typedef struct {
        FrameResult (*frame)(const char *bytes, size_t size, size_t *used); /* of the adapter */
        size_t most;
        Buffer bytes; /* not cut yet, from `at` on */
        size_t at;
        Buffer junk, whole;
        Buffer *handed; /* the piece that the caller has, NULL: none */
        int64_t offset; /* of bytes.bytes[at] in the stream */
} Frames;

typedef struct {
        const char *bytes; /* followed by a NUL; borrowed until the next call */
        size_t size;
        int64_t offset; /* in the stream */
        bool is_junk;
} Frame;

void frames_add(Frames *frames, const void *bytes, size_t size);
bool frames_next(Frames *frames, bool ended, Frame *frame); /* false: nothing without more bytes */
void frames_refuse(Error *why);                             /* ERR_INPUT bad_length */
void frames_free(Frames *frames);                           /* also for CLEANUP */
