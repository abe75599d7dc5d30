#pragma once

/*
 * The end of a record's way: when each of its messages is delivered, and those of all records before it, it is
 * acknowledged to its source, in read order; a source without acknowledgements of its own gets its position into the
 * checkpoint after the same point, with the event ids that its overlap may bring again.
 *
 * What was said of each subject (hub/pipe/changes.h) is on disk before that. A peer that waits is answered in between:
 * what it is told is an acknowledgement, too.
 */

#include "hub/base/buffer.h"
#include "hub/keep/changes.h"
#include "hub/pipe/crash.h"
#include "hub/pipe/inflight.h"
#include "hub/pipe/seen.h"
#include "hub/pipe/ticks.h"
#include "hub/source/source.h"

typedef struct {
        const char *folder;
        const SourceKind *kind;
        Source *source;
        Inflight *inflight;
        Ticks *ticks;
        Seen *seen;
        Crash *crash;
        Changes *changes;
        Buffer answers;                 /* of records in Kafka whose peers were not told yet; owned */
        uint64_t settled, acknowledged; /* tokens */
        char *position;                 /* in the checkpoint; owned: settle_close() */
        int64_t checkpoint_at;          /* monotonic: not before */
        int64_t checkpointed;           /* monotonic: when it was last stored; 0: never */
} Settle;

/* Checkpoints come a few a second at most; `now`: at once. False: what the source says a person must mend. */
bool settle_all(Settle *settle, bool now, Error *err);
void settle_close(Settle *settle); /* position and answers */
