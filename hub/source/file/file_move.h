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

/* To INTO/NAME, or INTO/NAME.2 and so on where that name is taken; its marker, if it has one, goes with it. */
MoveResult file_move(const FileOptions *options, const InboxFile *file, const char *into, Error *err);
