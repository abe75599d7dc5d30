#include "hub/base/text.h"

#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>

static void trimmed(const char *text, const char *wanted)
{
        size_t size = strlen(text);
        const char *found = text_trim(text, &size);

        ck_assert_msg(size == strlen(wanted) && memcmp(found, wanted, size) == 0, "%s", text);
}

START_TEST(blanks_of_every_width_are_blanks)
{
        trimmed("a", "a");
        trimmed("", "");
        trimmed(" \t\r\n\v\f", "");
        trimmed("\xe3\x80\x80\xc2\xa0结案\xe2\x80\x8b\xef\xbb\xbf ", "结案");
        trimmed("\xe2\x80\x80\xe2\x80\x8a\xc2\x85\xe1\x9a\x80\xe2\x81\xa0", "");
        trimmed("\xe2\x80\x8e"
                "a\xe2\x80\x8c\xe2\x80\x8d\xe2\x80\x8f\xe2\x80\xac\xc2\xad",
                "a"); /* marks of direction */
        trimmed("a\xe3\x80\x80", "a");
        trimmed("a\xc2\xa0", "a");
        trimmed(" a 　 b ", "a 　 b");
}
END_TEST

/* 、 and － begin as a wide blank does, € ends as one. */
START_TEST(what_looks_like_a_blank_in_bytes_is_none)
{
        trimmed("、a、", "、a、");
        trimmed("－", "－");
        trimmed("“a”€", "“a”€");
        trimmed("ÀÂ", "ÀÂ");
        trimmed("a\x80\x80", "a\x80\x80");
        trimmed("\xe3\x80", "\xe3\x80");
}
END_TEST

START_TEST(a_flag_is_true_only_by_a_word_for_yes)
{
        static const char *const yes[] = { "1",      "true",  "TRUE", "yes", "y", "T",  "on", "是", "真",
                                           "已归档", "　是 ", "1.0",  "√",   "☑", "有", "１", "Ｙ", NULL };
        static const char *const no[] = { "0", "false", "No",  "n", "F", "off", "否",  "假", "未归档", "",  " ",
                                          "-", "null",  "0.0", "×", "☐", "不",  "N/A", "０", "Ｎ",     NULL };
        static const char *const neither[] = { "maybe", "2", "-1", "是吗", "ye", NULL };
        bool flag;

        for (size_t i = 0; yes[i]; i++)
                ck_assert_msg(text_read_flag(yes[i], &flag) && flag, "%s", yes[i]);
        for (size_t i = 0; no[i]; i++)
                ck_assert_msg(text_read_flag(no[i], &flag) && !flag, "%s", no[i]);
        for (size_t i = 0; neither[i]; i++)
                ck_assert_msg(!text_read_flag(neither[i], &flag) && !flag, "%s", neither[i]);
        ck_assert(text_read_flag(NULL, &flag) && !flag);
}
END_TEST

START_TEST(a_word_is_found_whole)
{
        ck_assert(text_among("open|new", "OPEN", 4) && text_among("open|new", "new", 3));
        ck_assert(!text_among("open|new", "ope", 3) && !text_among("open|new", "", 0) && !text_among("", "a", 1));
        ck_assert(!text_among("open|new", "open|new", 8));
        ck_assert(text_among("已结案|结案", "结案", strlen("结案")));
}
END_TEST

START_TEST(a_number_that_lost_its_end_is_told)
{
        static const char *const rounded[] = { "2.0231e+16",         "1.23E+17",        "1,23E+17", "2E+16",
                                               "3.5020623120501E17", "350206231205e+6", NULL };
        static const char *const lost[] = { "350206202311260000",   "350206231205000000",   "350206202311261000",
                                            "35020620231126100000", "12345678901234567000", NULL };
        static const char *const whole[] = { "",
                                             "0",
                                             "1000",
                                             "20231205",
                                             "2023120500010000",
                                             "20231205000100000",
                                             "350206202311260001",
                                             "350206231205000100",
                                             "350206231205000010",
                                             "20231205E001",
                                             "2E16",
                                             "HL000000000000000000",
                                             "12E4567",
                                             "35020600000000000000000000000000000000001",
                                             NULL };

        for (size_t i = 0; rounded[i]; i++)
                ck_assert_msg(text_is_exponent(rounded[i]), "%s", rounded[i]);
        for (size_t i = 0; lost[i]; i++)
                ck_assert_msg(text_lost_its_end(lost[i], strlen(lost[i])), "%s", lost[i]);
        for (size_t i = 0; whole[i]; i++)
                ck_assert_msg(!text_is_exponent(whole[i]) && !text_lost_its_end(whole[i], strlen(whole[i])), "%s",
                              whole[i]);
}
END_TEST

START_TEST(a_whole_text_is_one_of_some_words)
{
        ck_assert(text_is_one_of("active|inactive", "INACTIVE"));
        ck_assert(!text_is_one_of("active|inactive", "act"));
        ck_assert(!text_is_one_of("active|inactive", ""));
        ck_assert(!text_is_one_of("active", NULL));
}
END_TEST

START_TEST(a_text_holds_one_of_some_words)
{
        ck_assert(text_holds_one("存量|历史", "历史违建"));
        ck_assert(text_holds_one("存量|历史", "违建（存量）"));
        ck_assert(!text_holds_one("存量|历史", "新增"));
        ck_assert(!text_holds_one("|", "新增"));
        ck_assert(!text_holds_one("存量", NULL));
}
END_TEST

/* Each name in brackets. */
static void names_assert(const char *text, const char *want)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        const char *name;
        size_t size;

        buffer_text(&out, "");
        while ((name = text_name_next(&text, &size)))
                buffer_format(&out, "(%.*s)", (int)size, name);
        ck_assert_msg(strcmp(out.bytes ? out.bytes : "", want) == 0, "%s", out.bytes);
}

START_TEST(several_names_in_one_text_are_parted_by_what_people_write)
{
        names_assert("大气,噪声", "(大气)(噪声)");
        names_assert("　大气，噪声、水；土壤 / 海洋+辐射　", "(大气)(噪声)(水)(土壤)(海洋)(辐射)");
        names_assert("大气-噪声", "(大气-噪声)");
        names_assert(" ,、 ", "");
        names_assert("", "");
}
END_TEST

START_TEST(full_width_letters_digits_and_signs_have_a_half)
{
        ck_assert_uint_eq(text_half(0xff21), 'A');
        ck_assert_uint_eq(text_half(0xff01), '!');
        ck_assert_uint_eq(text_half(0xff5e), '~');
        ck_assert_uint_eq(text_half(0xff5f), 0xff5f);
        ck_assert_uint_eq(text_half(0xff00), 0xff00);
        ck_assert_uint_eq(text_half('a'), 'a');
}
END_TEST

RUN("text_value", blanks_of_every_width_are_blanks, what_looks_like_a_blank_in_bytes_is_none,
    a_flag_is_true_only_by_a_word_for_yes, a_word_is_found_whole, a_whole_text_is_one_of_some_words,
    a_text_holds_one_of_some_words, several_names_in_one_text_are_parted_by_what_people_write,
    full_width_letters_digits_and_signs_have_a_half, a_number_that_lost_its_end_is_told)
