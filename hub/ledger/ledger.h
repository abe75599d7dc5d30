#pragma once

/*
 * The ledger (messages.md section 4): what instances say in their ticks against what lies in ods.record. Read in one
 * snapshot, after the end of every partition was asked of Kafka, so that a running system balances too:
 *
 *   hole        a seq at or below the highest `acked` of its run that no row has
 *   inequality  of a run and hour: items = published + rejected + ignored; what a tick says is published (rejected)
 * lies between what is at or below its `acked` and what is below its own seq, and is exactly what is there once the run
 * has ended in order offset      below next_offset and without a row
 *
 * None is called while a partition is behind the end that it had: then the verdict is pending.
 */

#include "hub/base/buffer.h"
#include "hub/config/config.h"

typedef struct {
        const char *
                since; /* set before: NULL the whole log, "last" what came since the last look that balanced, or a time; borrowed */
        size_t pending; /* partitions that are behind */
        size_t holes, inequalities, offsets;
        size_t runs, hours; /* that were balanced */
        Buffer lines;       /* a line for each trouble, up to a hundred of a kind */
} Ledger;

/* One look. Partitions that pass within wait_ms are waited for. */
bool ledger_read(Ledger *ledger, const Config *config, Db *db, int64_t wait_ms, Error *err);
/* A look of the whole or of the last that balanced is where the next "last" begins; events is the topic's name. */
bool ledger_remember(const Ledger *ledger, Db *db, const char *events, Error *err);
bool ledger_balances(const Ledger *ledger); /* nothing pending, no trouble */
void ledger_free(Ledger *ledger);

/* The platform of an instance by the configuration, NULL when it is not there (any more). */
const char *ledger_platform(const Config *config, const char *instance);
