#include "hub/document/rows.h"

#include "hub/base/json.h"
#include "tests/unit/base/run.h"

#include <string.h>

static const RowTable tables[] = {
        { "site", "stalls" }, { "stall", "site_id" }, { "violation", "found_at|stall_id" }, { 0 }
};

static size_t table_of(const char *channel, const char *text)
{
        Error err;
        CLEANUP(json_drop) json_t *row = text ? json_read(text, strlen(text), &err) : NULL;

        return rows_table(tables, &(Record){ .channel = channel }, row);
}

START_TEST(the_last_name_in_the_channel_says_it)
{
        ck_assert_uint_eq(table_of("stall_violations", "{\"site_id\":\"9\"}"), 3);
        ck_assert_uint_eq(table_of("public.Stall_Site", NULL), 1);
        ck_assert_uint_eq(table_of("site_stalls", "{}"), 2);
}
END_TEST

START_TEST(else_columns_do_and_of_a_key_alone_nothing_does)
{
        ck_assert_uint_eq(table_of("rows", "{\"stall_id\":\"7\",\"site_id\":\"9\"}"), 3);
        ck_assert_uint_eq(table_of(NULL, "{\"stall_id\":null,\"site_id\":\"9\"}"), 2);
        ck_assert_uint_eq(table_of("rows", "{\"stalls\":\"28\"}"), 1);
        ck_assert_uint_eq(table_of("rows", "{\"name\":\"x\"}"), 0);
        ck_assert_uint_eq(table_of(NULL, NULL), 0);
}
END_TEST

RUN("rows", the_last_name_in_the_channel_says_it, else_columns_do_and_of_a_key_alone_nothing_does)
