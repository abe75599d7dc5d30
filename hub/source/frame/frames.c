#include "hub/source/frame/frames.h"

#include <assert.h>
#include <string.h>

void frames_add(Frames *frames, const void *bytes, size_t size)
{
        Buffer *buffer = &frames->bytes;

        if (frames->at) {
                memmove(buffer->bytes, buffer->bytes + frames->at, buffer->size - frames->at);
                buffer->size -= frames->at;
                frames->at = 0;
        }
        buffer_add(buffer, bytes, size);
}

/* What the stream holds next; never more than what is there. */
static FrameResult look(const Frames *frames, bool ended, size_t *used)
{
        const size_t size = frames->bytes.size - frames->at;
        const char *bytes = frames->bytes.bytes + frames->at;
        FrameResult result = size ? frames->frame(bytes, size, used) : FRAME_MORE;

        assert(result == FRAME_MORE || (*used >= 1 && *used <= size));
        if (result == FRAME_MORE && size && (ended || size >= frames->most)) {
                *used = size;
                return FRAME_JUNK;
        }
        return result == FRAME_WHOLE && *used > frames->most ? FRAME_JUNK : result;
}

static void take(Frames *frames, Buffer *into, size_t size)
{
        buffer_add(into, frames->bytes.bytes + frames->at, size);
        frames->at += size;
        frames->offset += (int64_t)size;
}

/* The caller has seen what these bytes were. */
static void handed_clear(Frames *frames)
{
        if (frames->handed)
                buffer_clear(frames->handed);
        frames->handed = NULL;
}

static bool hand(Frames *frames, Buffer *piece, bool is_junk, Frame *frame)
{
        frames->handed = piece;
        *frame = (Frame){ piece->bytes, piece->size, frames->offset - (int64_t)piece->size, is_junk };
        return true;
}

bool frames_next(Frames *frames, bool ended, Frame *frame)
{
        FrameResult result;
        size_t used = 0;

        handed_clear(frames);
        while ((result = look(frames, ended, &used)) == FRAME_JUNK && frames->junk.size < frames->most)
                take(frames, &frames->junk, used);
        if (frames->junk.size && (result != FRAME_MORE || ended || frames->junk.size >= frames->most))
                return hand(frames, &frames->junk, true, frame);
        if (result != FRAME_WHOLE)
                return false;
        take(frames, &frames->whole, used);
        return hand(frames, &frames->whole, false, frame);
}

void frames_refuse(Error *why)
{
        (void)error_set(why, ERR_INPUT, "bad_length", "bytes that belong to no frame");
}

void frames_free(Frames *frames)
{
        buffer_free(&frames->bytes);
        buffer_free(&frames->junk);
        buffer_free(&frames->whole);
        *frames = (Frames){ 0 };
}
