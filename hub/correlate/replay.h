#pragma once

/*
 * The log again: from ods.record, as it was let in when it came, into a generation beside the live one. Partition by partition,
 * in the order of offsets; what was a duplicate or rejected then is so now. A replay that was cut off goes on where it stopped.
 */

#include "hub/correlate/unit.h"

typedef struct {
        const Rules *rules;
        const Zones *zones;
        const char *topic;
        int64_t page; /* most records of a transaction, up to 1000 */
        bool (*stopped)(void *context);
        void *stopped_context;
} ReplaySetup;

/* Reads each partition up to its live offset of now. *events counts what was read; false with ERR_NONE: stopped. */
bool replay_run(const ReplaySetup *setup, Store *store, int64_t *events, Error *err);
