#include "hub/base/terminal.h"

#include "hub/base/buffer.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHARACTER_MOST = 4 };

typedef struct {
        int descriptor;
        char begun[CHARACTER_MOST]; /* of a character that a write has cut */
        size_t begun_size;
        Buffer in, out;
        bool is_standing; /* it is nobody's to free */
} Guard;

/* Process-wide on purpose, as stdout and stderr are: what only they know of would be a leak to who looks for leaks. */
static Guard guards[2] = { { .descriptor = STDOUT_FILENO, .is_standing = true },
                           { .descriptor = STDERR_FILENO, .is_standing = true } };

bool terminal_obeys(uint32_t point)
{
        return point < 0x20 || (point >= 0x7f && point <= 0x9f) || (point >= 0x200e && point <= 0x200f) ||
               (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

/* So many bytes at the end are the beginning of a character. */
static size_t cut_size(const char *bytes, size_t size)
{
        for (size_t back = 1; back < CHARACTER_MOST && back <= size; back++) {
                const unsigned char byte = (unsigned char)bytes[size - back];
                const size_t whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;

                if (byte < 0x80 || byte >= 0xc0)
                        return whole > back ? back : 0;
        }
        return 0;
}

static bool bytes_write(int descriptor, const char *bytes, size_t size)
{
        while (size) {
                const ssize_t written = write(descriptor, bytes, size);

                if (written < 0 && errno != EINTR)
                        return false;
                bytes += written > 0 ? written : 0;
                size -= written > 0 ? (size_t)written : 0;
        }
        return true;
}

static ssize_t guard_write(void *cookie, const char *bytes, size_t size)
{
        Guard *guard = cookie;
        const char *at, *end;

        buffer_clear(&guard->in);
        buffer_clear(&guard->out);
        buffer_add(&guard->in, guard->begun, guard->begun_size);
        buffer_add(&guard->in, bytes, size);
        guard->begun_size = cut_size(guard->in.bytes, guard->in.size);
        at = guard->in.bytes;
        end = at + guard->in.size - guard->begun_size;
        memcpy(guard->begun, end, guard->begun_size);
        while (at < end) {
                const uint32_t point = text_next(&at, end);

                if (point != '\n' && point != '\t' && terminal_obeys(point))
                        buffer_format(&guard->out, "\\u%04x", (unsigned)point);
                else
                        text_put(&guard->out, point);
        }
        return bytes_write(guard->descriptor, guard->out.bytes, guard->out.size) ? (ssize_t)size : 0;
}

static int guard_close(void *cookie)
{
        Guard *guard = cookie;

        buffer_free(&guard->in);
        buffer_free(&guard->out);
        if (!guard->is_standing)
                free(guard);
        return 0;
}

static FILE *stream_of(Guard *guard)
{
        FILE *stream = fopencookie(guard, "w", (cookie_io_functions_t){ .write = guard_write, .close = guard_close });

        if (!stream)
                abort();
        setvbuf(stream, NULL, _IOLBF, 0);
        return stream;
}

FILE *terminal_open(int descriptor)
{
        Guard *guard = mem_new(sizeof(Guard));

        guard->descriptor = descriptor;
        return stream_of(guard);
}

void terminal_guard(void)
{
        if (isatty(STDOUT_FILENO))
                stdout = stream_of(&guards[0]);
        if (isatty(STDERR_FILENO)) {
                stderr = stream_of(&guards[1]);
                setvbuf(stderr, NULL, _IONBF, 0);
        }
}
