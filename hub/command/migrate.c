/* hub migrate: brings the database to the numbered files of schemas/sql. A line for what it did, none when there was
 * nothing to do. */

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/tool/tool.h"
#include "hub/warehouse/dimensions.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 4 * 1024 * 1024, NUMBER_DIGITS = 3 };

static const char usage[] =
        "usage: hub migrate [--config FILE]\n"
        "  Applies the files of schemas/sql that the database does not have yet, each in a transaction, and makes\n"
        "  the monthly partitions from last month to two months ahead; fills the dimensions from the site's tables.\n"
        "  Safe to repeat, and beside running processes.\n";

typedef struct {
        char *folder;
        struct dirent **entries;
        size_t size;
} Files;

static void files_free(Files *files)
{
        for (size_t i = 0; i < files->size; i++)
                free(files->entries[i]);
        free(files->entries);
        free(files->folder);
}

static int is_numbered(const struct dirent *entry)
{
        const char *name = entry->d_name;
        size_t size = strlen(name);

        for (size_t i = 0; i < NUMBER_DIGITS; i++)
                if (!isdigit((unsigned char)name[i]))
                        return 0;
        return name[NUMBER_DIGITS] == '_' && size > 4 && strcmp(name + size - 4, ".sql") == 0;
}

static bool files_find(Files *files, Error *err)
{
        CLEANUP(buffer_free) Buffer folder = { 0 };
        int found;

        schemas_path(&folder, "sql");
        files->folder = text_copy(folder.bytes);
        found = scandir(files->folder, &files->entries, is_numbered, alphasort);
        if (found < 0)
                return error_set(err, ERR_FATAL, NULL, "%s: %s", files->folder, strerror(errno));
        files->size = (size_t)found;
        if (!found)
                return error_set(err, ERR_FATAL, NULL, "%s: no files NNN_*.sql", files->folder);
        for (size_t i = 1; i < files->size; i++)
                if (strncmp(files->entries[i - 1]->d_name, files->entries[i]->d_name, NUMBER_DIGITS) == 0)
                        return error_set(err, ERR_FATAL, NULL, "%s: %s and %s have the same number", files->folder,
                                         files->entries[i - 1]->d_name, files->entries[i]->d_name);
        return true;
}

/* One hub migrate at a time; another one's work is then seen by this one. */
static bool database_claim(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result, "SELECT pg_try_advisory_lock(hashtext('hub migrate'))", NULL, 0, err))
                return false;
        if (db_flag(result, 0, 0))
                return true;
        log_info("another hub migrate is at work, waiting for its end", LOG_TEXT("lock", "hub migrate"));
        return db_query(db, NULL, "SELECT pg_advisory_lock(hashtext('hub migrate'))", NULL, 0, err);
}

static bool versions_make(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result, "SELECT to_regclass('meta.schema_version') IS NOT NULL", NULL, 0, err))
                return false;
        if (db_flag(result, 0, 0))
                return true;
        return db_run(db,
                      "BEGIN;"
                      "CREATE SCHEMA IF NOT EXISTS meta;"
                      "CREATE TABLE meta.schema_version ("
                      "        number integer PRIMARY KEY,"
                      "        name text NOT NULL,"
                      "        sha256 text NOT NULL,"
                      "        applied_at timestamptz NOT NULL DEFAULT clock_timestamp());"
                      "COMMENT ON TABLE meta.schema_version IS 'the files of schemas/sql that hub migrate applied';"
                      "COMMENT ON COLUMN meta.schema_version.number IS 'number of the file';"
                      "COMMENT ON COLUMN meta.schema_version.name IS 'its name';"
                      "COMMENT ON COLUMN meta.schema_version.sha256 IS 'SHA-256 of its bytes, hex: an applied file "
                      "must not change';"
                      "COMMENT ON COLUMN meta.schema_version.applied_at IS 'wall time when it was applied';"
                      "COMMIT",
                      err);
}

static bool file_apply(Db *db, const char *name, const char *sql, const char *sha256, Error *err)
{
        const char *const values[] = { name, sha256 };

        if (db_begin(db, "READ COMMITTED", err) && db_run(db, sql, err) &&
            db_query(db, NULL,
                     "INSERT INTO meta.schema_version (number, name, sha256) VALUES (left($1, 3)::integer, $1, $2)",
                     values, 2, err) &&
            db_commit(db, err)) {
                printf("applied %s\n", name);
                return true;
        }
        db_rollback(db);
        return error_add(err, "%s", name);
}

/* What stands in the database stands: an applied file that changed, or one that came in between, is a mistake to mend
 * by hand. */
static bool file_settle(Db *db, const char *folder, const char *name, Error *err)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        CLEANUP(db_result_drop) DbResult *result = NULL;
        CLEANUP(buffer_free) Buffer sql = { 0 };
        const char *const values[] = { name };
        char sha256[SHA256_TEXT_SIZE];

        if (!file_read(&sql, path, FILE_MOST, err) ||
            !db_query(db, &result,
                      "SELECT (SELECT sha256 FROM meta.schema_version WHERE number = left($1, 3)::integer),"
                      " (SELECT max(name) FROM meta.schema_version WHERE number > left($1, 3)::integer)",
                      values, 1, err))
                return false;
        sha256_text(sql.bytes, sql.size, sha256);
        if (db_text(result, 0, 0) && strcmp(db_text(result, 0, 0), sha256) == 0)
                return true;
        if (db_text(result, 0, 0))
                return error_set(err, ERR_FATAL, NULL,
                                 "%s was changed after it was applied: undo that, and add a file with a new number",
                                 path);
        if (db_text(result, 0, 1))
                return error_set(err, ERR_FATAL, NULL, "%s comes after %s was applied: give it a higher number", path,
                                 db_text(result, 0, 1));
        return file_apply(db, name, sql.bytes, sha256, err);
}

/* An older hub beside a newer database would write what it does not understand. */
static bool newest_check(Db *db, const Files *files, Error *err)
{
        const char *const values[] = { files->entries[files->size - 1]->d_name };
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result, "SELECT max(name) FROM meta.schema_version WHERE number > left($1, 3)::integer",
                      values, 1, err))
                return false;
        if (db_text(result, 0, 0))
                return error_set(err, ERR_FATAL, NULL, "the database has %s, which %s lacks: use the newer hub",
                                 db_text(result, 0, 0), files->folder);
        return true;
}

/* PostgreSQL makes no partition beside rows that the default one holds: whoever ran this too late is told. */
static bool months_missed(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result,
                      "SELECT to_char(received, 'YYYY-MM'), count(*) FROM ods.record_default GROUP BY 1 ORDER BY 1",
                      NULL, 0, err))
                return error_add(err, "looking at the default partition");
        for (size_t i = 0; i < db_rows(result); i++)
                log_warning("ods.record_default holds rows of a month that was not made in time: hub warehouse months "
                            "moves them",
                            LOG_TEXT("month", db_text(result, i, 0)), LOG_TEXT("rows", db_text(result, i, 1)));
        return true;
}

static bool months_make(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        char now[TIME_TEXT_SIZE];
        const char *const values[] = { time_text(time_now(), now) };

        if (!db_query(db, &result,
                      "SELECT meta.ensure_month('ods.record', m) FROM generate_series("
                      "date_trunc('month', $1::timestamptz) - interval '1 month', date_trunc('month', $1::timestamptz) "
                      "+ interval '2 months',"
                      " interval '1 month') AS m WHERE NOT EXISTS (SELECT FROM ods.record_default"
                      " WHERE received >= m AND received < m + interval '1 month')",
                      values, 1, err))
                return error_add(err, "making monthly partitions");
        for (size_t i = 0; i < db_rows(result); i++)
                if (db_text(result, i, 0))
                        printf("made partition %s\n", db_text(result, i, 0));
        return months_missed(db, err);
}

static bool migrate(const Config *config, Error *err)
{
        CLEANUP(files_free) Files files = { 0 };
        CLEANUP(db_drop) Db *db = NULL;

        if (!files_find(&files, err))
                return false;
        db = tool_database(config, "hub migrate", err);
        if (!db || !database_claim(db, err) || !versions_make(db, err) || !newest_check(db, &files, err))
                return false;
        for (size_t i = 0; i < files.size; i++)
                if (!file_settle(db, files.folder, files.entries[i]->d_name, err))
                        return false;
        return months_make(db, err) && dimensions_fill(config, db, err);
}

int command_migrate(int argc, char **argv)
{
        CLEANUP(config_free) Config config = { 0 };
        const char *path = NULL;
        int code = tool_options(argc, argv, usage, &path);
        Error err = { 0 };

        if (code != TOOL_GO_ON)
                return code;
        log_open("migrate");
        if (!time_open(&err) || !config_load_for(&config, path, NULL, &err) || !migrate(&config, &err))
                return command_failed("migrate", &err);
        return EXIT_FINE;
}
