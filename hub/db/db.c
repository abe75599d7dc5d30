#include "hub/db/connection.h"

#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSWORD_MOST = 4096, NUMBER_ROOM = 24 };

static void secret_drop(Buffer *secret)
{
        if (secret->bytes)
                explicit_bzero(secret->bytes, secret->room);
        buffer_free(secret);
}

static void settings_drop(PQconninfoOption **settings)
{
        PQconninfoFree(*settings);
}

static void text_drop(char **text)
{
        if (*text)
                PQfreemem(*text);
}

/* libpq quotes what it cannot read: with a password among it that must not be shown. */
static bool url_refuse(const char *url, const char *detail, Error *err)
{
        bool secret = strchr(url, '@') || strstr(url, "password");

        return error_set(err, ERR_FATAL, NULL, "url is no address of a database%s%s", secret || !detail ? "" : ": ",
                         secret || !detail ? "" : detail);
}

bool db_url_check(const char *url, Error *err)
{
        CLEANUP(text_drop) char *detail = NULL;
        CLEANUP(settings_drop) PQconninfoOption *settings = PQconninfoParse(url, &detail);

        if (!settings)
                return url_refuse(url, detail, err);
        for (const PQconninfoOption *setting = settings; setting->keyword; setting++)
                if (strcmp(setting->keyword, "password") == 0 && setting->val)
                        return error_set(err, ERR_FATAL, NULL, "url holds a password: it belongs in password_file");
        return true;
}

static bool password_read(const DbOptions *options, Buffer *password, Error *err)
{
        if (!options->password_file)
                return true;
        if (!file_read(password, options->password_file, PASSWORD_MOST, err))
                return error_add(err, "password_file");
        password->bytes[strcspn(password->bytes, "\r\n")] = '\0';
        return true;
}

/* Notices are for the person who runs psql, not for us. */
static void notice_log(void *context, const char *text)
{
        (void)context;
        log_debug("database notice", LOG_TEXT("detail", text));
}

static PGconn *connection_make(const DbOptions *options, const char *name, const char *password)
{
        char seconds[NUMBER_ROOM], milliseconds[NUMBER_ROOM];
        const char *const keys[] = { "dbname",           "application_name", "client_encoding", "connect_timeout",
                                     "tcp_user_timeout", "keepalives_idle",  "password",        NULL };
        const char *const values[] = { options->url, name, "UTF8", seconds, milliseconds, "10", password, NULL };

        snprintf(seconds, sizeof(seconds), "%lld", (long long)(options->connect_timeout_ms + 999) / 1000);
        snprintf(milliseconds, sizeof(milliseconds), "%lld", (long long)options->statement_timeout_ms);
        return PQconnectdbParams(keys, values, 1);
}

/* Months and days are Shanghai's; a client that vanished or sleeps in a transaction must not hold its locks for ever.
 */
static bool session_set(Db *db, const DbOptions *options, const char *search_path, Error *err)
{
        const char *sql =
                "SELECT set_config('TimeZone', 'Asia/Shanghai', false), set_config('statement_timeout', $1, false),"
                " set_config('idle_in_transaction_session_timeout', '60s', false),"
                " set_config('client_connection_check_interval', '5s', false),"
                " set_config('search_path', CASE $2 WHEN '' THEN current_setting('search_path') ELSE $2 END, false)";
        char timeout[NUMBER_ROOM];
        const char *const values[] = { timeout, search_path };

        snprintf(timeout, sizeof(timeout), "%lld", (long long)options->statement_timeout_ms);
        if (!db_query(db, NULL, sql, values, 2, err))
                return false;
        db->statement_timeout_ms = options->statement_timeout_ms;
        return true;
}

/* Refused, wrong password, no such database, starting up: another person can mend it while we run. */
static bool connection_open(Db *db, const DbOptions *options, const char *name, Error *err)
{
        CLEANUP(secret_drop) Buffer password = { 0 };

        if (!db_url_check(options->url, err) || !password_read(options, &password, err))
                return false;
        db->connection = connection_make(options, name, password.bytes);
        if (!db_alive(db))
                return connection_error(db, ERR_RETRY, err);
        PQsetNoticeProcessor(db->connection, notice_log, NULL);
        return true;
}

Db *db_connect(const DbOptions *options, const char *name, Error *err)
{
        CLEANUP(db_drop) Db *db = mem_new(sizeof(*db));
        Db *opened = db;

        if (!connection_open(db, options, name, err))
                return NULL;
        db = NULL;
        return opened;
}

Db *db_open(const DbOptions *options, const char *name, const char *search_path, Error *err)
{
        CLEANUP(db_drop) Db *db = db_connect(options, name, err);
        Db *opened = db;

        if (!db) {
                error_add(err, "postgres");
                return NULL;
        }
        if (!session_set(db, options, search_path, err))
                return NULL;
        db = NULL;
        return opened;
}

void db_close(Db *db)
{
        if (!db)
                return;
        PQfinish(db->connection);
        free(db);
}

void db_drop(Db **db)
{
        db_close(*db);
        *db = NULL;
}

bool db_alive(const Db *db)
{
        return PQstatus(db->connection) == CONNECTION_OK;
}

int db_backend(const Db *db)
{
        return PQbackendPID(db->connection);
}

static bool rows_take(Db *db, PGresult *answer, DbResult **result, Error *err)
{
        CLEANUP(result_clear) PGresult *rows = answer;

        if (!result_check(db, rows, err))
                return false;
        if (result) {
                *result = mem_new(sizeof(**result));
                (*result)->rows = rows;
                rows = NULL;
        }
        return true;
}

bool db_query(Db *db, DbResult **result, const char *sql, const char *const *values, size_t values_size, Error *err)
{
        if (result)
                *result = NULL;
        return rows_take(db, result_of_query(db, sql, values, values_size), result, err);
}

bool db_run(Db *db, const char *sql, Error *err)
{
        return rows_take(db, result_of(db, sql), NULL, err);
}

bool db_begin(Db *db, const char *mode, Error *err)
{
        CLEANUP(mem_drop) char *sql = text_format("BEGIN ISOLATION LEVEL %s", mode);

        return db_run(db, sql, err);
}

/* COMMIT of a failed transaction succeeds, as far as libpq can tell; its tag then says ROLLBACK. */
bool db_commit(Db *db, Error *err)
{
        CLEANUP(result_clear) PGresult *rows = result_of(db, "COMMIT");

        if (!result_check(db, rows, err))
                return false;
        if (strcmp(PQcmdStatus(rows), "COMMIT") != 0)
                return error_set(err, ERR_RETRY, NULL, "database: COMMIT answered %s: nothing was written",
                                 PQcmdStatus(rows));
        return true;
}

void db_rollback(Db *db)
{
        CLEANUP(result_clear) PGresult *rows = result_of(db, "ROLLBACK");

        (void)rows;
}

static bool lock_call(Db *db, const char *function, int32_t space, int32_t number, bool *answer, Error *err)
{
        CLEANUP(mem_drop) char *sql = text_format("SELECT %s($1::integer, $2::integer)", function);
        CLEANUP(db_result_drop) DbResult *result = NULL;
        char texts[2][NUMBER_ROOM];
        const char *const values[] = { texts[0], texts[1] };

        snprintf(texts[0], sizeof(texts[0]), "%d", (int)space);
        snprintf(texts[1], sizeof(texts[1]), "%d", (int)number);
        if (!db_query(db, &result, sql, values, 2, err))
                return false;
        *answer = db_flag(result, 0, 0);
        return true;
}

bool db_lock_try(Db *db, int32_t space, int32_t number, bool shared, bool *taken, Error *err)
{
        return lock_call(db, shared ? "pg_try_advisory_lock_shared" : "pg_try_advisory_lock", space, number, taken,
                         err);
}

bool db_unlock(Db *db, int32_t space, int32_t number, bool shared, Error *err)
{
        bool held;

        if (!lock_call(db, shared ? "pg_advisory_unlock_shared" : "pg_advisory_unlock", space, number, &held, err))
                return false;
        return held || error_set(err, ERR_RETRY, NULL, "database: lock %d, %d was not ours", (int)space, (int)number);
}
