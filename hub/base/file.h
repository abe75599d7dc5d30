#pragma once

/* Whole files. Errors are ERR_FATAL and name the path: files are configuration or state. */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

bool file_read(Buffer *out, const char *path, size_t most, Error *err); /* appends; more than most bytes are refused */

/* Both owned. The folder of "/etc/hub/hub.yaml" is "/etc/hub", of "hub.yaml" "."; beside NULL a path stays as it is. */
char *file_folder(const char *path);
char *file_beside(const char *folder, const char *path);
