#pragma once

/*
 * The outbox as the relay needs it: all of the relay's SQL. The session advisory lock is taken on the very connection
 * that numbers and marks, so that a relay that lost its connection can do neither.
 */

#include "hub/db/db.h"

enum { OUTBOX_BATCH_MOST = 1000 };

bool outbox_claim(Db *db, bool *taken, Error *err); /* false in *taken: another relay is at work */

/* Numbers what has no number, in the order of its identity, and moves ops.feed_head with it: one statement, one
 * transaction. */
bool outbox_number(Db *db, int64_t *numbered, Error *err);

/* Up to OUTBOX_BATCH_MOST numbered rows that are not marked, by feed. Read them with outbox_row(). */
bool outbox_waiting(Db *db, DbResult **rows, Error *err);

typedef struct {
        const char *seq, *zone, *incident, *version, *feed, *payload, *at; /* borrowed from the rows */
        size_t payload_size;
} OutboxRow;

OutboxRow outbox_row(const DbResult *rows, size_t index);

typedef struct {
        int64_t unpublished;  /* rows without a mark */
        int64_t feed;         /* the highest number given */
        int64_t default_rows; /* of ods.record_default, at most 1000 */
        int64_t audit_s;      /* since the last hub audit; -1: never */
        int64_t audit_holes;  /* that it found, with the hours that did not balance */
        int64_t refresh_s;    /* since the indicators were brought up to date; -1: never */
} OutboxFigures;

bool outbox_figures(Db *db, OutboxFigures *figures, Error *err); /* for whoever watches */

/* What platforms do otherwise than they used to: platform, habit, 2 red, 1 yellow, 0 neither. */
bool outbox_lights(Db *db, DbResult **rows, Error *err);

/* Marks the first `size` of the rows as published, wall time now. */
bool outbox_mark(Db *db, const DbResult *rows, size_t size, Error *err);
bool outbox_clean(Db *db, int64_t *removed,
                  Error *err); /* what was published more than 30 days ago, a part of it at a time */
