#include "hub/base/buffer.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>

START_TEST(grows_and_stays_terminated)
{
        CLEANUP(buffer_free) Buffer buffer = { 0 };

        for (size_t i = 0; i < 1000; i++) {
                buffer_byte(&buffer, (char)('a' + i % 26));
                ck_assert_uint_eq(buffer.size, i + 1);
                ck_assert_int_eq(buffer.bytes[buffer.size], '\0');
        }
        ck_assert_uint_eq(strlen(buffer.bytes), 1000);
        buffer_add(&buffer, "\0x", 2);
        ck_assert_uint_eq(buffer.size, 1002);
        ck_assert_int_eq(buffer.bytes[1001], 'x');
}
END_TEST

START_TEST(adding_nothing_gives_an_empty_text)
{
        CLEANUP(buffer_free) Buffer buffer = { 0 };

        buffer_add(&buffer, NULL, 0);
        ck_assert_str_eq(buffer.bytes, "");
}
END_TEST

START_TEST(formats_longer_than_the_room)
{
        CLEANUP(buffer_free) Buffer buffer = { 0 };

        buffer_format(&buffer, "%s-%0200d", "a", 7);
        ck_assert_uint_eq(buffer.size, 202);
        ck_assert_str_eq(buffer.bytes + 199, "007");
        buffer_format(&buffer, "%d", 8);
        ck_assert_str_eq(buffer.bytes + 199, "0078");
}
END_TEST

/* An offset or a millisecond that loses a digit here is a lost or doubled event elsewhere. */
START_TEST(integers_are_exact_at_the_ends)
{
        CLEANUP(buffer_free) Buffer buffer = { 0 };

        buffer_integer(&buffer, INT64_MIN);
        buffer_byte(&buffer, ' ');
        buffer_integer(&buffer, INT64_MAX);
        buffer_byte(&buffer, ' ');
        buffer_integer(&buffer, 0);
        buffer_integer(&buffer, -1);
        ck_assert_str_eq(buffer.bytes, "-9223372036854775808 9223372036854775807 0-1");
}
END_TEST

START_TEST(clear_keeps_the_memory)
{
        CLEANUP(buffer_free) Buffer buffer = { 0 };
        size_t room;

        buffer_clear(&buffer);
        buffer_format(&buffer, "%0500d", 1);
        room = buffer.room;
        buffer_clear(&buffer);
        ck_assert_uint_eq(buffer.size, 0);
        ck_assert_uint_eq(buffer.room, room);
        ck_assert_str_eq(buffer.bytes, "");
}
END_TEST

RUN("buffer", grows_and_stays_terminated, adding_nothing_gives_an_empty_text, formats_longer_than_the_room,
    integers_are_exact_at_the_ends, clear_keeps_the_memory)
