#include "tests/unit/base/run.h"
#include "tests/unit/command/bench.h"

START_TEST(files_are_applied_once_in_order_and_silence_follows)
{
        CLEANUP(bench_close) Bench bench;
        CLEANUP(db_drop) Db *db = NULL;

        bench_open(&bench, "127.0.0.1:1");
        db = bench_database(&bench);
        database_run(db, "CREATE EXTENSION postgis");
        ck_assert_msg(BENCH_RUN(&bench, command_migrate, NULL) == EXIT_FINE, "%s", bench.err.bytes);
        ck_assert(strncmp(bench.out.bytes, "applied 001_meta.sql\napplied 002_ods.sql\n", 40) == 0);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "made partition ods.record_p"));
        database_is(db, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'ods.record'::regclass", "5");
        database_is(db, "SELECT bool_and(length(sha256) = 64) FROM meta.schema_version", "t");
        ck_assert_int_eq(BENCH_RUN(&bench, command_migrate, NULL), EXIT_FINE);
        ck_assert_str_eq(bench.out.bytes, "");

        bench_file(&bench, "sql/900_more.sql", "CREATE TABLE ops.more (a integer);");
        ck_assert_int_eq(BENCH_RUN(&bench, command_migrate, NULL), EXIT_FINE);
        ck_assert_str_eq(bench.out.bytes, "applied 900_more.sql\n");
}
END_TEST

/* The database and the files would drift apart, and nobody would know which machine has what. */
START_TEST(a_changed_or_late_file_is_refused_by_name)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench, "127.0.0.1:1");
        bench_shell(&bench, "rm -f sql/00[2-9]* sql/0[1-9]* sql/[1-9]*");
        bench_file(&bench, "sql/002_one.sql",
                   "CREATE SCHEMA ods; CREATE TABLE ods.record (received timestamptz NOT NULL) PARTITION BY RANGE "
                   "(received);"
                   "CREATE TABLE ods.record_default PARTITION OF ods.record DEFAULT;");
        bench_file(&bench, "sql/005_two.sql", "CREATE TABLE two (a integer);");
        ck_assert_msg(BENCH_RUN(&bench, command_migrate, NULL) == EXIT_FINE, "%s", bench.err.bytes);

        bench_file(&bench, "sql/005_two.sql", "CREATE TABLE two (a bigint);");
        ck_assert_int_eq(BENCH_RUN(&bench, command_migrate, NULL), EXIT_CONFIG);
        ck_assert_ptr_nonnull(strstr(bench.err.bytes, "sql/005_two.sql was changed after it was applied"));

        bench_file(&bench, "sql/005_two.sql", "CREATE TABLE two (a integer);");
        bench_file(&bench, "sql/003_late.sql", "CREATE TABLE late (a integer);");
        ck_assert_int_eq(BENCH_RUN(&bench, command_migrate, NULL), EXIT_CONFIG);
        ck_assert_ptr_nonnull(strstr(bench.err.bytes, "sql/003_late.sql comes after 005_two.sql was applied"));

        bench_shell(&bench, "rm sql/003_late.sql");
        bench_shell(&bench, "rm sql/005_two.sql");
        ck_assert_int_eq(BENCH_RUN(&bench, command_migrate, NULL), EXIT_CONFIG);
        ck_assert_ptr_nonnull(strstr(bench.err.bytes, "the database has 005_two.sql"));
}
END_TEST

START_TEST(a_file_that_fails_leaves_nothing_behind)
{
        CLEANUP(bench_close) Bench bench;
        CLEANUP(db_drop) Db *db = NULL;

        bench_open(&bench, "127.0.0.1:1");
        bench_shell(&bench, "rm -f sql/00[2-9]* sql/0[1-9]* sql/[1-9]*");
        bench_file(&bench, "sql/002_half.sql", "CREATE TABLE half (a integer); CREATE TABLE half (a integer);");
        ck_assert_int_eq(BENCH_RUN(&bench, command_migrate, NULL), EXIT_CONFIG);
        ck_assert_ptr_nonnull(
                strstr(bench.err.bytes, "hub migrate: 002_half.sql: database: relation \"half\" already exists"));
        db = bench_database(&bench);
        database_is(db, "SELECT to_regclass('half') IS NULL", "t");
        database_is(db, "SELECT string_agg(name, ' ') FROM meta.schema_version", "001_meta.sql");
}
END_TEST

RUN("migrate", files_are_applied_once_in_order_and_silence_follows, a_changed_or_late_file_is_refused_by_name,
    a_file_that_fails_leaves_nothing_behind)
