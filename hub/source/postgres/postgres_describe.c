/* How a session begins, and what the owner's words give: columns, types, the key's place among them. */

#include "hub/source/postgres/postgres_query.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* pg_type's numbers, the same in every PostgreSQL. */
enum { TYPE_BOOL = 16, TYPE_DATE = 1082, TYPE_TIMESTAMP = 1114, TYPE_TIMESTAMPTZ = 1184 };

enum { NUMBER_ROOM = 24 };

/* ---- session ---- */

/*
 * Bytes of a database that declares no character set are ours to read: the server would refuse the whole page for one of them.
 * Some servers are older than some settings.
 */
Db *query_open(const PostgresOptions *options, const char *name, Error *err)
{
        static const char sql[] =
                "SELECT set_config('TimeZone', $1, false), set_config('DateStyle', 'ISO, YMD', false),"
                " set_config('IntervalStyle', 'iso_8601', false), set_config('bytea_output', 'hex', false),"
                " set_config('statement_timeout', $2, false), set_config('default_transaction_read_only', 'on', false),"
                " set_config('client_encoding', CASE current_setting('server_encoding') WHEN 'SQL_ASCII' THEN "
                "'SQL_ASCII' ELSE 'UTF8' END, false),"
                " (SELECT set_config(name, '60s', false) FROM pg_settings"
                "  WHERE name = 'idle_in_transaction_session_timeout')";
        CLEANUP(db_drop) Db *db = db_connect(&options->db, name, err);
        char timeout[NUMBER_ROOM];
        const char *const values[] = { options->zone, timeout };
        Db *opened = db;

        snprintf(timeout, sizeof(timeout), "%lld", (long long)options->db.statement_timeout_ms);
        if (!db || !db_query(db, NULL, sql, values, 2, err))
                return NULL;
        db = NULL;
        return opened;
}

/* ---- description ---- */

void name_quote(Buffer *out, const char *name, size_t size)
{
        buffer_byte(out, '"');
        for (size_t i = 0; i < size; i++) {
                if (name[i] == '"')
                        buffer_byte(out, '"');
                buffer_byte(out, name[i]);
        }
        buffer_byte(out, '"');
}

/* SCHEMA.NAME, as it is written in the configuration: capitals count. */
static char *table_from(const PostgresOptions *options)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        const char *table = options->table, *dot = strchr(table, '.');

        buffer_text(&text, "(SELECT ");
        for (size_t i = 0; i < options->columns.size; i++) {
                buffer_text(&text, i ? ", " : "");
                name_quote(&text, options->columns.items[i], strlen(options->columns.items[i]));
        }
        buffer_text(&text, options->columns.size ? " FROM " : "* FROM ");
        if (dot) {
                name_quote(&text, table, (size_t)(dot - table));
                buffer_byte(&text, '.');
                table = dot + 1;
        }
        name_quote(&text, table, strlen(table));
        buffer_text(&text, ") AS " ROW);
        return text_copy(text.bytes);
}

/* A comment may be its last line, and many write the semicolon. */
char *query_from(const char *query)
{
        size_t size = strlen(query);

        while (size && strchr(" \t\r\n;", query[size - 1]))
                size--;
        return text_format("(%.*s\n) AS " ROW, (int)size, query);
}

/* Text forms that the wire has not: a boolean in words, and a time with the zone that was said. */
static void column_add(Buffer *out, const char *name, unsigned type)
{
        buffer_text(out, ROW ".");
        name_quote(out, name, strlen(name));
        buffer_text(out, type == TYPE_BOOL ? "::text, " : type == TYPE_TIMESTAMP ? "::timestamptz, " : ", ");
}

static bool types_name(Db *db, const unsigned types[2], Described *described, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        char numbers[2][NUMBER_ROOM];
        const char *const values[] = { numbers[0], numbers[1] };

        snprintf(numbers[0], NUMBER_ROOM, "%u", types[0]);
        snprintf(numbers[1], NUMBER_ROOM, "%u", types[1]);
        if (!db_query(db, &result, "SELECT format_type($1::oid, -1), format_type($2::oid, -1)", values, 2, err))
                return false;
        described->time_type = text_copy(db_text(result, 0, 0));
        described->id_type = text_copy(db_text(result, 0, 1));
        return true;
}

static bool column_find(const Described *described, const char *name, size_t *at, Error *err)
{
        for (*at = 0; *at < described->size; ++*at)
                if (text_same(described->names[*at], name))
                        return true;
        return error_set(err, ERR_FATAL, NULL, "key: there is no column %.80s", name);
}

static char *column_name(const char *name)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        buffer_text(&text, ROW ".");
        name_quote(&text, name, strlen(name));
        return text_copy(text.bytes);
}

static bool key_fill(Db *db, const PostgresOptions *options, const DbResult *result, Described *described, Error *err)
{
        unsigned types[2];
        size_t at = 0;

        for (size_t i = 0; i < 2; i++) {
                if (!column_find(described, options->key.items[i], &at, err))
                        return false;
                types[i] = db_type(result, at);
        }
        if (types[0] != TYPE_DATE && types[0] != TYPE_TIMESTAMP && types[0] != TYPE_TIMESTAMPTZ)
                return error_set(err, ERR_FATAL, NULL,
                                 "key: %.80s is neither a timestamp nor a date: a query can make it one",
                                 options->key.items[0]);
        described->time = column_name(options->key.items[0]);
        described->id = column_name(options->key.items[1]);
        return types_name(db, types, described, err);
}

static bool start_fill(Db *db, const PostgresOptions *options, Described *described, Error *err)
{
        char text[TIME_TEXT_SIZE];
        int64_t ms;

        if (text_same(options->start, "-infinity"))
                described->start = text_copy(options->start);
        return described->start || (time_read(options->start, &ms, NULL, err) &&
                                    query_time(db, described, time_text(ms, text), &described->start, err));
}

static bool columns_fill(const DbResult *result, Described *described, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        described->names = mem_new((db_columns(result) + 1) * sizeof(char *));
        for (size_t i = 0; i < db_columns(result); i++) {
                const char *name = db_name(result, i);

                for (size_t before = 0; before < i; before++)
                        if (text_same(described->names[before], name))
                                return error_set(err, ERR_FATAL, NULL, "two columns are called %.80s", name);
                described->names[described->size++] = text_copy(name);
                column_add(&text, name, db_type(result, i));
        }
        described->columns = text_copy(text.bytes ? text.bytes : "");
        return true;
}

bool query_describe(Db *db, const PostgresOptions *options, Described *described, Error *err)
{
        static const char *const nothing[] = { NULL, NULL };
        CLEANUP(db_result_drop) DbResult *result = NULL;
        CLEANUP(mem_drop) char *sql = NULL;

        *described = (Described){ .from = options->table ? table_from(options) : query_from(options->query),
                                  .parameters = options->table ? 0 : postgres_parameters(options->query) };
        sql = text_format("SELECT * FROM %s LIMIT 0", described->from);
        if (db_query(db, &result, sql, nothing, (size_t)described->parameters, err) &&
            columns_fill(result, described, err) && key_fill(db, options, result, described, err) &&
            start_fill(db, options, described, err))
                return true;
        described_free(described);
        return false;
}

void described_free(Described *described)
{
        for (size_t i = 0; i < described->size; i++)
                free(described->names[i]);
        free(described->names);
        free(described->from);
        free(described->time);
        free(described->id);
        free(described->time_type);
        free(described->id_type);
        free(described->start);
        free(described->columns);
        *described = (Described){ 0 };
}
