#pragma once

/*
 * hub conform: an adapter tried on what its platform might send one day. Each fixture's inputs are cut, changed, blanked, wrapped,
 * encoded anew, repeated and blown up, and what comes out is judged by rules that hold for every dialect (tally.h names them);
 * expected values are not looked at: that is tests/fixtures/run's.
 *
 * The trials run in children: one that dies or stands still is a breach of the rule `alive`, and the rest is tried.
 */

#include "hub/conform/tally.h"
#include "hub/tool/tool.h"

typedef struct {
        const Adapter *adapter;
        const char *folder; /* of its fixtures */
        const char *only;   /* one fixture; NULL: all */
        const char *keep;   /* folder for the first record that breaks each rule; NULL: none */
} ConformSetup;

/* ERR_INPUT: no fixture, or one that cannot be read. */
bool conform_run(const ConformSetup *setup, Tally *tally, Error *err);

/*
 * The members of the canonical event that this adapter fills, each with the platform's members that it follows (found by changing
 * them) and the fixture that shows it, as a table in Markdown. *missing: how many members of the adapter's tables no fixture shows.
 */
bool conform_mapping(const ConformSetup *setup, Buffer *out, size_t *missing, Error *err);
