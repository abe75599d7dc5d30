#include "hub/base/error.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"

#include <string.h>

START_TEST(context_goes_in_front_and_the_rest_stays)
{
        Error err;

        ck_assert(!error_set(&err, ERR_INPUT, "bad_value", "lat: \"%s\" is no number", "abc"));
        ck_assert(!error_add(&err, "line %d", 7));
        ck_assert(!error_add(&err, "reading %s", "devices.csv"));
        ck_assert_str_eq(err.text, "reading devices.csv: line 7: lat: \"abc\" is no number");
        ck_assert_str_eq(err.reason, "bad_value");
        ck_assert_int_eq(err.kind, ERR_INPUT);
}
END_TEST

/* A log reader that sees half a character, or a second line made by a peer, is deceived. */
START_TEST(long_texts_are_cut_at_a_character)
{
        char text[1000];
        Error err;

        for (size_t at = 0; at + 3 < sizeof(text); at += 3)
                memcpy(text + at, "湖", 4);
        (void)error_set(&err, ERR_FATAL, NULL, "x%s", text);
        ck_assert_uint_eq(strlen(err.text), 511);
        ck_assert(text_is_utf8(err.text, strlen(err.text)));
        (void)error_add(&err, "%s", text);
        ck_assert(text_is_utf8(err.text, strlen(err.text)));
        ck_assert_uint_lt(strlen(err.text), sizeof(err.text));
}
END_TEST

START_TEST(control_bytes_and_broken_bytes_do_not_pass)
{
        Error err;

        (void)error_set(&err, ERR_INPUT, NULL,
                        "a\nb\x1b[31m\x7f\xff"
                        "c\xc2\x85");
        ck_assert_str_eq(err.text, "a?b?[31m??c?");
}
END_TEST

START_TEST(an_error_may_quote_itself)
{
        Error err;

        (void)error_set(&err, ERR_RETRY, NULL, "away");
        (void)error_set(&err, ERR_FATAL, NULL, "gave up: %s", err.text);
        ck_assert_str_eq(err.text, "gave up: away");
        ck_assert_int_eq(err.kind, ERR_FATAL);
}
END_TEST

RUN("error", context_goes_in_front_and_the_rest_stays, long_texts_are_cut_at_a_character,
    control_bytes_and_broken_bytes_do_not_pass, an_error_may_quote_itself)
