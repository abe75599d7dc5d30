#pragma once

/*
 * Whom an instance listens for, behind listen_for(): each key with how long ago it spoke. Only time in which we listened counts: from one read of
 * the source to the next, where they are at most SILENCES_STEP_MS apart. A hub that was down, stopped or paused, a source or a
 * Kafka that was away is nobody's silence.
 *
 * FOLDER/heard holds the keys and who was told silent, so that a restart forgets neither; all times begin anew then. It is
 * there whole or not at all, is written before a silence is told, and else SILENCES_STORE_MS after a key came or spoke again: who
 * spoke first in the last seconds before a kill, and never again, is not missed. The SILENCES_MOST that spoke last are kept.
 */

#include "hub/base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { SILENCES_MOST = 65536, SILENCES_STEP_MS = 5000, SILENCES_STORE_MS = 5000 };

typedef struct Silences Silences;

typedef struct {
        const char *key; /* borrowed until the next call */
        int64_t silent_ms;
        bool is_back;
} SilenceTold;

Silences *silences_open(const char *folder, Error *err); /* NULL folder: kept in memory alone, and cannot fail */
void silences_heard(Silences *silences, const char *key, int64_t ms);  /* ms 0: it is not listened for any more */
void silences_listen(Silences *silences, int64_t now, bool listening); /* the source was read; now is monotonic */
bool silences_next(Silences *silences, SilenceTold *told); /* what is to be told next, once; false: nothing */
bool silences_store(Silences *silences, int64_t now, bool at_once, Error *err); /* when due. ERR_RETRY: a full disk */
void silences_close(Silences *silences);
