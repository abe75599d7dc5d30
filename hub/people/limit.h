#pragma once

/*
 * How often something may happen to a name: `most` times in a window of `window_ms`, which begins with its first. Of a fixed number of
 * places, found by a hash that nobody outside can foresee: who shares one with another is stopped a little earlier, and no number of
 * names takes more memory. From any thread.
 */

#include <stdbool.h>
#include <stdint.h>

typedef struct Limit Limit;

Limit *limit_new(int64_t most, int64_t window_ms); /* most 0: no limit */
void limit_free(Limit *limit);
int64_t limit_take(Limit *limit, const char *name); /* 0: it may, and is counted; else so many ms must pass */
void limit_return(Limit *limit, const char *name);  /* that one did not count */
void limit_clear(Limit *limit, const char *name);   /* nor all before */
