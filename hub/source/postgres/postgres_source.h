#pragma once

/* Inside of source postgres: its state, and what its files share. */

#include "hub/base/backoff.h"
#include "hub/base/buffer.h"
#include "hub/source/postgres/known.h"
#include "hub/source/postgres/postgres_query.h"
#include "hub/source/source.h"

typedef enum {
        TABLE_REST, /* until the next look, or until all is acknowledged */
        TABLE_PAGE, /* a page is to be asked for */
        TABLE_ROWS, /* its rows are handed over */
        TABLE_SCAN, /* all ids are compared */
        TABLE_TELL, /* what that found is handed over */
} Phase;

/* Handed out and not yet acknowledged. */
typedef struct {
        uint64_t token, digest;
        char *id;
        char *time; /* the polls are there, once it is acknowledged; NULL: it says nothing of that */
} Held;

struct Source {
        const PostgresOptions *options;
        const char *instance, *folder;
        char *channel;
        bool once, kept;        /* kept: position and known are ours to keep */
        const SourceSpan *span; /* NULL: from the cursor to now */
        uint64_t mark;          /* of what is asked: another query is another table */

        Db *db; /* NULL: no session */
        Described described;
        Backoff backoff;
        Error away;
        int64_t since_ms, away_ms; /* monotonic: since then; nothing is asked before */

        Phase phase;
        bool polled;     /* once, at least */
        int64_t next_ms; /* monotonic: the next look not before */
        char *cursor;    /* all before that time is acknowledged */
        char *until;     /* of this poll; becomes the cursor when all of it is acknowledged. NULL: it did */
        char *after_time, *after_id;
        DbResult *rows;
        size_t row;
        bool one_by_one; /* one of these rows cannot be read: they are keys, and each is asked for */

        Known *known;
        KnownEntry known_at;
        bool scanning; /* the snapshot is open */
        bool blind;    /* a row cannot be read: ids only, what changed is not seen */
        bool doubted;  /* the scan before missed so many that it was not believed */
        Buffer found;  /* of the scan: entries as in the file of known, digest 0: gone */
        size_t found_at, found_size, gone, scanned_rows;
        bool told;          /* all that was found is handed over, and waits for acknowledgement */
        int64_t scanned_ms; /* wall, when a scan was acknowledged; TIME_NONE: never */

        uint64_t token;
        Held *held; /* in read order, from held_at on */
        size_t held_at, held_size, held_room;
        int64_t keep_ms; /* monotonic: not before, while more is on its way */
        bool unkept;     /* position or known moved since they were kept */
        Buffer position;
        Buffer value, place, key;
};

/* postgres_row.c: fills the record, and holds it until it is acknowledged. */
typedef struct {
        const char *id, *time; /* time NULL: SQL's NULL */
        uint64_t digest;
        bool moves; /* once it is acknowledged, the polls are at its time */
} RowKey;
RowKey row_key(const DbResult *rows, size_t row);
void row_fill(Source *source, const DbResult *rows, size_t row, const RowKey *key, SourceRecord *record);
void row_gone(Source *source, const char *id, uint64_t digest, SourceRecord *record); /* digest: as it was */

/* Reads one row by its id, and fills the record with it, or with why it cannot be read. False without an error: it is gone,
 * or known as it is. */
bool row_ask(Source *source, const RowKey *key, SourceRecord *record, Error *err);

/* postgres_poll.c. False from poll_row() without an error: it is passed over. */
bool session_need(Source *source, Error *err);
bool poll_begin(Source *source, Error *err);
bool poll_page(Source *source, Error *err);
bool poll_row(Source *source, SourceRecord *record, Error *err);

/* postgres_scan.c */
bool scan_begin(Source *source, Error *err);
bool scan_step(Source *source, bool *over, Error *err);
bool scan_whole(const Source *source);                                        /* all that it found could be held */
bool scan_tell(Source *source, SourceRecord *record, bool *over, Error *err); /* false and not over: an error */

/* postgres_place.c: where we are, across restarts */
bool place_restore(Source *source, const char *checkpoint, Error *err);
bool place_keep(Source *source, Error *err);
bool place_acknowledge(Source *source, uint64_t token, Error *err);
bool place_foresee(Source *source, Error *err);     /* the page's ids are known before one of its rows is handed over */
void place_hold(Source *source, const RowKey *key); /* under a new token */
bool place_free(const Source *source);              /* nothing is on its way */
