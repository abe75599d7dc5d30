#pragma once

/*
 * Keys that log in once: a file in a folder of the state, named by the SHA-256 of its key, with the user's name and when it ends
 * (wall time, ms). Whoever removes the file has used it, so of two at once one is too late.
 */

#include "hub/base/error.h"
#include "hub/people/session.h"

enum { LINK_NAME_SIZE = 65, LINK_MS = 10 * 60 * 1000 };

/* The folder is made (0700) when it is not there. */
bool link_make(const char *folder, const char *name, int64_t lasts_ms, char key[TOKEN_SIZE], Error *err);
bool link_use(const char *folder, const char *key, char name[LINK_NAME_SIZE]); /* false: none such, used, too late */
