#pragma once

/* The database of a test: with_postgres names it in HUB_TEST_DATABASE. */

#include "hub/base/memory.h"
#include "hub/db/db.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static inline Db *database_open_for(int64_t statement_timeout_ms)
{
        const DbOptions options = { .url = getenv("HUB_TEST_DATABASE"),
                                    .connect_timeout_ms = 10000,
                                    .statement_timeout_ms = statement_timeout_ms };
        Error err = { 0 };
        Db *db;

        ck_assert_msg(options.url != NULL, "HUB_TEST_DATABASE is not set: run under with_postgres");
        db = db_open(&options, "test", "", &err);
        ck_assert_msg(db != NULL, "%s", err.text);
        return db;
}

static inline Db *database_open(void)
{
        return database_open_for(60000);
}

static inline void database_run(Db *db, const char *sql)
{
        Error err = { 0 };

        ck_assert_msg(db_run(db, sql, &err), "%s: %s", sql, err.text);
}

/* The first field of the first row; owned. */
static inline char *database_text(Db *db, const char *sql)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        Error err = { 0 };

        ck_assert_msg(db_query(db, &result, sql, NULL, 0, &err), "%s: %s", sql, err.text);
        ck_assert_uint_ge(db_rows(result), 1);
        return text_copy(db_text(result, 0, 0));
}

static inline void database_is(Db *db, const char *sql, const char *want)
{
        CLEANUP(mem_drop) char *got = database_text(db, sql);

        ck_assert_msg(got && strcmp(got, want) == 0, "%s: %s, not %s", sql, got ? got : "NULL", want);
}
