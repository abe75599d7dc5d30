#include "hub/pipe/beside.h"
#include "tests/unit/base/run.h"

#include <string.h>

static const RecordHeader headers[] = {
        { "ce_type", "case.closed" }, { "empty", "" }, { "ce_id", "7\xff" }, { NULL, NULL }
};

/* A tombstone is nothing but its key: without it the retry would delete nothing. */
START_TEST(what_came_beside_comes_back)
{
        const Record sent = { .key = "13800138000", .headers = headers, .method = "POST", .sequence = "2/88" };
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(buffer_free) Buffer bytes = { 0 };
        Record got = { 0 };

        ck_assert(beside_write(&bytes, &sent));
        ck_assert(beside_read(bytes.bytes, bytes.size, arena, &got));
        ck_assert_str_eq(got.key, "13800138000");
        ck_assert_str_eq(got.method, "POST");
        ck_assert_str_eq(got.sequence, "2/88");
        for (size_t i = 0; i < 3; i++) {
                ck_assert_str_eq(got.headers[i].name, headers[i].name);
                ck_assert_str_eq(got.headers[i].value, headers[i].value);
        }
        ck_assert_ptr_null(got.headers[3].name);
}
END_TEST

START_TEST(nothing_beside_is_nothing)
{
        const Record sent = { .bytes = "x", .size = 1, .channel = "c" };
        CLEANUP(buffer_free) Buffer bytes = { 0 };

        ck_assert(!beside_write(&bytes, &sent));
        ck_assert_uint_eq(bytes.size, 0);
}
END_TEST

/* A header of a megabyte would be refused by Kafka, and with it the record. */
START_TEST(what_is_too_much_is_left_out)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(buffer_free) Buffer bytes = { 0 };
        char *large = arena_take(arena, BESIDE_MOST + 1);
        const RecordHeader some[] = { { "a", "1" }, { "b", large }, { "c", "3" }, { NULL, NULL } };
        const Record sent = { .key = "k", .headers = some };
        Record got = { 0 };

        memset(large, 'x', BESIDE_MOST);
        ck_assert(beside_write(&bytes, &sent));
        ck_assert(beside_read(bytes.bytes, bytes.size, arena, &got));
        ck_assert_str_eq(got.key, "k");
        ck_assert_str_eq(got.headers[0].name, "a");
        ck_assert_ptr_null(got.headers[1].name);
}
END_TEST

START_TEST(other_bytes_are_refused)
{
        static const char bad[][4] = { "key", "a\0b", "a\0b", "\0\0\0" };
        static const size_t sizes[] = { 3, 3, 2, 3 };
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Record got = { 0 };

        for (size_t i = 0; i < 4; i++)
                ck_assert_msg(!beside_read(bad[i], sizes[i], arena, &got), "%zu", i);
        ck_assert(!beside_read("", 0, arena, &got));
        ck_assert(beside_read("new\0member", 11, arena, &got));
        ck_assert_ptr_null(got.key);
}
END_TEST

RUN("beside", what_came_beside_comes_back, nothing_beside_is_nothing, what_is_too_much_is_left_out,
    other_bytes_are_refused)
