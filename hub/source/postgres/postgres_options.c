#include "hub/source/postgres/postgres_options.h"

#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stddef.h>
#include <string.h>

#define AT(member) offsetof(PostgresOptions, member)

enum { SECOND = 1000, HOUR = 3600 * SECOND };

const Option postgres_options[POSTGRES_OPTIONS] = {
        { "url", OPTION_TEXT, AT(db.url), .flags = OPTION_REQUIRED,
          .about =
                  "postgresql://user@host:port/name without password; TLS with ?sslmode=verify-full&sslrootcert=FILE" },
        { "password_file", OPTION_PATH, AT(db.password_file), .about = "the password, one line" },
        { "connect_timeout", OPTION_DURATION, AT(db.connect_timeout_ms), .value = "10s", .least = SECOND, .most = HOUR,
          .about = "to connect" },
        { "statement_timeout", OPTION_DURATION, AT(db.statement_timeout_ms), .value = "30s", .least = 100, .most = HOUR,
          .about = "for a page, and for the first ids of a scan" },
        { "table", OPTION_TEXT, AT(table), .about = "name of a table or view, also SCHEMA.NAME; or query" },
        { "columns", OPTION_LIST, AT(columns),
          .about = "of the table; default all. What is personal and not needed, "
                   "leave out" },
        { "query", OPTION_TEXT, AT(query),
          .about = "a SELECT in place of a table; may use $1, $2, the key of the row before, NULL at first" },
        { "key", OPTION_LIST, AT(key), .value = "updated_at,id",
          .about = "two columns: when the row was changed (a timestamp or a date), and its id, of which none comes "
                   "twice" },
        { "ids", OPTION_TEXT, AT(ids),
          .about = "a SELECT of all ids, under the name of the key's, for the scan; default the table or query" },
        { "channel", OPTION_TEXT, AT(channel),
          .about = "what its rows are called; default the table, else the instance" },
        { "start", OPTION_TEXT, AT(start), .value = "-infinity",
          .about = "rows changed since this time, where there is no position; default all" },
        { "zone", OPTION_TEXT, AT(zone), .value = "Asia/Shanghai", .about = "of times that bear none" },
        { "lag", OPTION_DURATION, AT(lag_ms), .value = "60s", .least = 0, .most = INT64_C(24) * HOUR,
          .about = "rows younger than this wait, by the database's clock: transactions that began before may still "
                   "come" },
        { "overlap", OPTION_DURATION, AT(overlap_ms), .value = "10min", .least = 0, .most = INT64_C(30) * 24 * HOUR,
          .about = "looked at again before the last time: what was committed later still" },
        { "every", OPTION_DURATION, AT(every_ms), .value = "30s", .least = 10, .most = INT64_C(24) * HOUR,
          .about = "from one look to the next" },
        { "scan", OPTION_DURATION, AT(scan_ms), .value = "24h", .least = 0, .most = INT64_C(366) * 24 * HOUR,
          .about = "how often all ids are compared with those we know: what is gone, and what was missed; 0s: never" },
        { "page", OPTION_INTEGER, AT(page), .value = "500", .least = 1, .most = 100000,
          .about = "rows held at a time" },
};

int postgres_parameters(const char *query)
{
        return strstr(query, "$2") ? 2 : strstr(query, "$1") ? 1 : 0;
}

static bool start_check(const char *start, Error *err)
{
        Error why = { 0 };
        int64_t ms;

        return text_same(start, "-infinity") || time_read(start, &ms, NULL, &why) ||
               error_set(err, ERR_FATAL, NULL, "start: \"%.40s\" is no time", start);
}

/* A query that looks behind its key does not list what is there. */
bool postgres_check(const void *options, Error *err)
{
        const PostgresOptions *of = options;

        if (!of->table == !of->query)
                return error_set(err, ERR_FATAL, NULL, "one of table and query is needed");
        if (of->query && of->columns.size)
                return error_set(err, ERR_FATAL, NULL, "columns belong to a table: a query names its own");
        if (of->key.size != 2 || text_same(of->key.items[0], of->key.items[1]))
                return error_set(err, ERR_FATAL, NULL, "key: two columns: the time of the change, and the id");
        if (of->query && postgres_parameters(of->query) && of->scan_ms && !of->ids)
                return error_set(err, ERR_FATAL, NULL,
                                 "ids: a SELECT of all ids is needed where the query looks behind $1; or scan: 0s");
        return db_url_check(of->db.url, err) && start_check(of->start, err);
}
