#pragma once

/* Private to hub/db: what a Db and a DbResult are, and how libpq's answers become errors. */

#include "hub/db/db.h"

#include <libpq-fe.h>

struct Db {
        PGconn *connection;
};

struct DbResult {
        PGresult *rows;
};

void result_clear(PGresult **rows);                                /* for CLEANUP */
bool result_check(const Db *db, const PGresult *rows, Error *err); /* true when the statement went well */
bool connection_error(const Db *db, ErrorKind kind, Error *err);   /* what libpq says of the connection, in one line */
