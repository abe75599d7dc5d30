#include "tests/unit/base/run.h"
#include "tests/unit/db/database.h"

#include <stdio.h>
#include <unistd.h>

START_TEST(a_session_is_shanghais_and_bears_its_name)
{
        const DbOptions options = { .url = getenv("HUB_TEST_DATABASE"),
                                    .connect_timeout_ms = 10000,
                                    .statement_timeout_ms = 1500 };
        CLEANUP(db_drop) Db *db = NULL;
        Error err = { 0 };

        db = db_open(&options, "hub relay", "pg_catalog", &err);
        ck_assert_msg(db != NULL, "%s", err.text);
        database_is(db, "SHOW TimeZone", "Asia/Shanghai");
        database_is(db, "SHOW application_name", "hub relay");
        database_is(db, "SHOW search_path", "pg_catalog");
        database_is(db, "SHOW statement_timeout", "1500ms");
        database_is(db, "SHOW client_encoding", "UTF8");
        ck_assert(db_alive(db));
}
END_TEST

START_TEST(what_another_can_mend_is_a_retry_and_a_wrong_address_is_not)
{
        DbOptions options = { .url = (char[]){ "host=127.0.0.1 port=1 dbname=hub user=hub" },
                              .connect_timeout_ms = 2000 };
        Error err = { 0 };

        ck_assert_ptr_null(db_open(&options, "test", "", &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(err.text, "refused"));

        options.url = (char[]){ "nonsense=1" };
        ck_assert_ptr_null(db_open(&options, "test", "", &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_ptr_nonnull(strstr(err.text, "nonsense"));

        options.url = (char[]){ "postgresql:///hub" };
        options.password_file = (char[]){ "/nowhere/pg" };
        ck_assert_ptr_null(db_open(&options, "test", "", &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_str_eq(err.text, "postgres: password_file: /nowhere/pg: No such file or directory");
}
END_TEST

START_TEST(no_message_shows_a_password)
{
        static const char *const urls[] = { "postgresql://hub:hunter2@127.0.0.1:1/hub", "host=h password=hunter2",
                                            "postgresql://hub:hunter2@127.0.0.1:x y/hub",
                                            "postgresql://hub:hunter2@[::1/hub" };
        DbOptions options = { .connect_timeout_ms = 2000 };

        for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
                CLEANUP(mem_drop) char *url = text_copy(urls[i]);
                Error err = { 0 };

                options.url = url;
                ck_assert_ptr_null(db_open(&options, "test", "", &err));
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_ptr_null(strstr(err.text, "hunter2"));
        }
}
END_TEST

START_TEST(values_are_parameters_and_null_is_null)
{
        const char *const values[] = { "'; DROP TABLE pg_class; --", NULL, "-7" };
        CLEANUP(db_drop) Db *db = database_open();
        CLEANUP(db_result_drop) DbResult *result = NULL;
        Error err = { 0 };

        ck_assert_msg(db_query(db, &result, "SELECT $1::text, $2::text, $3::bigint, true", values, 3, &err), "%s",
                      err.text);
        ck_assert_uint_eq(db_rows(result), 1);
        ck_assert_str_eq(db_text(result, 0, 0), values[0]);
        ck_assert_uint_eq(db_size(result, 0, 0), strlen(values[0]));
        ck_assert_ptr_null(db_text(result, 0, 1));
        ck_assert_int_eq(db_integer(result, 0, 1), 0);
        ck_assert_int_eq(db_integer(result, 0, 2), -7);
        ck_assert(db_flag(result, 0, 3));
        ck_assert(!db_flag(result, 0, 1));
}
END_TEST

START_TEST(affected_rows_are_counted)
{
        CLEANUP(db_drop) Db *db = database_open();
        CLEANUP(db_result_drop) DbResult *result = NULL;
        Error err = { 0 };

        database_run(db, "CREATE TEMP TABLE t (a integer); INSERT INTO t VALUES (1), (2), (3)");
        ck_assert(db_query(db, &result, "UPDATE t SET a = a WHERE a > 1", NULL, 0, &err));
        ck_assert_int_eq(db_affected(result), 2);
}
END_TEST

/* The server of this one never ends the statement, as if it had not heard of it. */
START_TEST(nobody_waits_for_ever)
{
        CLEANUP(db_drop) Db *db = database_open_for(1000);
        Error err = { 0 };

        database_run(db, "SET statement_timeout = 0");
        ck_assert(!db_run(db, "SELECT pg_sleep(3600)", &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert(!db_alive(db));
}
END_TEST

static ErrorKind kind_after(Db *db, const char *sql)
{
        Error err = { 0 };

        ck_assert(!db_run(db, sql, &err));
        return err.kind;
}

/* The loop that reads the kind must wait, bisect or stop; a wrong kind makes it do another of these. */
START_TEST(kinds_of_errors_follow_the_sqlstate)
{
        CLEANUP(db_drop) Db *db = database_open();
        Error err = { 0 };

        database_run(db, "CREATE TEMP TABLE t (a integer CHECK (a > 0))");
        ck_assert_int_eq(kind_after(db, "SELECT 1/0"), ERR_INPUT);
        ck_assert_int_eq(kind_after(db, "INSERT INTO t VALUES (0)"), ERR_INPUT);
        ck_assert_int_eq(kind_after(db, "SELECT * FROM nowhere"), ERR_FATAL);
        ck_assert_int_eq(kind_after(db, "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$"), ERR_RETRY);
        ck_assert_int_eq(kind_after(db, "DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$"), ERR_RETRY);
        ck_assert_int_eq(kind_after(db, "DO $$ BEGIN RAISE SQLSTATE '53100'; END $$"), ERR_RETRY);
        ck_assert_int_eq(kind_after(db, "DO $$ BEGIN RAISE SQLSTATE '42501'; END $$"), ERR_FATAL);
        ck_assert_int_eq(kind_after(db, "SET statement_timeout = 10; SELECT pg_sleep(60)"), ERR_RETRY);
        ck_assert(!db_run(db, "INSERT INTO t VALUES (-4711)", &err));
        ck_assert_ptr_nonnull(strstr(err.text, "23514, constraint t_a_check"));
        ck_assert_ptr_null(strstr(err.text, "4711"));
}
END_TEST

/* PostgreSQL answers COMMIT of a failed transaction with success and the tag ROLLBACK: the batch is not in the
 * database. */
START_TEST(commit_of_a_failed_transaction_is_refused)
{
        CLEANUP(db_drop) Db *db = database_open();
        Error err = { 0 };

        database_run(db, "CREATE TEMP TABLE t (a integer)");
        ck_assert(db_begin(db, "READ COMMITTED", &err));
        database_run(db, "INSERT INTO t VALUES (1)");
        ck_assert(!db_run(db, "SELECT 1/0", &err));
        ck_assert(!db_commit(db, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "ROLLBACK"));
        database_is(db, "SELECT count(*) FROM t", "0");

        ck_assert(db_begin(db, "REPEATABLE READ READ ONLY", &err));
        database_is(db, "SHOW transaction_isolation", "repeatable read");
        ck_assert(db_commit(db, &err));
        ck_assert(db_begin(db, "READ COMMITTED", &err));
        database_run(db, "INSERT INTO t VALUES (1)");
        db_rollback(db);
        database_is(db, "SELECT count(*) FROM t", "0");
}
END_TEST

static void backend_kill(Db *killer, int backend)
{
        char text[24];
        const char *const values[] = { text };
        CLEANUP(db_result_drop) DbResult *result = NULL;
        Error err = { 0 };

        snprintf(text, sizeof(text), "%d", backend);
        ck_assert(db_query(killer, &result, "SELECT pg_terminate_backend($1::integer, 10000)", values, 1, &err));
        ck_assert(db_flag(result, 0, 0));
}

/* Two correlators: the partition of a killed one passes on, and the killed one can write nothing more. */
START_TEST(a_lock_passes_on_when_its_backend_is_killed)
{
        CLEANUP(db_drop) Db *one = database_open();
        CLEANUP(db_drop) Db *other = database_open();
        CLEANUP(db_drop) Db *killer = database_open();
        Error err = { 0 };
        bool taken;

        ck_assert(db_lock_try(one, 7, 3, false, &taken, &err) && taken);
        ck_assert(db_lock_try(other, 7, 3, false, &taken, &err) && !taken);
        ck_assert(db_lock_try(other, 7, 4, false, &taken, &err) && taken);
        backend_kill(killer, db_backend(one));
        ck_assert(db_lock_try(other, 7, 3, false, &taken, &err) && taken);
        ck_assert(!db_run(one, "SELECT 1", &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert(!db_alive(one));
        ck_assert(!db_commit(one, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
}
END_TEST

START_TEST(shared_locks_are_shared_and_given_back)
{
        CLEANUP(db_drop) Db *one = database_open();
        CLEANUP(db_drop) Db *other = database_open();
        Error err = { 0 };
        bool taken;

        ck_assert(db_lock_try(one, 8, 1, true, &taken, &err) && taken);
        ck_assert(db_lock_try(other, 8, 1, true, &taken, &err) && taken);
        ck_assert(db_unlock(one, 8, 1, true, &err));
        ck_assert(!db_unlock(one, 8, 1, true, &err));
        ck_assert(db_lock_try(one, 8, 1, false, &taken, &err) && !taken);
        ck_assert(db_unlock(other, 8, 1, true, &err));
        ck_assert(db_lock_try(one, 8, 1, false, &taken, &err) && taken);
}
END_TEST

RUN("db", a_session_is_shanghais_and_bears_its_name, what_another_can_mend_is_a_retry_and_a_wrong_address_is_not,
    no_message_shows_a_password, values_are_parameters_and_null_is_null, affected_rows_are_counted,
    nobody_waits_for_ever, kinds_of_errors_follow_the_sqlstate, commit_of_a_failed_transaction_is_refused,
    a_lock_passes_on_when_its_backend_is_killed, shared_locks_are_shared_and_given_back)
