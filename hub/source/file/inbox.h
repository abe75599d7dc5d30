#pragma once

/*
 * A folder that others drop files into, looked at now and then: which files are complete, in which order. A name of the
 * temporary forms is still being written; beyond that a file is complete when it is unchanged for a time (`quiet`, by our own
 * clock; six times as long where it does not end as a whole file does), or because it is renamed to its name only then (`rename`), or when its marker is there and not older than it
 * (`marker`). Links, folders and what else is no regular file is never read.
 */

#include "hub/source/file/file_options.h"

#include <sys/stat.h>

typedef struct {
        char *name; /* owned */
        struct stat about;
} InboxFile;

typedef struct Inbox Inbox;

Inbox *inbox_new(const FileOptions *options);       /* options are borrowed */
bool inbox_look(Inbox *inbox, Error *err);          /* ERR_RETRY: the folder is away */
bool inbox_take(Inbox *inbox, InboxFile *file);     /* the next complete one of the last look; to be freed */
void inbox_release(Inbox *inbox, const char *name); /* a taken one: when it is still there, it is a new one */
size_t inbox_waiting(const Inbox *inbox);           /* files there that are not taken, complete or not */
bool inbox_quieting(const Inbox *inbox);            /* some of them only need more time */
bool inbox_same(const struct stat *one, const struct stat *two); /* the same file, unchanged */
void inbox_free(Inbox *inbox);
