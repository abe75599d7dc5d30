#include "hub/base/time.h"
#include "tests/unit/base/run.h"
#include "tests/unit/db/database.h"

#include <stdio.h>

START_TEST(every_byte_but_nul_comes_back)
{
        CLEANUP(db_drop) Db *db = database_open();
        CLEANUP(db_copy_free) DbCopy copy = { 0 };
        CLEANUP(db_result_drop) DbResult *result = NULL;
        char ascii[127], wide[] = "湖里区\\.\\N\t\xf0\x9f\x9a\xa7";
        unsigned char all[256];
        char hex[2 * 256 + 3] = "\\x";
        Error err = { 0 };

        for (int i = 1; i < 128; i++)
                ascii[i - 1] = (char)i;
        for (size_t i = 0; i < 256; i++) {
                all[i] = (unsigned char)i;
                snprintf(hex + 2 + 2 * i, 3, "%02x", (unsigned)i);
        }
        database_run(db, "CREATE TEMP TABLE t (a text, b text, c bytea, d text)");
        db_copy_bytes(&copy, ascii, sizeof(ascii));
        db_copy_text(&copy, wide);
        db_copy_binary(&copy, all, sizeof(all));
        db_copy_text(&copy, "");
        db_copy_row(&copy);
        ck_assert_msg(db_copy_end(db, &copy, "COPY t (a, b, c, d) FROM STDIN", &err), "%s", err.text);
        ck_assert(db_query(db, &result, "SELECT a, b, c, d FROM t", NULL, 0, &err));
        ck_assert_uint_eq(db_size(result, 0, 0), sizeof(ascii));
        ck_assert_mem_eq(db_text(result, 0, 0), ascii, sizeof(ascii));
        ck_assert_str_eq(db_text(result, 0, 1), wide);
        ck_assert_str_eq(db_text(result, 0, 2), hex);
        ck_assert_str_eq(db_text(result, 0, 3), "");
}
END_TEST

START_TEST(values_of_all_types_arrive)
{
        CLEANUP(db_drop) Db *db = database_open();
        CLEANUP(db_copy_free) DbCopy copy = { 0 };
        Error err = { 0 };

        database_run(db,
                     "CREATE TEMP TABLE t (a text, b bigint, c boolean, d timestamptz, e timestamptz, f timestamptz)");
        db_copy_text(&copy, NULL);
        db_copy_integer(&copy, INT64_MIN);
        db_copy_flag(&copy, true);
        db_copy_time(&copy, 1701736930123);
        db_copy_time(&copy, TIME_NONE);
        db_copy_time(&copy, -62167219200000); /* 0000-01-01T00:00:00Z */
        db_copy_row(&copy);
        ck_assert_uint_eq(copy.count, 1);
        ck_assert_msg(db_copy_end(db, &copy, "COPY t FROM STDIN", &err), "%s", err.text);
        ck_assert_uint_eq(copy.count, 0);
        database_is(db, "SELECT a IS NULL AND e IS NULL AND b = -9223372036854775808 AND c FROM t", "t");
        database_is(db, "SELECT extract(epoch FROM d) FROM t", "1701736930.123000");
        database_is(db, "SELECT extract(epoch FROM f) FROM t", "-62167219200.000000");
}
END_TEST

START_TEST(many_rows_pass_in_pieces)
{
        CLEANUP(db_drop) Db *db = database_open();
        CLEANUP(db_copy_free) DbCopy copy = { 0 };
        Error err = { 0 };

        database_run(db, "CREATE TEMP TABLE t (a bigint, b text)");
        for (int i = 0; i < 50000; i++) {
                db_copy_integer(&copy, i);
                db_copy_text(&copy, "a text of some forty bytes, to fill pieces");
                db_copy_row(&copy);
        }
        ck_assert(db_copy_end(db, &copy, "COPY t FROM STDIN", &err));
        database_is(db, "SELECT count(*) || ' ' || sum(a) FROM t", "50000 1249975000");
        ck_assert(db_copy_end(db, &copy, "COPY t FROM STDIN", &err));
        database_is(db, "SELECT count(*) FROM t", "50000");
}
END_TEST

/* The row that breaks a batch must be told as the row's fault, and the connection must go on. */
START_TEST(a_bad_row_is_told_and_the_connection_lives)
{
        CLEANUP(db_drop) Db *db = database_open();
        CLEANUP(db_copy_free) DbCopy copy = { 0 };
        Error err = { 0 };

        database_run(db, "CREATE TEMP TABLE t (a text CHECK (a <> 'bad'))");
        db_copy_text(&copy, "bad");
        db_copy_row(&copy);
        ck_assert(!db_copy_end(db, &copy, "COPY t FROM STDIN", &err));
        ck_assert_int_eq(err.kind, ERR_INPUT);
        ck_assert_uint_eq(copy.count, 0);

        db_copy_bytes(&copy, "\xff", 1);
        db_copy_row(&copy);
        ck_assert(!db_copy_end(db, &copy, "COPY t FROM STDIN", &err));
        ck_assert_int_eq(err.kind, ERR_INPUT);

        db_copy_bytes(&copy, "a\0b", 3);
        db_copy_row(&copy);
        ck_assert(!db_copy_end(db, &copy, "COPY t FROM STDIN", &err));
        ck_assert_int_eq(err.kind, ERR_INPUT);

        db_copy_text(&copy, "x");
        db_copy_row(&copy);
        ck_assert(!db_copy_end(db, &copy, "COPY nowhere FROM STDIN", &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);

        db_copy_text(&copy, "good");
        db_copy_row(&copy);
        ck_assert_msg(db_copy_end(db, &copy, "COPY t FROM STDIN", &err), "%s", err.text);
        database_is(db, "SELECT count(*) FROM t", "1");
}
END_TEST

RUN("copy", every_byte_but_nul_comes_back, values_of_all_types_arrive, many_rows_pass_in_pieces,
    a_bad_row_is_told_and_the_connection_lives)
