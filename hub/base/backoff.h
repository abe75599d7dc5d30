#pragma once

/* Jittered exponential back-off (full jitter): each wait is random between half and all of a step that doubles up to most. */

#include <stdint.h>

typedef struct {
        int64_t least_ms, most_ms, step_ms; /* step_ms 0: fresh */
} Backoff;

int64_t backoff_next(Backoff *backoff); /* milliseconds to wait now */
void backoff_reset(Backoff *backoff);   /* after success */
