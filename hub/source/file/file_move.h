#pragma once

/* A file leaves the folder that it was dropped into. */

#include "hub/source/file/file_options.h"
#include "hub/source/file/inbox.h"

typedef enum {
        MOVE_DONE,
        MOVE_GONE,    /* somebody took it away */
        MOVE_CHANGED, /* it is another one, or has other bytes, than what was read: it stays */
        MOVE_FAILED,  /* err: ERR_RETRY, ERR_FATAL for another file system */
} MoveResult;

/* To INTO/NAME, or INTO/NAME.2 and so on where that name is taken: *moved, owned. Its marker, if it has one, goes with it. */
MoveResult file_move(const FileOptions *options, const InboxFile *file, const char *into, char **moved, Error *err);

/* Back from `path` into the folder as NAME, or as NAME.2 where another came meanwhile. */
bool file_return(const FileOptions *options, const char *path, const char *name, Error *err);
