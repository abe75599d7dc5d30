#pragma once

/*
 * Bytes that are a file's, mapped: what was read may leave memory, and comes back from the file when it is read again. So a
 * document of 100 MB is read in the memory of a few of them.
 */

#include <stddef.h>

enum { PAGES_STEP = 4 * 1024 * 1024 }; /* a good distance between two calls */

/* From `from` to `to` is read; only what lies within the first `paged` bytes is a file's: the rest, or with 0 all, stays. */
void pages_pass(const char *bytes, size_t paged, size_t from, size_t to);
