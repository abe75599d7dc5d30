#include "hub/source/file/watch.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/source/file/file_move.h"

#include <stdlib.h>

enum { WATCH_MS = 10 * 60 * 1000, WATCHED_MOST = 4096 };

typedef struct {
        char *path;
        InboxFile file;   /* as it was read */
        int64_t until_ms; /* monotonic */
} Watched;

struct Watch {
        const FileOptions *options;
        Watched *files; /* the oldest first */
        size_t size, room;
};

Watch *watch_new(const FileOptions *options)
{
        Watch *watch = mem_new(sizeof(Watch));

        watch->options = options;
        return watch;
}

static void watched_free(Watched *watched)
{
        free(watched->path);
        free(watched->file.name);
}

static void oldest_drop(Watch *watch, size_t count)
{
        for (size_t i = 0; i < count; i++)
                watched_free(&watch->files[i]);
        watch->size -= count;
        for (size_t i = 0; i < watch->size; i++)
                watch->files[i] = watch->files[i + count];
}

void watch_add(Watch *watch, const InboxFile *file, const char *moved)
{
        if (watch->size == WATCHED_MOST)
                oldest_drop(watch, WATCHED_MOST / 4);
        if (watch->size == watch->room) {
                watch->room = watch->room ? 2 * watch->room : 16;
                watch->files = mem_resize(watch->files, watch->room * sizeof(Watched));
        }
        watch->files[watch->size++] = (Watched){ .path = text_copy(moved),
                                                 .file = { text_copy(file->name), file->about },
                                                 .until_ms = time_monotonic() + WATCH_MS };
}

/* False: nothing happened to it. */
static bool went_on(const Watch *watch, const Watched *watched)
{
        struct stat about;
        Error err = { 0 };

        if (lstat(watched->path, &about) < 0)
                return true;
        if (inbox_same(&about, &watched->file.about))
                return false;
        if (about.st_ino != watched->file.about.st_ino) /* somebody else's by now */
                return true;
        if (file_return(watch->options, watched->path, watched->file.name, &err))
                log_error("a file was written on after it was read: it is back in the folder, to be read again",
                          LOG_TEXT("name", watched->file.name));
        else
                log_error("a file was written on after it was read, and does not come back",
                          LOG_TEXT("name", watched->file.name), LOG_TEXT("why", err.text));
        return true;
}

void watch_look(Watch *watch)
{
        const int64_t now = time_monotonic();
        size_t kept = 0;

        for (size_t i = 0; i < watch->size; i++) {
                if (watch->files[i].until_ms < now || went_on(watch, &watch->files[i]))
                        watched_free(&watch->files[i]);
                else
                        watch->files[kept++] = watch->files[i];
        }
        watch->size = kept;
}

void watch_free(Watch *watch)
{
        if (!watch)
                return;
        oldest_drop(watch, watch->size);
        free(watch->files);
        free(watch);
}
