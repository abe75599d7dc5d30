#include "hub/base/memory.h"
#include "hub/source/frame/frames.h"
#include "tests/unit/base/run.h"

#include <string.h>

enum { MOST = 64 };

/* A frame is "<", anything, ">". */
static FrameResult bracket_frame(const char *bytes, size_t size, size_t *used)
{
        const char *end = bytes[0] == '<' ? memchr(bytes, '>', size) : NULL, *next = memchr(bytes, '<', size);

        if (end) {
                *used = (size_t)(end - bytes) + 1;
                return FRAME_WHOLE;
        }
        if (bytes[0] == '<')
                return FRAME_MORE;
        *used = next ? (size_t)(next - bytes) : size;
        return FRAME_JUNK;
}

/* What the stream became: "(whole)" "[junk]", a piece at a time. */
static void cut(Frames *frames, bool ended, Buffer *out)
{
        Frame frame;

        while (frames_next(frames, ended, &frame)) {
                ck_assert_int_eq(frame.bytes[frame.size], '\0');
                buffer_format(out, "%c%lld:%s%c", frame.is_junk ? '[' : '(', (long long)frame.offset, frame.bytes,
                              frame.is_junk ? ']' : ')');
        }
}

/* However the network parts the stream, the same records come of it. */
START_TEST(the_parts_of_a_stream_do_not_matter)
{
        static const char stream[] = "<a><bb>xx<c>yyy<d";

        for (size_t step = 1; step <= sizeof(stream); step++) {
                CLEANUP(frames_free) Frames frames = { .frame = bracket_frame, .most = MOST };
                CLEANUP(buffer_free) Buffer out = { 0 };

                buffer_text(&out, "");
                for (size_t at = 0; at < sizeof(stream) - 1; at += step) {
                        size_t left = sizeof(stream) - 1 - at;

                        frames_add(&frames, stream + at, left < step ? left : step);
                        cut(&frames, false, &out);
                }
                cut(&frames, true, &out);
                ck_assert_str_eq(out.bytes, "(0:<a>)(3:<bb>)[7:xx](9:<c>)[12:yyy<d]");
        }
}
END_TEST

/* A peer that never ends a frame, and one that sends a frame that is too long, cost bounded memory and are refused. */
START_TEST(what_does_not_end_is_junk)
{
        CLEANUP(frames_free) Frames frames = { .frame = bracket_frame, .most = MOST };
        char endless[4 * MOST];
        size_t junk = 0;
        Frame frame;

        memset(endless, 'x', sizeof(endless));
        endless[0] = '<';
        for (int i = 0; i < 100; i++) {
                frames_add(&frames, endless, sizeof(endless));
                while (frames_next(&frames, false, &frame)) {
                        ck_assert(frame.is_junk);
                        junk += frame.size;
                }
                ck_assert_uint_le(frames.junk.size + frames.bytes.size, 2 * sizeof(endless) + MOST);
        }
        while (frames_next(&frames, true, &frame))
                junk += frame.size;
        ck_assert_uint_eq(junk, 100 * sizeof(endless));
        memset(endless, 'y', sizeof(endless));
        endless[0] = '<';
        endless[MOST] = '>'; /* one byte too long */
        frames_add(&frames, endless, MOST + 1);
        ck_assert(frames_next(&frames, true, &frame) && frame.is_junk);
}
END_TEST

START_TEST(junk_has_its_reason)
{
        Error why = { 0 };

        frames_refuse(&why);
        ck_assert_int_eq(why.kind, ERR_INPUT);
        ck_assert_str_eq(why.reason, "bad_length");
}
END_TEST

RUN("frames", the_parts_of_a_stream_do_not_matter, what_does_not_end_is_junk, junk_has_its_reason)
