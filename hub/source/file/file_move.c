#include "hub/source/file/file_move.h"

#include "hub/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAMES_MOST = 1000000 };

/* Never over another file. 0, or errno; file systems that cannot promise it (EINVAL) are looked at first: we are the only mover. */
static int rename_new(const char *from, const char *to)
{
        if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
                return 0;
        if (errno != EINVAL && errno != ENOSYS)
                return errno;
        if (access(to, F_OK) == 0)
                return EEXIST;
        return rename(from, to) < 0 ? errno : 0;
}

/* 0, or errno. Where it is now: *moved, owned, unless that is NULL. */
static int name_move(const char *from, const char *into, const char *name, char **moved, Error *err)
{
        int trouble = EEXIST;

        for (int i = 1; trouble == EEXIST && i < NAMES_MOST; i++) {
                CLEANUP(mem_drop)
                char *to = i == 1 ? text_format("%s/%s", into, name) : text_format("%s/%s.%d", into, name, i);

                trouble = rename_new(from, to);
                if (!trouble && moved)
                        *moved = text_copy(to);
        }
        if (trouble)
                (void)error_set(err, trouble == EXDEV ? ERR_FATAL : ERR_RETRY, NULL, "moving %s to %s: %s", from, into,
                                strerror(trouble));
        return trouble;
}

/* After its file: a marker that stays behind alone is older than whatever file of this name comes next. */
static void marker_move(const FileOptions *options, const char *path, const char *into, const char *name)
{
        CLEANUP(mem_drop) char *from = text_format("%s%s", path, options->marker);
        CLEANUP(mem_drop) char *marker = text_format("%s%s", name, options->marker);
        Error err = { 0 };

        if (options->complete == COMPLETE_MARKER)
                (void)name_move(from, into, marker, NULL, &err);
}

MoveResult file_move(const FileOptions *options, const InboxFile *file, const char *into, char **moved, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", options->folder, file->name);
        struct stat about;

        if (lstat(path, &about) < 0) {
                (void)error_set(err, ERR_RETRY, NULL, "%s: %s", path, strerror(errno));
                return errno == ENOENT ? MOVE_GONE : MOVE_FAILED;
        }
        if (!inbox_same(&about, &file->about))
                return MOVE_CHANGED;
        if (name_move(path, into, file->name, moved, err))
                return MOVE_FAILED;
        marker_move(options, path, into, file->name);
        return MOVE_DONE;
}

bool file_return(const FileOptions *options, const char *path, const char *name, Error *err)
{
        if (name_move(path, options->folder, name, NULL, err))
                return false;
        marker_move(options, path, options->folder, name);
        return true;
}
