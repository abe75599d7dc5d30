#pragma once

/*
 * What we ask of a table or query that somebody else owns. Its text stands in brackets, once described, and everything else is
 * put around it: the key's bounds and order, texts in place of what has no one text form. Values are parameters. Nothing is
 * written: the session is read only.
 */

#include "hub/source/postgres/postgres_options.h"

#include <stdint.h>

/* The name of what stands in brackets: nobody's column is called so. */
#define ROW "hub_row"

typedef struct {
        char *from;      /* the owner's words, in brackets, with that name */
        char *time, *id; /* the key's columns, qualified */
        char *time_type, *id_type;
        char *start;   /* rows before are not ours; a text of the time's type */
        char *columns; /* the row's, as texts */
        char **names;  /* of them */
        size_t size;
        int parameters; /* of the owner's query: 0 to 2 */
} Described;

/* The row's own columns come first; then these. */
typedef enum { ROW_TIME, ROW_ID, ROW_DIGEST, ROW_AHEAD, ROW_EXTRA } RowExtra;

typedef struct {
        const char *after_time, *after_id; /* id NULL: from that time on */
        const char *until, *cursor;        /* ROW_AHEAD: the row's time is behind cursor */
        int64_t most;
        bool keys_only; /* nothing but the key is looked at; the digest is of its time */
} PageAsk;

/* postgres_describe.c: a session as we need it, on a server of any version. */
Db *query_open(const PostgresOptions *options, const char *name, Error *err);

/* ERR_FATAL: no such table, no such column, a key that is no time ... */
bool query_describe(Db *db, const PostgresOptions *options, Described *described, Error *err);
void described_free(Described *described);
char *query_from(const char *query); /* owned: in brackets, with that name */
void name_quote(Buffer *out, const char *name, size_t size);

/* postgres_query.c. Times are texts of the key's own type, owned: where rows are old enough, and where the overlap before
 * cursor begins; and a time as RFC 3339 has it, in that form. */
bool query_horizon(Db *db, const PostgresOptions *options, const Described *of, const char *cursor, char **until,
                   char **from, Error *err);
bool query_time(Db *db, const Described *of, const char *text, char **time, Error *err);
bool query_page(Db *db, const Described *of, const PageAsk *ask, DbResult **rows, Error *err);
bool query_row(Db *db, const Described *of, const char *id, DbResult **rows, Error *err); /* one or none */

/* All ids by their bytes, many at a time, in one snapshot that query_scan_end() ends. Columns: id, digest (NULL: unknown;
 * keys_only: all of them), whether a poll should have shown it, given where the polls are. */
bool query_scan(Db *db, const PostgresOptions *options, const Described *of, const char *cursor, bool keys_only,
                Error *err);
bool query_scan_next(Db *db, DbResult **rows, Error *err);
void query_scan_end(Db *db);

uint64_t query_digest(const char *text); /* of a digest column; 0: NULL, and never KNOWN_UNSURE */
