#pragma once

/*
 * PostgreSQL, thinly: the only folder that includes libpq. Parameters or COPY, never text built from values. One
 * connection an object, one thread at a time. ERR_RETRY: connection trouble or a transient SQLSTATE (08, 40001, 40P01,
 * 53, 55P03, 57014, 57P), after which the connection is to be dropped and opened again; ERR_INPUT: the row's fault (22,
 * 23), with the SQLSTATE in the text; ERR_FATAL: anything that a person must mend (42, 28, 3D ...). Messages never hold
 * the password.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/base/options.h"

#include <stdint.h>

/* The `postgres` section of the configuration. */
typedef struct {
        char *url;           /* postgresql://... or key=value form, without password */
        char *password_file; /* one line; NULL: none, or PGPASSFILE */
        int64_t connect_timeout_ms, statement_timeout_ms;
} DbOptions;

extern const Option db_options[];
extern const size_t db_options_size;

typedef struct Db Db;
typedef struct DbResult DbResult;

/* Session: TimeZone Asia/Shanghai, search_path as given ("" keeps the default), application_name = name. */
Db *db_open(const DbOptions *options, const char *name, const char *search_path, Error *err);

/* Somebody else's server, of whatever version: as it greets us, no setting of the session is touched. */
Db *db_connect(const DbOptions *options, const char *name, Error *err);
bool db_url_check(const char *url, Error *err); /* without network: ERR_FATAL, also for a password in it */
void db_close(Db *db);
void db_drop(Db **db); /* for CLEANUP */
bool db_alive(const Db *db);
int db_backend(const Db *db); /* process id of the server side, for tests and logs */

/* One statement with text parameters ($1 ...), NULL elements are SQL NULL. *result may be NULL when no rows are wanted.
 */
bool db_query(Db *db, DbResult **result, const char *sql, const char *const *values, size_t values_size, Error *err);
char *db_array(const char *const *items, size_t size,
               size_t step);                      /* a text[] of every step-th item, as a value; owned */
bool db_run(Db *db, const char *sql, Error *err); /* no parameters, no result; several statements allowed */
int64_t db_affected(const DbResult *result);      /* rows of INSERT, UPDATE, DELETE, SELECT */
size_t db_rows(const DbResult *result);
const char *db_text(const DbResult *result, size_t row, size_t column); /* NULL for SQL NULL; borrowed */
size_t db_size(const DbResult *result, size_t row, size_t column);
int64_t db_integer(const DbResult *result, size_t row, size_t column); /* 0 for NULL */
bool db_flag(const DbResult *result, size_t row, size_t column);
size_t db_columns(const DbResult *result);
const char *db_name(const DbResult *result, size_t column); /* borrowed */
unsigned db_type(const DbResult *result, size_t column);    /* its type's number in pg_type, of a domain the base's */
void db_result_free(DbResult *result);
void db_result_drop(DbResult **result); /* for CLEANUP */

bool db_begin(Db *db, const char *mode, Error *err); /* "READ COMMITTED", "REPEATABLE READ READ ONLY" */
bool db_commit(Db *db, Error *err); /* true only with the tag COMMIT: a failed transaction answers ROLLBACK */
void db_rollback(Db *db);           /* best effort; a broken connection is left to db_close */

/*
 * COPY ... FROM STDIN in text format. Fields are added in the order of the columns; each row is ended. Bytes are
 * escaped here. Nothing is sent before db_copy_end(), which sends all and waits for the server's verdict.
 */
typedef struct {
        Buffer rows;
        bool started; /* the current row has a field */
        size_t count; /* rows */
} DbCopy;

void db_copy_text(DbCopy *copy, const char *text);                 /* NULL is SQL NULL */
void db_copy_bytes(DbCopy *copy, const char *bytes, size_t size);  /* text that is not terminated */
void db_copy_binary(DbCopy *copy, const void *bytes, size_t size); /* bytea */
void db_copy_integer(DbCopy *copy, int64_t value);
void db_copy_flag(DbCopy *copy, bool value);
void db_copy_time(DbCopy *copy, int64_t ms); /* timestamptz; TIME_NONE is NULL */
void db_copy_row(DbCopy *copy);
bool db_copy_end(Db *db, DbCopy *copy, const char *statement, Error *err); /* "COPY t (a, b) FROM STDIN"; clears copy */
void db_copy_free(DbCopy *copy);

/* Session advisory locks: held by this connection until it ends. */
bool db_lock_try(Db *db, int32_t space, int32_t number, bool shared, bool *taken, Error *err);
bool db_unlock(Db *db, int32_t space, int32_t number, bool shared, Error *err);
