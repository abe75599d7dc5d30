#include "hub/db/connection.h"

#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <string.h>

enum { SEND_MOST = 1024 * 1024 };

static void field_start(DbCopy *copy)
{
        if (copy->started)
                buffer_byte(&copy->rows, '\t');
        copy->started = true;
}

/* The letter behind the backslash, or 0 for a byte that stands for itself (PostgreSQL 15, COPY, text format). */
static char escape_of(char byte)
{
        switch (byte) {
        case '\b':
                return 'b';
        case '\f':
                return 'f';
        case '\n':
                return 'n';
        case '\r':
                return 'r';
        case '\t':
                return 't';
        case '\v':
                return 'v';
        case '\\':
                return '\\';
        default:
                return 0;
        }
}

void db_copy_bytes(DbCopy *copy, const char *bytes, size_t size)
{
        size_t from = 0;

        field_start(copy);
        for (size_t i = 0; i < size; i++) {
                char escape = escape_of(bytes[i]);

                if (escape) {
                        buffer_add(&copy->rows, bytes + from, i - from);
                        buffer_byte(&copy->rows, '\\');
                        buffer_byte(&copy->rows, escape);
                        from = i + 1;
                }
        }
        buffer_add(&copy->rows, bytes + from, size - from);
}

static void null_put(DbCopy *copy)
{
        field_start(copy);
        buffer_text(&copy->rows, "\\N");
}

void db_copy_text(DbCopy *copy, const char *text)
{
        if (text)
                db_copy_bytes(copy, text, strlen(text));
        else
                null_put(copy);
}

void db_copy_binary(DbCopy *copy, const void *bytes, size_t size)
{
        static const char digits[] = "0123456789abcdef";
        const unsigned char *at = bytes;

        field_start(copy);
        buffer_text(&copy->rows, "\\\\x");
        buffer_room(&copy->rows, 2 * size);
        for (size_t i = 0; i < size; i++) {
                buffer_byte(&copy->rows, digits[at[i] >> 4]);
                buffer_byte(&copy->rows, digits[at[i] & 15]);
        }
}

void db_copy_integer(DbCopy *copy, int64_t value)
{
        field_start(copy);
        buffer_integer(&copy->rows, value);
}

void db_copy_flag(DbCopy *copy, bool value)
{
        db_copy_text(copy, value ? "t" : "f");
}

/* ISO 8601's year 0000 is 1 BC to PostgreSQL. */
void db_copy_time(DbCopy *copy, int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        if (ms == TIME_NONE) {
                null_put(copy);
                return;
        }
        time_text(ms, text);
        if (strncmp(text, "0000", 4) == 0) {
                text[3] = '1';
                db_copy_text(copy, text);
                buffer_text(&copy->rows, " BC");
        } else {
                db_copy_text(copy, text);
        }
}

void db_copy_row(DbCopy *copy)
{
        buffer_byte(&copy->rows, '\n');
        copy->started = false;
        copy->count++;
}

static void rows_send(Db *db, const Buffer *rows)
{
        for (size_t at = 0; at < rows->size; at += SEND_MOST) {
                size_t size = rows->size - at < SEND_MOST ? rows->size - at : SEND_MOST;

                if (PQputCopyData(db->connection, rows->bytes + at, (int)size) != 1)
                        return;
        }
        PQputCopyEnd(db->connection, NULL);
}

/* What was wrong with a row, or with the connection, is only said now. All answers are taken, the first trouble is
 * told. */
static bool verdict_await(Db *db, Error *err)
{
        bool good = true, answered = false;
        PGresult *answer;

        while ((answer = result_await(db))) {
                CLEANUP(result_clear) PGresult *rows = answer;
                Error later;

                answered = true;
                good = result_check(db, rows, good ? err : &later) && good;
                if (PQresultStatus(rows) == PGRES_COPY_IN)
                        return connection_error(db, ERR_RETRY, err);
        }
        return answered ? good : connection_error(db, ERR_RETRY, err);
}

static bool rows_copy(Db *db, const Buffer *rows, const char *statement, Error *err)
{
        CLEANUP(result_clear) PGresult *ready = result_of(db, statement);

        if (!result_check(db, ready, err))
                return false;
        if (PQresultStatus(ready) != PGRES_COPY_IN)
                return error_set(err, ERR_FATAL, NULL, "database: \"%s\" is no COPY FROM STDIN", statement);
        rows_send(db, rows);
        return verdict_await(db, err);
}

bool db_copy_end(Db *db, DbCopy *copy, const char *statement, Error *err)
{
        bool good = !copy->count || rows_copy(db, &copy->rows, statement, err);

        buffer_clear(&copy->rows);
        copy->started = false;
        copy->count = 0;
        return good;
}

void db_copy_free(DbCopy *copy)
{
        buffer_free(&copy->rows);
        *copy = (DbCopy){ 0 };
}
