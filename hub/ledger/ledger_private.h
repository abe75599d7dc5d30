#pragma once

/* Private to the ledger: its SQL and its ends. */

#include "hub/ledger/ledger.h"

void ledger_line(Ledger *ledger, size_t *count, const char *line); /* counts; shows up to a hundred of a kind */
/* Fills the temporary table ledger_end (pass, topic, partition, high); a topic that was made anew is a trouble of its
 * own. */
bool ledger_ends_ask(Ledger *ledger, const Config *config, Db *db, Error *err);
bool ledger_pending(Ledger *ledger, Db *db, int64_t wait_ms, Error *err);

/* Fills ledger_run, ledger_part and ledger_from after `since`; behind ledger_ends_ask(). */
bool ledger_begin(const Ledger *ledger, Db *db, Error *err);

extern const char ledger_holes_sql[], ledger_sums_sql[], ledger_offsets_sql[];
