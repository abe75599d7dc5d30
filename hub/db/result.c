#include "hub/db/connection.h"

#include <stdlib.h>
#include <string.h>

void result_clear(PGresult **rows)
{
        PQclear(*rows);
}

bool connection_error(const Db *db, ErrorKind kind, Error *err)
{
        const char *text = PQerrorMessage(db->connection);
        size_t size = strcspn(text, "\n");

        return error_set(err, kind, NULL, "database: %.*s", (int)size, size ? text : "no answer");
}

/* SQLSTATE classes and codes, PostgreSQL 15, appendix A. */
static ErrorKind kind_of(const char *state)
{
        static const char *const retries[] = { "08", "40001", "40P01", "53", "57P", "57014", "55P03" };
        static const char *const inputs[] = { "22", "23" };

        for (size_t i = 0; i < sizeof(retries) / sizeof(retries[0]); i++)
                if (strncmp(state, retries[i], strlen(retries[i])) == 0)
                        return ERR_RETRY;
        for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
                if (strncmp(state, inputs[i], strlen(inputs[i])) == 0)
                        return ERR_INPUT;
        return ERR_FATAL;
}

/* The primary message only: details quote whole rows. */
bool result_check(const Db *db, const PGresult *rows, Error *err)
{
        const char *state = PQresultErrorField(rows, PG_DIAG_SQLSTATE);
        const char *text = PQresultErrorField(rows, PG_DIAG_MESSAGE_PRIMARY);
        const char *constraint = PQresultErrorField(rows, PG_DIAG_CONSTRAINT_NAME);

        switch (PQresultStatus(rows)) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_COPY_IN:
        case PGRES_EMPTY_QUERY:
                return true;
        case PGRES_COPY_OUT:
        case PGRES_COPY_BOTH:
        case PGRES_BAD_RESPONSE:
        case PGRES_NONFATAL_ERROR:
        case PGRES_FATAL_ERROR:
        case PGRES_SINGLE_TUPLE:
        case PGRES_PIPELINE_SYNC:
        case PGRES_PIPELINE_ABORTED:
                break;
        }
        if (!db_alive(db) || !state)
                return connection_error(db, ERR_RETRY, err);
        return error_set(err, kind_of(state), NULL, "database: %s (%s%s%s)", text ? text : "failed", state,
                         constraint ? ", constraint " : "", constraint ? constraint : "");
}

int64_t db_affected(const DbResult *result)
{
        return strtoll(PQcmdTuples(result->rows), NULL, 10);
}

size_t db_rows(const DbResult *result)
{
        return (size_t)PQntuples(result->rows);
}

const char *db_text(const DbResult *result, size_t row, size_t column)
{
        if (PQgetisnull(result->rows, (int)row, (int)column))
                return NULL;
        return PQgetvalue(result->rows, (int)row, (int)column);
}

size_t db_size(const DbResult *result, size_t row, size_t column)
{
        return (size_t)PQgetlength(result->rows, (int)row, (int)column);
}

int64_t db_integer(const DbResult *result, size_t row, size_t column)
{
        const char *text = db_text(result, row, column);

        return text ? strtoll(text, NULL, 10) : 0;
}

bool db_flag(const DbResult *result, size_t row, size_t column)
{
        const char *text = db_text(result, row, column);

        return text && text[0] == 't';
}

size_t db_columns(const DbResult *result)
{
        return (size_t)PQnfields(result->rows);
}

const char *db_name(const DbResult *result, size_t column)
{
        return PQfname(result->rows, (int)column);
}

unsigned db_type(const DbResult *result, size_t column)
{
        return PQftype(result->rows, (int)column);
}

void db_result_free(DbResult *result)
{
        if (!result)
                return;
        PQclear(result->rows);
        free(result);
}

void db_result_drop(DbResult **result)
{
        db_result_free(*result);
        *result = NULL;
}
