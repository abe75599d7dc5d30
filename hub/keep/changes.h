#pragma once

/*
 * The last state of each subject, behind emit_change(): what an instance said before, so that it need not say it again.
 *
 * In FOLDER/changes each line is 40 bytes: a digest of the subject, one of the state (zeros: forgotten), a check. Lines are
 * added and synced before the records that they come from are acknowledged: a state that is older than what was
 * acknowledged would hold back a change back to it. What was not acknowledged is read again, and at worst said twice. The
 * CHANGES_MOST subjects that spoke last are kept. A last line that a power cut tore counts for nothing.
 */

#include "hub/base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { CHANGES_MOST = 65536 };

typedef struct Changes Changes;

Changes *changes_open(const char *folder, Error *err); /* NULL folder: kept in memory alone, and cannot fail */
void changes_begin(Changes *changes, uint64_t token);  /* of the record that what follows comes from */
bool changes_same(Changes *changes, const char *subject, const char *state); /* it is what was said last */
bool changes_known(const Changes *changes, const char *subject);             /* a state of it was said */
void changes_note(Changes *changes, const char *subject, const char *state); /* it was said; NULL: without a state */
void changes_settled(Changes *changes, uint64_t token); /* that record is in Kafka, and all before it */
bool changes_store(Changes *changes, Error *err); /* of settled ones; before acknowledging. ERR_RETRY: a full disk */
size_t changes_size(const Changes *changes);
void changes_close(Changes *changes);
