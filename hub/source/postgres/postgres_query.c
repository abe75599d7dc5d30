#include "hub/source/postgres/postgres_query.h"

#include "hub/base/memory.h"
#include "hub/source/postgres/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_ROOM = 24, SCAN_ROWS = 2000 };

static bool texts_take(Db *db, const char *sql, const char *const *values, size_t size, char **first, char **second,
                       Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result, sql, values, size, err))
                return false;
        *first = text_copy(db_text(result, 0, 0));
        if (second)
                *second = text_copy(db_text(result, 0, 1));
        return true;
}

/* A clock that went back is followed: its new rows are stamped there. */
bool query_horizon(Db *db, const PostgresOptions *options, const Described *of, const char *cursor, char **until,
                   char **from, Error *err)
{
        CLEANUP(mem_drop) char *lag = text_format("%lld milliseconds", (long long)options->lag_ms);
        CLEANUP(mem_drop) char *overlap = text_format("%lld milliseconds", (long long)options->overlap_ms);
        CLEANUP(mem_drop)
        char *sql =
                text_format("SELECT (now() - $2::interval)::%s::text,"
                            " greatest((least($1::%s, (now() - $2::interval)::%s) - $3::interval)::%s, $4::%s)::text",
                            of->time_type, of->time_type, of->time_type, of->time_type, of->time_type);
        const char *const values[] = { cursor, lag, overlap, of->start };

        return texts_take(db, sql, values, 4, until, from, err);
}

bool query_time(Db *db, const Described *of, const char *text, char **time, Error *err)
{
        CLEANUP(mem_drop) char *sql = text_format("SELECT $1::timestamptz::%s::text", of->time_type);

        return texts_take(db, sql, &text, 1, time, NULL, err);
}

/* $1 and $2 are what the owner's words may use; so each statement has them, whatever it asks. */
bool query_page(Db *db, const Described *of, const PageAsk *ask, DbResult **rows, Error *err)
{
        CLEANUP(mem_drop)
        char *behind =
                ask->after_id ? text_format("(%s, %s) > ($1::%s, $2::%s)", of->time, of->id, of->time_type, of->id_type)
                              : text_format("$2::%s IS NULL", of->id_type);
        CLEANUP(mem_drop) char *digested = ask->keys_only ? text_format("%s::text", of->time) : text_copy(ROW "::text");
        CLEANUP(mem_drop)
        char *sql = text_format(
                "SELECT %s%s::text, %s::text, left(md5(%s), 16), %s > $4::%s FROM %s"
                " WHERE %s >= $1::%s AND %s AND %s <= $3::%s AND %s IS NOT NULL ORDER BY %s, %s LIMIT $5::bigint",
                ask->keys_only ? "" : of->columns, of->time, of->id, digested, of->time, of->time_type, of->from,
                of->time, of->time_type, behind, of->time, of->time_type, of->id, of->time, of->id);
        char most[NUMBER_ROOM];
        const char *const values[] = { ask->after_time, ask->after_id, ask->until, ask->cursor, most };

        snprintf(most, sizeof(most), "%lld", (long long)ask->most);
        return db_query(db, rows, sql, values, 5, err);
}

bool query_row(Db *db, const Described *of, const char *id, DbResult **rows, Error *err)
{
        CLEANUP(mem_drop)
        char *sql =
                text_format("SELECT %s%s::text, %s::text, left(md5(" ROW "::text), 16), false FROM %s"
                            " WHERE %s = $3::%s AND $1::%s IS NOT NULL AND $2::%s IS NULL LIMIT 1",
                            of->columns, of->time, of->id, of->from, of->id, of->id_type, of->time_type, of->id_type);
        const char *const values[] = { "-infinity", NULL, id };

        return db_query(db, rows, sql, values, 3, err);
}

/* ---- scan ---- */

/* What is stamped ahead of the clock is shown by no poll; what lies between the polls' place and now will be. */
static char *scan_sql(const Described *of, bool keys_only)
{
        return text_format("DECLARE hub_scan NO SCROLL CURSOR FOR SELECT %s::text, %s, %s IS NULL OR"
                           " (%s >= $4::%s AND (%s <= $3::%s OR %s > now()::%s)) FROM %s"
                           " WHERE %s IS NOT NULL AND $1::%s IS NOT NULL AND $2::%s IS NULL"
                           " ORDER BY %s::text COLLATE \"C\"",
                           of->id, keys_only ? "NULL" : "left(md5(" ROW "::text), 16)", of->time, of->time,
                           of->time_type, of->time, of->time_type, of->time, of->time_type, of->from, of->id,
                           of->time_type, of->id_type, of->id);
}

static char *ids_sql(const PostgresOptions *options)
{
        CLEANUP(mem_drop) char *from = query_from(options->ids);
        CLEANUP(buffer_free) Buffer id = { 0 };

        name_quote(&id, options->key.items[1], strlen(options->key.items[1]));
        return text_format("DECLARE hub_scan NO SCROLL CURSOR FOR SELECT " ROW ".%s::text, NULL, false FROM %s"
                           " WHERE " ROW ".%s IS NOT NULL AND"
                           " coalesce($1::text, $2::text, $3::text, $4::text) IS NOT NULL"
                           " ORDER BY " ROW ".%s::text COLLATE \"C\"",
                           id.bytes, from, id.bytes, id.bytes);
}

bool query_scan(Db *db, const PostgresOptions *options, const Described *of, const char *cursor, bool keys_only,
                Error *err)
{
        CLEANUP(mem_drop) char *sql = options->ids ? ids_sql(options) : scan_sql(of, keys_only);
        const char *const values[] = { "-infinity", NULL, cursor, of->start };

        return db_begin(db, "REPEATABLE READ READ ONLY", err) && db_query(db, NULL, sql, values, 4, err);
}

bool query_scan_next(Db *db, DbResult **rows, Error *err)
{
        CLEANUP(mem_drop) char *sql = text_format("FETCH %d FROM hub_scan", SCAN_ROWS);

        return db_query(db, rows, sql, NULL, 0, err);
}

void query_scan_end(Db *db)
{
        db_rollback(db);
}

uint64_t query_digest(const char *text)
{
        uint64_t digest = text ? strtoull(text, NULL, 16) : 0;

        return text && digest <= KNOWN_UNREAD ? KNOWN_UNREAD : digest;
}
