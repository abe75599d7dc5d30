#include "hub/source/spool/segment.h"

#include "hub/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <zlib.h>

enum { NAME_SIZE = 32, USUAL_SIZE = 1024 };

static void name_write(uint32_t number, char name[NAME_SIZE])
{
        snprintf(name, NAME_SIZE, "%010u.spool", (unsigned)number);
}

bool segment_number(const char *name, uint32_t *number)
{
        char again[NAME_SIZE];
        char *end;
        unsigned long read = strtoul(name, &end, 10);

        if (read == 0 || read > UINT32_MAX)
                return false;
        *number = (uint32_t)read;
        name_write(*number, again);
        return strcmp(name, again) == 0;
}

uint32_t segment_crc(const void *bytes, size_t size)
{
        return (uint32_t)crc32_z(0, bytes, size);
}

static void number_put(uint8_t *at, uint32_t value)
{
        for (int i = 0; i < 4; i++)
                at[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t number_get(const uint8_t *at)
{
        return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static bool system_error(const Segment *segment, int trouble, const char *what, Error *err)
{
        return error_set(err, ERR_RETRY, NULL, "spool segment %u: %s: %s", (unsigned)segment->number, what,
                         strerror(trouble));
}

/* ---- bytes at a place ---- */

/* 0, errno, or -1: the file ends before. */
static int bytes_read(int descriptor, void *into, size_t size, off_t offset)
{
        char *at = into;

        while (size) {
                ssize_t got = pread(descriptor, at, size, offset);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got <= 0)
                        return got < 0 ? errno : -1;
                at += got;
                offset += got;
                size -= (size_t)got;
        }
        return 0;
}

static int bytes_write(int descriptor, const void *bytes, size_t size, off_t offset)
{
        const char *at = bytes;

        while (size) {
                ssize_t put = pwrite(descriptor, at, size, offset);

                if (put < 0 && errno == EINTR)
                        continue;
                if (put < 0)
                        return errno;
                at += put;
                offset += put;
                size -= (size_t)put;
        }
        return 0;
}

/* ---- records ---- */

/* In one call, but for when the kernel takes less. */
static int record_write(const Segment *segment, uint8_t header[SEGMENT_HEADER], char *body, uint32_t size)
{
        const struct iovec parts[] = { { header, SEGMENT_HEADER }, { body, size } };
        int trouble;

        if (pwritev(segment->descriptor, parts, 2, segment->size) == (ssize_t)SEGMENT_HEADER + size)
                return 0;
        trouble = bytes_write(segment->descriptor, header, SEGMENT_HEADER, segment->size);
        return trouble ? trouble : bytes_write(segment->descriptor, body, size, segment->size + (off_t)SEGMENT_HEADER);
}

bool segment_write(const Segment *segment, char *body, uint32_t size, bool durable, Error *err)
{
        uint8_t header[SEGMENT_HEADER];
        int trouble;

        number_put(header, size);
        number_put(header + 4, segment_crc(body, size));
        trouble = record_write(segment, header, body, size);
        if (!trouble && durable && fdatasync(segment->descriptor) < 0)
                trouble = errno;
        return !trouble || system_error(segment, trouble, "writing", err);
}

/* So many bytes from offset on are in `read` then; some may be already. */
static int rest_read(const Segment *segment, uint32_t offset, size_t want, Buffer *read)
{
        const size_t had = read->size;

        if (want <= had)
                return 0;
        buffer_room(read, want - had);
        read->size = want;
        return bytes_read(segment->descriptor, read->bytes + had, want - had, offset + (off_t)had);
}

/*
 * The same result as bytes_read(); also -1: no whole record is there. Most records are read in one call, with something of
 * what is behind them.
 */
static int record_read(const Segment *segment, uint32_t offset, uint32_t end, Buffer *body)
{
        const size_t left = offset < end ? end - offset : 0;
        uint32_t size, crc;
        int trouble;

        if (left < SEGMENT_HEADER)
                return -1;
        buffer_clear(body);
        trouble = rest_read(segment, offset, left < USUAL_SIZE ? left : USUAL_SIZE, body);
        if (trouble)
                return trouble;
        size = number_get((uint8_t *)body->bytes);
        crc = number_get((uint8_t *)body->bytes + 4);
        if (size == 0 || size > left - SEGMENT_HEADER)
                return -1;
        trouble = rest_read(segment, offset, SEGMENT_HEADER + (size_t)size, body);
        if (trouble)
                return trouble;
        memmove(body->bytes, body->bytes + SEGMENT_HEADER, size);
        body->size = size;
        body->bytes[size] = '\0';
        return segment_crc(body->bytes, size) == crc ? 0 : -1;
}

bool segment_read(const Segment *segment, uint32_t offset, uint32_t end, Buffer *body, Error *err)
{
        int trouble = record_read(segment, offset, end, body);

        if (!trouble)
                return true;
        return error_set(err, ERR_FATAL, NULL, "spool segment %u: reading at %u: %s", (unsigned)segment->number,
                         (unsigned)offset, trouble > 0 ? strerror(trouble) : "the record is not what was written");
}

/* ---- files ---- */

static bool is_clean(const Segment *segment)
{
        static const uint8_t end[SEGMENT_HEADER];
        uint32_t left = segment->room - segment->size;
        size_t size = left < SEGMENT_HEADER ? left : SEGMENT_HEADER;
        uint8_t header[SEGMENT_HEADER];

        return bytes_read(segment->descriptor, header, size, segment->size) == 0 && memcmp(header, end, size) == 0;
}

static bool segment_scan(Segment *segment, SegmentScan *scan, Error *err)
{
        CLEANUP(buffer_free) Buffer body = { 0 };
        uint32_t from = scan->from, after = 0;
        bool found = from == 0;
        int trouble;

        while (!(trouble = record_read(segment, segment->size, segment->room, &body))) {
                found = found || segment->size == from;
                after += found && segment->size >= from;
                scan->records++;
                segment->size += SEGMENT_HEADER + (uint32_t)body.size;
        }
        if (trouble > 0)
                return system_error(segment, trouble, "reading", err);
        found = found || segment->size == from;
        if (found)
                scan->records = after;
        else
                scan->from = 0;
        scan->torn = !is_clean(segment);
        if (scan->torn && ftruncate(segment->descriptor, segment->size) < 0)
                return system_error(segment, errno, "cutting", err);
        return true;
}

bool segment_open(Segment *segment, int folder, uint32_t number, SegmentScan *scan, Error *err)
{
        char name[NAME_SIZE];
        struct stat status;

        name_write(number, name);
        *segment = (Segment){ .number = number };
        segment->descriptor = openat(folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (segment->descriptor < 0 || fstat(segment->descriptor, &status) < 0) {
                (void)system_error(segment, errno, "opening", err);
        } else if (!S_ISREG(status.st_mode) || status.st_size > UINT32_MAX) {
                (void)error_set(err, ERR_RETRY, NULL, "spool segment %u: no file of ours", (unsigned)number);
        } else {
                segment->room = (uint32_t)status.st_size;
                if (segment_scan(segment, scan, err))
                        return true;
        }
        segment_close(segment);
        return false;
}

static int descriptor_new(int folder, const char *name)
{
        if (folder < 0)
                return memfd_create(name, MFD_CLOEXEC);
        return openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Memory is taken when it is written to. */
static int room_take(const Segment *segment, int folder)
{
        if (folder >= 0)
                return posix_fallocate(segment->descriptor, 0, segment->room);
        return ftruncate(segment->descriptor, segment->room) < 0 ? errno : 0;
}

bool segment_create(Segment *segment, int folder, uint32_t number, uint32_t room, bool durable, Error *err)
{
        char name[NAME_SIZE];
        int trouble;

        name_write(number, name);
        *segment = (Segment){ .number = number, .room = room, .descriptor = descriptor_new(folder, name) };
        if (segment->descriptor < 0)
                return system_error(segment, errno, "making", err);
        trouble = room_take(segment, folder);
        if (!trouble && durable && (fsync(segment->descriptor) < 0 || (folder >= 0 && fsync(folder) < 0)))
                trouble = errno;
        if (!trouble)
                return true;
        (void)system_error(segment, trouble, "taking room", err);
        segment_remove(segment, folder);
        return false;
}

void segment_remove(Segment *segment, int folder)
{
        char name[NAME_SIZE];

        name_write(segment->number, name);
        if (folder >= 0)
                unlinkat(folder, name, 0);
        segment_close(segment);
}

void segment_close(Segment *segment)
{
        if (segment->descriptor >= 0)
                close(segment->descriptor);
        segment->descriptor = -1;
}
