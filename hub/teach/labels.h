#pragma once

/*
 * What operators said, as labels, and the log that they spoke of, out of PostgreSQL. A report is labelled when a merge, split,
 * apart or confirm that holds (done, not undone) concerned its incident: it belongs where it stands in the live generation, for
 * operators win for ever. The log comes without those commands, so that rules are asked and not told.
 */

#include "hub/db/db.h"
#include "hub/learn/learn.h"

typedef struct {
        int64_t merges, splits, aparts, confirms; /* commands that hold */
        int64_t reports, incidents;               /* labelled */
} Labels;

/*
 * Fills lines and truth (subject -> incident, owned texts). since: canonical time, NULL: 92 days before the newest record.
 * ERR_INPUT: no command that holds labels anything.
 */
bool labels_load(Db *db, const char *topic, const char *since, Lesson *lesson, Map *truth, Labels *labels, Error *err);
