#pragma once

/*
 * A paused instance reads nothing, whatever process of it starts or ends meanwhile, until it is resumed: FOLDER/paused
 * stands for it, one line of JSON that says since when, by whom and why. What is on its way is still delivered and
 * acknowledged. What becomes of what the peer sends meanwhile is the source's to say (SourceKind.when_paused).
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <stdint.h>

typedef struct {
        const char *folder; /* state of the instance */
        int64_t look_at;    /* monotonic: not before */
        bool paused;
} Pause;

bool pause_now(Pause *pause); /* looks twice a second */

bool pause_begin(const char *folder, const char *by, const char *note,
                 Error *err); /* one that stands is left as it is */
bool pause_end(const char *folder, bool *was_paused, Error *err);
bool pause_read(const char *folder, Buffer *text); /* whether it stands; then its line, without the end */
