#pragma once

/*
 * Whole files. Errors name the path. They are ERR_FATAL, for files are configuration or state, but for what passes by
 * itself, the disk's, memory's or descriptors' trouble: who ends for that is to be started again.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

ErrorKind file_trouble(int error); /* of an errno of a call on a file */

bool file_read(Buffer *out, const char *path, size_t most, Error *err); /* appends; more than most bytes are refused */

/* Both owned. The folder of "/etc/hub/hub.yaml" is "/etc/hub", of "hub.yaml" "."; beside NULL a path stays as it is. */
char *file_folder(const char *path);
char *file_beside(const char *folder, const char *path);

/* Why glob() failed in the folder of the pattern: what cannot be read now either a person must mend. */
ErrorKind file_glob_trouble(const char *pattern);
