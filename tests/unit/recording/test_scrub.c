#include "hub/base/memory.h"
#include "hub/privacy/mask.h"
#include "hub/recording/scrub_text.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <string.h>

static char note8[] = "note8", name[] = "姓名";
static char *names[] = { note8, name };
static const TextList members = { names, 2 };

static char *scrubbed(const char *text)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 };

        ck_assert_msg(scrub_text(&out, text, strlen(text), &members, &err), "%s", err.text);
        ck_assert_uint_eq(out.size, strlen(text));
        return mem_copy(out.bytes, out.size);
}

/* The adapter must find in it what it found before: the same kinds of numbers, with right check digits. */
START_TEST(a_number_stays_a_number_of_its_kind)
{
        static const struct {
                const char *text;
                NumberKind kind;
        } numbers[] = { { "13800138000", NUMBER_PHONE },         { "+8613800138000", NUMBER_PHONE },
                        { "0592-5051234", NUMBER_PHONE },        { "11010519491231002X", NUMBER_PERSON },
                        { "11010519491231002x", NUMBER_PERSON }, { "110105491231002", NUMBER_PERSON },
                        { "4111111111111111", NUMBER_CARD } };

        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
                CLEANUP(mem_drop) char *out = scrubbed(numbers[i].text);

                ck_assert_msg(mask_number_kind(numbers[i].text) == numbers[i].kind, "%s", numbers[i].text);
                ck_assert_msg(mask_number_kind(out) == numbers[i].kind, "%s became %s", numbers[i].text, out);
                ck_assert_msg(strcmp(out, numbers[i].text) != 0, "%s stays", out);
        }
}
END_TEST

/* Who reported twice must still be one who reported twice. */
START_TEST(the_same_becomes_the_same)
{
        CLEANUP(mem_drop) char *one = scrubbed("call 13800138000");
        CLEANUP(mem_drop) char *other = scrubbed("then 13800138000");
        CLEANUP(mem_drop) char *third = scrubbed("then 13800138001");

        ck_assert_str_eq(one + 5, other + 5);
        ck_assert_str_ne(other, third);
}
END_TEST

START_TEST(a_member_of_a_person_goes_others_stay)
{
        CLEANUP(mem_drop)
        char *out =
                scrubbed("{\"note8\" : \"陈小明\", \"note1\":\"占道\", \"姓名\":\"\\u9648\\\"a\", \"x\":\"note8\"}");

        ck_assert_ptr_null(strstr(out, "陈小明"));
        ck_assert_ptr_null(strstr(out, "\\u9648"));
        ck_assert_ptr_nonnull(strstr(out, "\"note1\":\"占道\""));
        ck_assert_ptr_nonnull(strstr(out, "\"x\":\"note8\""));
        ck_assert_ptr_nonnull(strstr(out, "\\\""));
}
END_TEST

START_TEST(what_says_nothing_of_a_person_stays)
{
        static const char text[] = "{\"record_number\":\"20231205101907\",\"lon\":118.1147685,\"note1\":\"占道\"}";
        CLEANUP(mem_drop) char *out = scrubbed(text);

        ck_assert_str_eq(out, text);
}
END_TEST

START_TEST(broken_documents_are_no_danger)
{
        static const char *const texts[] = { "",          "{\"note8\":\"",    "{\"note8\":\"\\",      "{\"note8\":",
                                             "\"note8\"", "{\"note8\":\"\\u", "{\"note8\":\"\\u12\"}" };

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                CLEANUP(mem_drop) char *out = scrubbed(texts[i]);

                ck_assert_uint_eq(strlen(out), strlen(texts[i]));
        }
}
END_TEST

START_TEST(what_is_no_utf_8_is_refused)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        Error err = { 0 };

        ck_assert(!scrub_text(&out, "\xb3\xc2", 2, &members, &err));
        ck_assert_int_eq(err.kind, ERR_INPUT);
        ck_assert_uint_eq(out.size, 0);
}
END_TEST

RUN("scrub", a_number_stays_a_number_of_its_kind, the_same_becomes_the_same, a_member_of_a_person_goes_others_stay,
    what_says_nothing_of_a_person_stays, broken_documents_are_no_danger, what_is_no_utf_8_is_refused)
