#pragma once

/*
 * Where to read on after a restart: {"position": TEXT, "seen": [ID, ...]} in FOLDER/checkpoint.json, for sources that
 * keep no acknowledgements of their own. Replaced in one step: after a kill or a power cut there is the old one or the
 * new one.
 */

#include "hub/base/error.h"

#include <jansson.h>

typedef struct {
        char *position; /* NULL: the first start */
        json_t *seen;   /* array of event ids, or NULL */
} Checkpoint;

bool checkpoint_load(Checkpoint *checkpoint, const char *folder, Error *err); /* unreadable: ERR_FATAL */
bool checkpoint_store(const char *folder, const char *position, const json_t *seen,
                      Error *err);            /* ERR_RETRY, e.g. a full disk */
void checkpoint_free(Checkpoint *checkpoint); /* also for CLEANUP */
