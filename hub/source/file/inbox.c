#include "hub/source/file/inbox.h"

#include "hub/base/log.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/source/file/mapped.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE = 6 };

/* A file that we have seen, until it is gone or released. */
typedef struct {
        char *name;
        struct stat about;
        int64_t since_ms; /* monotonic: it is as it is */
        uint64_t look;    /* the last that saw it */
        bool taken;
} Sight;

struct Inbox {
        const FileOptions *options;
        char *done, *failed;
        Map *sights; /* name -> Sight * */
        uint64_t look;
        Sight **complete; /* of the last look, in order */
        size_t complete_size, complete_room, complete_at;
        size_t taken, quieting;
};

static void stream_drop(DIR **stream)
{
        if (*stream)
                closedir(*stream);
}

Inbox *inbox_new(const FileOptions *options)
{
        Inbox *inbox = mem_new(sizeof(Inbox));

        inbox->options = options;
        inbox->done = file_done(options);
        inbox->failed = file_failed(options);
        inbox->sights = map_new();
        return inbox;
}

bool inbox_same(const struct stat *one, const struct stat *two)
{
        return one->st_dev == two->st_dev && one->st_ino == two->st_ino && one->st_size == two->st_size &&
               one->st_mtim.tv_sec == two->st_mtim.tv_sec && one->st_mtim.tv_nsec == two->st_mtim.tv_nsec;
}

/* ---- names ---- */

static bool is_like(const char *name, const TextList *patterns)
{
        for (size_t i = 0; i < patterns->size; i++)
                if (fnmatch(patterns->items[i], name, 0) == 0)
                        return true;
        return false;
}

static bool is_marker(const Inbox *inbox, const char *name)
{
        size_t size = strlen(name), end = strlen(inbox->options->marker);

        return inbox->options->complete == COMPLETE_MARKER && size > end &&
               strcmp(name + size - end, inbox->options->marker) == 0;
}

static bool is_ours(const Inbox *inbox, const char *name)
{
        const FileOptions *of = inbox->options;

        return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !is_like(name, &of->temporary) &&
               (!of->match.size || is_like(name, &of->match)) && !is_marker(inbox, name);
}

/* done/ and failed/ are folders that belong there. */
static void other_note(const Inbox *inbox, const char *name, const struct stat *about)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", inbox->options->folder, name);

        if (strcmp(path, inbox->done) == 0 || strcmp(path, inbox->failed) == 0)
                return;
        log_limited(LOG_WARNING, "not a regular file: left where it is, unread",
                    (LogKey[]){ LOG_TEXT("name", name),
                                LOG_TEXT("is", S_ISLNK(about->st_mode)   ? "a symbolic link"
                                               : S_ISDIR(about->st_mode) ? "a folder"
                                                                         : "a device, pipe or socket"),
                                { 0 } });
}

/* ---- looking ---- */

static bool is_later(const struct timespec *one, const struct timespec *other)
{
        return one->tv_sec != other->tv_sec ? one->tv_sec > other->tv_sec : one->tv_nsec > other->tv_nsec;
}

/* A marker older than its file is that of a file of this name that came before. */
static bool is_marked(const Inbox *inbox, int folder, const Sight *sight)
{
        CLEANUP(mem_drop) char *marker = text_format("%s%s", sight->name, inbox->options->marker);
        struct stat about;

        return fstatat(folder, marker, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode) &&
               !is_later(&sight->about.st_mtim, &about.st_mtim);
}

static bool is_complete(Inbox *inbox, int folder, const Sight *sight)
{
        const int64_t quiet_ms = time_monotonic() - sight->since_ms;
        bool is_quiet =
                quiet_ms >= inbox->options->quiet_ms && (quiet_ms >= PATIENCE * inbox->options->quiet_ms ||
                                                         mapped_ends(folder, sight->name, sight->about.st_size));

        if (inbox->options->complete == COMPLETE_MARKER)
                return is_marked(inbox, folder, sight);
        if (inbox->options->complete == COMPLETE_QUIET && !is_quiet)
                inbox->quieting++;
        return inbox->options->complete == COMPLETE_RENAME || is_quiet;
}

static Sight *sight_find(Inbox *inbox, const char *name)
{
        Sight *sight = map_get_text(inbox->sights, name);

        if (sight)
                return sight;
        sight = mem_new(sizeof(Sight));
        sight->name = text_copy(name);
        map_put_text(inbox->sights, name, sight);
        return sight;
}

static void sight_free(void *value)
{
        Sight *sight = value;

        free(sight->name);
        free(sight);
}

static void name_look(Inbox *inbox, int folder, const char *name)
{
        struct stat about;
        Sight *sight;

        if (!is_ours(inbox, name) || fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) < 0)
                return;
        if (!S_ISREG(about.st_mode)) {
                other_note(inbox, name, &about);
                return;
        }
        sight = sight_find(inbox, name);
        sight->look = inbox->look;
        if (sight->taken)
                return;
        if (!inbox_same(&sight->about, &about))
                sight->since_ms = time_monotonic();
        sight->about = about;
        if (!is_complete(inbox, folder, sight))
                return;
        if (inbox->complete_size == inbox->complete_room) {
                inbox->complete_room = inbox->complete_room ? 2 * inbox->complete_room : 16;
                inbox->complete = mem_resize(inbox->complete, inbox->complete_room * sizeof(Sight *));
        }
        inbox->complete[inbox->complete_size++] = sight;
}

static bool gone_drop(const void *key, size_t size, void *value, void *context)
{
        Inbox *inbox = context;
        const Sight *sight = value;

        if (sight->look != inbox->look && !sight->taken)
                sight_free(map_take(inbox->sights, key, size));
        return true;
}

static int name_compare(const void *one, const void *other)
{
        return strcmp((*(Sight *const *)one)->name, (*(Sight *const *)other)->name);
}

static int time_compare(const void *one, const void *other)
{
        const struct timespec *first = &(*(Sight *const *)one)->about.st_mtim;
        const struct timespec *second = &(*(Sight *const *)other)->about.st_mtim;

        if (is_later(first, second))
                return 1;
        return is_later(second, first) ? -1 : name_compare(one, other);
}

bool inbox_look(Inbox *inbox, Error *err)
{
        const char *path = inbox->options->folder;
        CLEANUP(stream_drop) DIR *stream = opendir(path);
        const struct dirent *entry;

        inbox->complete_size = inbox->complete_at = inbox->quieting = 0;
        if (!stream)
                return error_set(err, ERR_RETRY, NULL, "%s: %s", path, strerror(errno));
        inbox->look++;
        while ((entry = readdir(stream)))
                name_look(inbox, dirfd(stream), entry->d_name);
        map_each(inbox->sights, gone_drop, inbox);
        if (inbox->complete_size)
                qsort(inbox->complete, inbox->complete_size, sizeof(Sight *),
                      inbox->options->order == ORDER_TIME ? time_compare : name_compare);
        return true;
}

bool inbox_take(Inbox *inbox, InboxFile *file)
{
        Sight *sight;

        if (inbox->complete_at == inbox->complete_size)
                return false;
        sight = inbox->complete[inbox->complete_at++];
        sight->taken = true;
        inbox->taken++;
        *file = (InboxFile){ .name = text_copy(sight->name), .about = sight->about };
        return true;
}

void inbox_release(Inbox *inbox, const char *name)
{
        Sight *sight = map_take(inbox->sights, name, strlen(name));

        if (!sight)
                return;
        inbox->taken -= sight->taken;
        sight_free(sight);
}

size_t inbox_waiting(const Inbox *inbox)
{
        return map_size(inbox->sights) - inbox->taken;
}

bool inbox_quieting(const Inbox *inbox)
{
        return inbox->quieting;
}

void inbox_free(Inbox *inbox)
{
        if (!inbox)
                return;
        map_free(inbox->sights, sight_free);
        free(inbox->complete);
        free(inbox->done);
        free(inbox->failed);
        free(inbox);
}
