#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/privacy/privacy.h"
#include "tests/unit/base/run.h"
#include "tests/unit/command/bench.h"

static const char clear_bytes[] = "{\"phone\": \"13800138000\"\x01, broken";

/* A rejected record as the correlator stores it: sealed by run r1 as its number 10. */
static void rejected_fill(Bench *bench, const char *extra)
{
        CLEANUP(mem_drop) char *keys = NULL, *hex = NULL;
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        CLEANUP(buffer_free) Buffer sql = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        char sum[SHA256_TEXT_SIZE];
        Privacy *privacy;
        Error err = { 0 };
        int version;

        bench_open(bench, "127.0.0.1:1");
        keys = text_format("%s/privacy.keys", bench->folder);
        privacy = privacy_load(keys, &err);
        ck_assert_msg(privacy != NULL, "%s", err.text);
        privacy_seal(privacy, extra, clear_bytes, sizeof(clear_bytes) - 1, &sealed, &version);
        privacy_free(privacy);
        hex = mem_new(2 * sealed.size + 1);
        db = bench_database(bench);
        ck_assert(file_read(&sql, HUB_SCHEMAS_SOURCE "/sql/003_ops.sql", 1 << 20, &err));
        ck_assert(file_read(&sql, HUB_SCHEMAS_SOURCE "/sql/010_retry.sql", 1 << 20, &err));
        ck_assert(file_read(&sql, HUB_SCHEMAS_SOURCE "/sql/090_beside.sql", 1 << 20, &err));
        database_run(db, sql.bytes);
        buffer_clear(&sql);
        buffer_format(&sql,
                      "INSERT INTO ops.rejected VALUES ('hub.rejected.v1', 3, 7, 'adapter', 'grid', 'p12', '350206', "
                      "'r1', 10,"
                      " 'not_json', 'line 1 column 24', 'cases', '0/88', 'application/json', "
                      "'2023-12-05T00:10:00.250Z', '%s', %zu, %d, '\\x%s')",
                      sha256_text(clear_bytes, sizeof(clear_bytes) - 1, sum), sizeof(clear_bytes) - 1, version,
                      hex_text((const uint8_t *)sealed.bytes, sealed.size, hex));
        database_run(db, sql.bytes);
}

START_TEST(a_list_tells_why_and_never_what)
{
        CLEANUP(bench_close) Bench bench;

        rejected_fill(&bench, "grid:r1:10");
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "list", NULL), EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "hub.rejected.v1/3/7"));
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "not_json"));
        ck_assert_ptr_null(strstr(bench.out.bytes, "138"));
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "list", "--reason", "bad_time", NULL), EXIT_FINE);
        ck_assert_str_eq(bench.out.bytes, "");
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "list", "--instance", "grid", NULL), EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "hub.rejected.v1/3/7"));
}
END_TEST

START_TEST(only_open_shows_the_bytes_and_says_so_in_the_log)
{
        CLEANUP(bench_close) Bench bench;

        rejected_fill(&bench, "grid:r1:10");
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "show", "hub.rejected.v1/3/7", NULL), EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "\"received\":\"2023-12-05T00:10:00.250Z\""));
        ck_assert_ptr_null(strstr(bench.out.bytes, "138"));
        ck_assert_ptr_null(strstr(bench.err.bytes, "opened"));
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "show", "hub.rejected.v1/3/7", "--open", NULL), EXIT_FINE);
        ck_assert_uint_eq(bench.out.size, sizeof(clear_bytes) - 1);
        ck_assert_mem_eq(bench.out.bytes, clear_bytes, sizeof(clear_bytes) - 1);
        ck_assert_ptr_nonnull(strstr(bench.err.bytes, "a rejected record was opened"));
        ck_assert_ptr_null(strstr(bench.err.bytes, "138"));
}
END_TEST

/* Bytes moved from another record under this one's name do not open. */
START_TEST(a_seal_belongs_to_its_record)
{
        CLEANUP(bench_close) Bench bench;

        rejected_fill(&bench, "grid:r1:11");
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "show", "hub.rejected.v1/3/7", "--open", NULL),
                         EXIT_FAILED);
        ck_assert_str_eq(bench.out.bytes, "");
        ck_assert_ptr_nonnull(
                strstr(bench.err.bytes, "hub rejected: hub.rejected.v1/3/7: the seal of key version 1 does not open"));
}
END_TEST

START_TEST(a_count_says_how_many_wait)
{
        CLEANUP(bench_close) Bench bench;

        rejected_fill(&bench, "grid:r1:10");
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "list", "--count", "--platform", "p12", NULL), EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "p12      grid           adapter    not_json                1 "
                                                      "       1  2023-12-05 08:10:00"));
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "list", "--count", "--since", "2023-12-05 08:10:01", NULL),
                         EXIT_FINE);
        ck_assert_str_eq(bench.out.bytes, "");
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "list", "--since", "2023-12-05 08:10:00", NULL),
                         EXIT_FINE);
        ck_assert_ptr_nonnull(strstr(bench.out.bytes, "hub.rejected.v1/3/7"));
}
END_TEST

/* Nothing is published of what cannot be: the reason stands in one line. */
START_TEST(a_retry_says_why_it_cannot)
{
        CLEANUP(bench_close) Bench bench;

        rejected_fill(&bench, "grid:r1:10");
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "retry", "hub.rejected.v1/9/9", NULL), EXIT_FAILED);
        ck_assert_ptr_nonnull(strstr(bench.err.bytes, "hub rejected: there is no rejected record hub.rejected.v1/9/9"));
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "retry", "hub.rejected.v1/3/7", NULL), EXIT_FAILED);
        ck_assert_ptr_nonnull(strstr(bench.err.bytes, "no instance \"grid\""));
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "retry", "--all", "--reason", "bad_time", NULL),
                         EXIT_NOTHING);
        ck_assert_str_eq(bench.out.bytes, "nothing to retry\n");
}
END_TEST

/* A record that was retried, and one that a retry rejected again, are no work for --all. */
START_TEST(a_retry_of_all_goes_round_in_no_loop)
{
        static const char *const marks[] = { "UPDATE ops.rejected SET retried_by = 'r2:4'",
                                             "UPDATE ops.rejected SET retried_by = NULL, retry_of = 'r0:1'",
                                             "UPDATE ops.rejected SET retry_of = NULL, reason = 'crashed'" };
        CLEANUP(bench_close) Bench bench;
        CLEANUP(db_drop) Db *db = NULL;

        rejected_fill(&bench, "grid:r1:10");
        db = bench_database(&bench);
        for (size_t i = 0; i < 3; i++) {
                database_run(db, marks[i]);
                ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "retry", "--all", NULL), EXIT_NOTHING);
        }
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "retry", "--all", "--reason", "crashed", NULL),
                         EXIT_FAILED); /* it is work then; there is no such instance */
}
END_TEST

START_TEST(wrong_usage_is_told)
{
        CLEANUP(bench_close) Bench bench;

        bench_open(&bench, "127.0.0.1:1");
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "show", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "list", "--open", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "list", "--max", "0", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "list", "--since", "soon", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "retry", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "retry", "a/1/2", "--all", NULL), EXIT_USAGE);
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "show", "a/1/2", "--all", NULL), EXIT_USAGE);
        ck_assert(text_starts(bench.err.bytes, "usage: hub rejected list"));
        ck_assert_int_eq(BENCH_RUN(&bench, command_rejected, "--help", NULL), EXIT_FINE);
        ck_assert(text_starts(bench.out.bytes, "usage: hub rejected list"));
}
END_TEST

RUN("rejected", a_list_tells_why_and_never_what, only_open_shows_the_bytes_and_says_so_in_the_log,
    a_seal_belongs_to_its_record, a_count_says_how_many_wait, a_retry_says_why_it_cannot,
    a_retry_of_all_goes_round_in_no_loop, wrong_usage_is_told)
