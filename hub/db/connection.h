#pragma once

/* Private to hub/db: what a Db and a DbResult are, and how libpq's answers become errors. */

#include "hub/db/db.h"

#include <libpq-fe.h>

struct Db {
        PGconn *connection;
        int64_t statement_timeout_ms; /* that the server keeps; 0: none */
};

struct DbResult {
        PGresult *rows;
};

/* As PQexec(), PQexecParams() and PQgetResult(), but none waits for ever where statements may not. */
PGresult *result_of(Db *db, const char *sql);
PGresult *result_of_query(Db *db, const char *sql, const char *const *values, size_t values_size);
PGresult *result_await(Db *db);

void result_clear(PGresult **rows);                                /* for CLEANUP */
bool result_check(const Db *db, const PGresult *rows, Error *err); /* true when the statement went well */
bool connection_error(const Db *db, ErrorKind kind, Error *err);   /* what libpq says of the connection, in one line */
