#include "hub/source/postgres/known_sorted.h"

#include "hub/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STRIDE = 32 };

static bool system_error(const char *path, Error *err)
{
        return error_set(err, ERR_RETRY, NULL, "%s: %s", path, strerror(errno));
}

static void file_drop(FILE **file)
{
        if (*file)
                fclose(*file);
}

static void descriptor_drop(int *descriptor)
{
        if (*descriptor >= 0)
                close(*descriptor);
}

/* ---- entries ---- */

void entry_add(Buffer *out, const char *id, uint64_t digest)
{
        buffer_format(out, "%016llx %s", (unsigned long long)digest, id);
        buffer_byte(out, '\0');
}

uint64_t entry_digest(const char *entry)
{
        return strtoull(entry, NULL, 16);
}

size_t entry_size(const char *bytes, size_t size, size_t at)
{
        const char *end = memchr(bytes + at, '\0', size - at);
        size_t length = end ? (size_t)(end - bytes) - at : 0;

        if (length <= ENTRY_ID || bytes[at + ENTRY_ID - 1] != ' ')
                return 0;
        return strspn(bytes + at, "0123456789abcdef") == ENTRY_ID - 1 ? length + 1 : 0;
}

/* ---- the file ---- */

void sorted_close(Sorted *sorted)
{
        if (sorted->bytes)
                munmap(sorted->bytes, sorted->size);
        free(sorted->places);
        *sorted = (Sorted){ 0 };
}

static bool places_fill(Sorted *sorted, const char *path, Error *err)
{
        size_t room = 0, places = 0;

        for (size_t at = 0, size; at < sorted->size; at += size, sorted->count++) {
                size = entry_size(sorted->bytes, sorted->size, at);
                if (!size)
                        return error_set(err, ERR_FATAL, NULL,
                                         "%s: damaged at byte %zu; put it and the checkpoint "
                                         "away to read all rows again",
                                         path, at);
                if (sorted->count % STRIDE)
                        continue;
                if (places == room) {
                        room = room ? 2 * room : 64;
                        sorted->places = mem_resize(sorted->places, room * sizeof(size_t));
                }
                sorted->places[places++] = at;
        }
        return true;
}

bool sorted_open(Sorted *sorted, const char *path, Error *err)
{
        CLEANUP(descriptor_drop) int descriptor = open(path, O_RDONLY | O_CLOEXEC);
        struct stat about;
        void *bytes;

        *sorted = (Sorted){ 0 };
        if (descriptor < 0 && errno == ENOENT)
                return true;
        if (descriptor < 0 || fstat(descriptor, &about) < 0)
                return system_error(path, err);
        if (about.st_size == 0)
                return true;
        bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (bytes == MAP_FAILED)
                return system_error(path, err);
        sorted->bytes = bytes;
        sorted->size = (size_t)about.st_size;
        return places_fill(sorted, path, err);
}

/* The last place whose id is not behind `id`. */
static size_t place_find(const Sorted *sorted, const char *id)
{
        size_t from = 0, to = (sorted->count + STRIDE - 1) / STRIDE;

        while (to - from > 1) {
                size_t middle = from + (to - from) / 2;

                if (strcmp(sorted->bytes + sorted->places[middle] + ENTRY_ID, id) <= 0)
                        from = middle;
                else
                        to = middle;
        }
        return sorted->places[from];
}

uint64_t sorted_get(const Sorted *sorted, const char *id)
{
        size_t at = sorted->count ? place_find(sorted, id) : sorted->size;

        while (at < sorted->size) {
                const char *entry = sorted->bytes + at;
                int order = strcmp(entry + ENTRY_ID, id);

                if (order >= 0)
                        return order ? 0 : entry_digest(entry);
                at += ENTRY_ID + strlen(entry + ENTRY_ID) + 1;
        }
        return 0;
}

/* ---- a new one ---- */

static int recent_compare(const void *one, const void *other)
{
        return strcmp(((const Recent *)one)->id, ((const Recent *)other)->id);
}

static void entry_write(FILE *file, const char *id, uint64_t digest)
{
        if (!digest)
                return;
        fprintf(file, "%016llx %s", (unsigned long long)digest, id);
        fputc('\0', file);
}

/* Of an id in both the recent one counts. */
static void merge_write(const Sorted *sorted, const Recent *recent, size_t size, FILE *file)
{
        size_t at = 0;

        for (size_t i = 0; i < size; i++) {
                int order = -1;

                while (at < sorted->size && order < 0) {
                        const char *id = sorted->bytes + at + ENTRY_ID;

                        order = strcmp(id, recent[i].id);
                        if (order < 0)
                                entry_write(file, id, entry_digest(sorted->bytes + at));
                        at += order <= 0 ? ENTRY_ID + strlen(id) + 1 : 0;
                }
                entry_write(file, recent[i].id, recent[i].digest);
        }
        if (at < sorted->size)
                fwrite(sorted->bytes + at, 1, sorted->size - at, file);
}

static bool folder_sync(const char *path)
{
        CLEANUP(mem_drop) char *folder = text_copy(path);
        CLEANUP(descriptor_drop) int descriptor = -1;

        *strrchr(folder, '/') = '\0';
        descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return descriptor >= 0 && fsync(descriptor) == 0;
}

bool sorted_store(const Sorted *sorted, Recent *recent, size_t size, const char *path, Error *err)
{
        CLEANUP(mem_drop) char *draft = text_format("%s.new", path);
        CLEANUP(file_drop) FILE *file = fopen(draft, "we");

        if (!file)
                return system_error(draft, err);
        qsort(recent, size, sizeof(Recent), recent_compare);
        merge_write(sorted, recent, size, file);
        if (!ferror(file) && fflush(file) == 0 && fdatasync(fileno(file)) == 0 && rename(draft, path) == 0 &&
            folder_sync(path))
                return true;
        return system_error(draft, err);
}
