#pragma once

/* The options of source file, and what their table cannot say. */

#include "hub/base/options.h"

typedef enum { COMPLETE_QUIET, COMPLETE_RENAME, COMPLETE_MARKER } FileComplete;
typedef enum { ORDER_NAME, ORDER_TIME } FileOrder;

typedef struct {
        char *folder, *done, *failed; /* done, failed: NULL for the default */
        int complete, order;          /* FileComplete, FileOrder */
        TextList match, temporary;
        char *marker;
        int64_t quiet_ms, every_ms;
} FileOptions;

enum { FILE_OPTIONS = 10 };
extern const Option file_options[FILE_OPTIONS];

bool file_check(const void *options, Error *err);

/* Owned: where files go. */
char *file_done(const FileOptions *options);
char *file_failed(const FileOptions *options);

/* For `hub check --connect`: can the folder be read, may files leave it, is it one file system with done/ and failed/? */
bool file_connect_check(const void *options, Error *err);
bool file_same_system(const char *folder, const char *other, Error *err); /* ERR_FATAL; an absent one: its parent's */
