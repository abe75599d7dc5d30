#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"

#include <string.h>

START_TEST(equality_knows_null)
{
        ck_assert(text_same("a", "a"));
        ck_assert(!text_same("a", "b"));
        ck_assert(text_same(NULL, NULL));
        ck_assert(!text_same("", NULL));
        ck_assert(text_starts("hub.events", "hub."));
        ck_assert(!text_starts("hu", "hub"));
}
END_TEST

/* Unicode 15, table 3-7: what PostgreSQL refuses must not get that far. */
START_TEST(utf8_is_judged_strictly)
{
        static const char *const good[] = { "",
                                            "a",
                                            "\x7f",
                                            "é",
                                            "湖里",
                                            "\xef\xbf\xbf",
                                            "\xf0\x9f\x98\x80",
                                            "\xf4\x8f\xbf\xbf",
                                            "\xed\x9f\xbf",
                                            "\xee\x80\x80" };
        static const char *const bad[] = { "\x80",
                                           "\xc0\xaf",
                                           "\xc1\xbf",
                                           "\xc2",
                                           "\xc2\x61",
                                           "\xe0\x9f\xbf",
                                           "\xed\xa0\x80",
                                           "\xf0\x8f\xbf\xbf",
                                           "\xf4\x90\x80\x80",
                                           "\xf5\x80\x80\x80",
                                           "\xff",
                                           "\xe6\xb9" };

        for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
                ck_assert_msg(text_is_utf8(good[i], strlen(good[i])), "good %zu", i);
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                ck_assert_msg(!text_is_utf8(bad[i], strlen(bad[i])), "bad %zu", i);
}
END_TEST

/* Every code point goes out and comes back; one that is no character becomes U+FFFD. */
START_TEST(points_survive_a_round_trip)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        for (uint32_t point = 1; point <= 0x110001; point += point < 0x3000 ? 1 : 97) {
                bool good = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
                const char *at;

                buffer_clear(&out);
                text_put(&out, point);
                at = out.bytes;
                ck_assert_uint_eq(text_next(&at, out.bytes + out.size), good ? point : 0xfffd);
                ck_assert_ptr_eq(at, out.bytes + out.size);
        }
}
END_TEST

/* Unicode 15 table 3-8: 61 F1 80 80 E1 80 C2 62 80 63 80 BF 64 has six breaks. */
START_TEST(broken_sequences_are_maximal_subparts)
{
        const char *at = "\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64", *end = at + 13;
        const uint32_t want[] = { 'a', 0xfffd, 0xfffd, 0xfffd, 'b', 0xfffd, 'c', 0xfffd, 0xfffd, 'd' };

        for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
                ck_assert_uint_eq(text_next(&at, end), want[i]);
        ck_assert_ptr_eq(at, end);
        ck_assert_uint_eq(text_next(&at, end), 0);
}
END_TEST

START_TEST(lengths_count_characters)
{
        ck_assert_uint_eq(text_points("湖里a"), 3);
        ck_assert_uint_eq(text_cut("湖里a", 2), 6);
        ck_assert_uint_eq(text_cut("湖里a", 9), 7);
        ck_assert_uint_eq(text_cut("湖里a", 0), 0);
}
END_TEST

static void normalise_assert(const char *text, const char *want)
{
        CLEANUP(buffer_free) Buffer out = { 0 };

        text_normalise(&out, text, strlen(text));
        ck_assert_str_eq(out.bytes, want);
}

/* Two people write the same place in two ways. */
START_TEST(normalised_texts_compare)
{
        normalise_assert("枋湖南路 １２８号，Ｂ座", "枋湖南路128号b座");
        normalise_assert("枋湖南路128号、b座。", "枋湖南路128号b座");
        normalise_assert("（店外）经营！", "店外经营");
        normalise_assert("二〇二三，人々", "二〇二三人々");
        normalise_assert("A-1_b\t(c)", "a1bc");
        normalise_assert(" 　\n", "");
}
END_TEST

START_TEST(the_nearest_name_is_near)
{
        static const char *const names[] = { "url", "topics", "qos", "durability" };

        ck_assert_str_eq(text_nearest("topcis", names, 4), "topics");
        ck_assert_str_eq(text_nearest("ulr", names, 4), "url");
        ck_assert_str_eq(text_nearest("durabilty", names, 4), "durability");
        ck_assert_ptr_null(text_nearest("password", names, 4));
        ck_assert_ptr_null(text_nearest("", names, 4));
        ck_assert_ptr_null(text_nearest("x", names, 0));
}
END_TEST

START_TEST(an_endless_name_has_no_neighbour)
{
        static const char *const names[] = { "url" };
        char name[5000];

        memset(name, 'u', sizeof(name) - 1);
        name[sizeof(name) - 1] = '\0';
        ck_assert_ptr_null(text_nearest(name, names, 1));
}
END_TEST

START_TEST(integers_are_whole_texts_in_range)
{
        static const char *const bad[] = {
                "", "-", "+", " 1", "1 ", "1.0", "0x10", "1e3", "9223372036854775808", "-9223372036854775809", "１"
        };
        int64_t value = 77;

        ck_assert(text_read_integer("-9223372036854775808", &value) && value == INT64_MIN);
        ck_assert(text_read_integer("0504", &value) && value == 504);
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                ck_assert_msg(!text_read_integer(bad[i], &value), "\"%s\"", bad[i]);
        ck_assert_int_eq(value, 504);
}
END_TEST

START_TEST(numbers_are_whole_texts_and_finite)
{
        static const char *const bad[] = { "",    ".",     "-",  "1,5",   " 1",    "1 ", "nan",
                                           "inf", "0x1p3", "1e", "1e400", "1.2.3", "e5" };
        double value = 0;

        ck_assert(text_read_number("118.1147685", &value) && value == 118.1147685);
        ck_assert(text_read_number(".5", &value) && value == .5);
        ck_assert(text_read_number("-1.5E+2", &value) && value == -150);
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                ck_assert_msg(!text_read_number(bad[i], &value), "\"%s\"", bad[i]);
}
END_TEST

RUN("text", equality_knows_null, utf8_is_judged_strictly, points_survive_a_round_trip,
    broken_sequences_are_maximal_subparts, lengths_count_characters, normalised_texts_compare, the_nearest_name_is_near,
    an_endless_name_has_no_neighbour, integers_are_whole_texts_in_range, numbers_are_whole_texts_and_finite)
