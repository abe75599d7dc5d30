#include "hub/source/postgres/known.h"

#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/source/postgres/known_sorted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECENT_MOST = 65536 };

struct Known {
        char *path, *log_path; /* NULL: in memory */
        Sorted sorted;
        Map *recent; /* id -> uint64_t * */
        int log;
        Buffer unwritten;
        bool unsynced; /* something was written since the last fdatasync */
};

static bool system_error(const char *path, Error *err)
{
        return error_set(err, ERR_RETRY, NULL, "%s: %s", path, strerror(errno));
}

static void descriptor_drop(int *descriptor)
{
        if (*descriptor >= 0)
                close(*descriptor);
}

/* ---- the recent ones ---- */

static void recent_put(Known *known, const char *id, uint64_t digest)
{
        uint64_t *at = map_get_text(known->recent, id);

        if (!at) {
                at = mem_new(sizeof(*at));
                map_put_text(known->recent, id, at);
        }
        *at = digest;
}

static void recent_clear(Known *known)
{
        map_free(known->recent, free);
        known->recent = map_new();
}

typedef struct {
        Recent *items;
        size_t size;
} Recents;

static bool recent_take(const void *key, size_t size, void *value, void *context)
{
        Recents *recents = context;

        (void)size;
        recents->items[recents->size++] = (Recent){ key, *(const uint64_t *)value };
        return true;
}

/* Killed between the two, the log is read over the file that has it already: the same in the end. */
static bool recent_merge(Known *known, Error *err)
{
        CLEANUP(mem_drop) Recent *items = NULL;
        Recents recents = { 0 };

        if (!map_size(known->recent))
                return true;
        items = mem_new(map_size(known->recent) * sizeof(Recent));
        recents.items = items;
        map_each(known->recent, recent_take, &recents);
        if (!sorted_store(&known->sorted, items, recents.size, known->path, err))
                return false;
        recent_clear(known);
        sorted_close(&known->sorted);
        if (!sorted_open(&known->sorted, known->path, err))
                return false;
        return ftruncate(known->log, 0) == 0 || system_error(known->log_path, err);
}

/* ---- the log ---- */

static bool log_read(Known *known, Error *err)
{
        CLEANUP(descriptor_drop) int descriptor = open(known->log_path, O_RDONLY | O_CLOEXEC);
        CLEANUP(buffer_free) Buffer bytes = { 0 };
        struct stat about;
        size_t at = 0, size;

        if (descriptor < 0 || fstat(descriptor, &about) < 0)
                return system_error(known->log_path, err);
        buffer_room(&bytes, (size_t)about.st_size + 1);
        if (read(descriptor, bytes.bytes, (size_t)about.st_size) != about.st_size)
                return system_error(known->log_path, err);
        for (; (size = entry_size(bytes.bytes, (size_t)about.st_size, at)); at += size)
                recent_put(known, bytes.bytes + at + ENTRY_ID, entry_digest(bytes.bytes + at));
        return ftruncate(known->log, (off_t)at) == 0 || system_error(known->log_path, err);
}

static bool files_open(Known *known, const char *folder, uint64_t mark, Error *err)
{
        known->path = text_format("%s/known-%016llx", folder, (unsigned long long)mark);
        known->log_path = text_format("%s.log", known->path);
        known->log = open(known->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (known->log < 0)
                return system_error(known->log_path, err);
        return sorted_open(&known->sorted, known->path, err) && log_read(known, err);
}

Known *known_open(const char *folder, uint64_t mark, Error *err)
{
        Known *known = mem_new(sizeof(Known));

        known->log = -1;
        known->recent = map_new();
        if (!folder || files_open(known, folder, mark, err))
                return known;
        err->kind = ERR_FATAL;
        known_close(known);
        return NULL;
}

void known_close(Known *known)
{
        if (!known)
                return;
        descriptor_drop(&known->log);
        sorted_close(&known->sorted);
        map_free(known->recent, free);
        buffer_free(&known->unwritten);
        free(known->path);
        free(known->log_path);
        free(known);
}

uint64_t known_get(const Known *known, const char *id)
{
        const uint64_t *recent = map_get_text(known->recent, id);

        return recent ? *recent : sorted_get(&known->sorted, id);
}

bool known_has(const Known *known, const char *id, uint64_t digest)
{
        return digest && known_get(known, id) == digest;
}

void known_put(Known *known, const char *id, uint64_t digest)
{
        if (!known->path && map_size(known->recent) >= RECENT_MOST)
                recent_clear(known);
        recent_put(known, id, digest);
        if (!known->path)
                return;
        entry_add(&known->unwritten, id, digest);
}

/* A write that broke off leaves half an entry, behind which nothing would be read again: it is cut. */
static bool log_write(Known *known, Error *err)
{
        off_t end = lseek(known->log, 0, SEEK_END);
        ssize_t written = write(known->log, known->unwritten.bytes, known->unwritten.size);
        int trouble = written < 0 ? errno : ENOSPC;

        if (written == (ssize_t)known->unwritten.size) {
                buffer_clear(&known->unwritten);
                known->unsynced = true;
                return true;
        }
        if (end < 0 || ftruncate(known->log, end) < 0)
                return system_error(known->log_path, err);
        return error_set(err, ERR_RETRY, NULL, "%s: %s", known->log_path, strerror(trouble));
}

bool known_keep(Known *known, Error *err)
{
        if (known->unwritten.size && !log_write(known, err))
                return false;
        if (known->unsynced && fdatasync(known->log) < 0)
                return system_error(known->log_path, err);
        known->unsynced = false;
        return !known->path || map_size(known->recent) < RECENT_MOST || recent_merge(known, err);
}

/* ---- in order ---- */

static void entry_at(const Known *known, KnownEntry *entry, size_t at)
{
        const Sorted *sorted = &known->sorted;

        *entry = (KnownEntry){ .at = at };
        if (at >= sorted->size)
                return;
        entry->id = sorted->bytes + at + ENTRY_ID;
        entry->digest = entry_digest(sorted->bytes + at);
}

bool known_begin(Known *known, KnownEntry *entry, Error *err)
{
        if (!known_keep(known, err) || (known->path && !recent_merge(known, err)))
                return false;
        entry_at(known, entry, 0);
        return true;
}

void known_next(const Known *known, KnownEntry *entry)
{
        entry_at(known, entry, entry->at + ENTRY_ID + strlen(entry->id) + 1);
}

bool known_doubt(Known *known, Error *err)
{
        CLEANUP(mem_drop) Recent *all = NULL;
        const Sorted nothing = { 0 };
        size_t size = 0;
        KnownEntry entry;

        if (!known->path || !known_begin(known, &entry, err))
                return !known->path;
        all = mem_new((known_size(known) + 1) * sizeof(Recent));
        for (; entry.id; known_next(known, &entry))
                all[size++] = (Recent){ entry.id, KNOWN_UNSURE };
        if (!sorted_store(&nothing, all, size, known->path, err))
                return false;
        sorted_close(&known->sorted);
        return sorted_open(&known->sorted, known->path, err);
}

size_t known_size(const Known *known)
{
        return known->sorted.count;
}
