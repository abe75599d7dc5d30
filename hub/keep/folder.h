#pragma once

/* The state folder of an instance: made when absent, and files that are there whole or not at all. */

#include "hub/base/error.h"

bool folder_make(const char *path, Error *err); /* with its parents, 0700; existing is fine. ERR_FATAL */

/*
 * Replaces FOLDER/NAME in one step (new file, fdatasync, rename, fsync of the folder): after a kill or a power cut
 * there is the old one or the new one, never half of one. ERR_RETRY, e.g. a full disk; the old one stands.
 */
bool folder_store(const char *folder, const char *name, const char *bytes, size_t size, Error *err);

/* Removes the new files that a kill left without their names. For the one who writes there. */
void folder_tidy(const char *folder);
