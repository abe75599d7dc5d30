#include "hub/base/memory.h"
#include "hub/wording/grams.h"
#include "tests/unit/base/run.h"

#include <stdlib.h>

static void make(Grams *grams, const char *title, const char *description, const Words *words)
{
        Reading reading = { .codes_size = 0 };

        reading_add(&reading, title, 3);
        reading_add(&reading, description, 1);
        grams_make(grams, &reading, words);
}

static int32_t weighed(const char *one, const char *other, const Words *words)
{
        Grams a, b;

        make(&a, NULL, one, words);
        make(&b, NULL, other, words);
        const int32_t result = grams_cosine(&a, &b);
        grams_free(&a);
        grams_free(&b);
        return result;
}

static int32_t cosine(const char *one, const char *other)
{
        return weighed(one, other, NULL);
}

START_TEST(same_words_are_the_same_text)
{
        ck_assert_int_eq(cosine("店铺把桌子摆到人行道", "店铺把桌子摆到人行道"), 1000);
        ck_assert_int_eq(cosine("Pothole on Main Street", "pothole, on MAIN street!"), 1000);
        ck_assert_int_eq(cosine("ＡＢＣ１２３", "abc123"), 1000);
}
END_TEST

START_TEST(a_paraphrase_is_nearer_than_another_matter)
{
        const int32_t paraphrase = cosine("店铺把桌子摆到人行道上影响通行", "商家桌子摆到人行道,行人没法通行");

        ck_assert_int_gt(paraphrase, 200);
        ck_assert_int_lt(cosine("店铺把桌子摆到人行道上影响通行", "半夜施工噪音太大睡不着"), 50);
        ck_assert_int_lt(paraphrase, 1000);
}
END_TEST

START_TEST(nothing_said_is_absent_not_different)
{
        ck_assert_int_eq(cosine("", "店铺"), -1);
        ck_assert_int_eq(cosine(NULL, NULL), -1);
        ck_assert_int_eq(cosine("！？…", "店铺"), -1);
        ck_assert_int_eq(cosine("店铺", "噪音"), 0);
}
END_TEST

START_TEST(what_stands_in_the_title_weighs_more)
{
        Grams titled, plain;

        make(&titled, "店外经营", NULL, NULL);
        make(&plain, NULL, "店外经营", NULL);
        ck_assert_uint_eq(titled.size, plain.size);
        ck_assert_uint_gt(titled.items[0].weight, plain.items[0].weight);
        ck_assert_uint_le(titled.items[0].weight, 3 * plain.items[0].weight);
        grams_free(&titled);
        grams_free(&plain);
}
END_TEST

START_TEST(what_everybody_says_counts_little)
{
        Words *words = mem_new(sizeof *words);
        const char *one = "尊敬的领导您好 万国城养老院", *other = "尊敬的领导您好 公交车等很久";

        words->day = 0;
        const int32_t before = weighed(one, other, words);
        for (int i = 0; i < 50; i++)
                words_count(words, NULL, "尊敬的领导您好");
        ck_assert_int_eq(weighed(one, other, words), before); /* of today: not yet */
        words_time(words, INT64_C(2) * 86400000, 7);
        ck_assert_int_eq(words->offset, 7);
        ck_assert_int_lt(weighed(one, other, words), before / 3);
        free(words);
}
END_TEST

START_TEST(words_come_back_as_they_were_stored)
{
        Words *words = mem_new(sizeof *words), *again = mem_new(sizeof *again);
        Buffer bytes = { 0 };

        words_count(words, "万国城", "养老院 pothole");
        words_count(words, NULL, "养老院");
        words_time(words, INT64_C(3) * 86400000, 0);
        words_write(words, &bytes);
        ck_assert(words_read(again, bytes.bytes, bytes.size));
        ck_assert_uint_eq(again->known_texts, 2);
        ck_assert_mem_eq(again->known, words->known, sizeof words->known);
        ck_assert(!words_read(again, bytes.bytes, bytes.size - 1));
        buffer_free(&bytes);
        free(words);
        free(again);
}
END_TEST

START_TEST(midnight_is_that_of_shanghai)
{
        ck_assert_int_eq(words_day(INT64_C(1701705599999)), words_day(INT64_C(1701705600000)) - 1);
}
END_TEST

START_TEST(a_long_text_keeps_its_heaviest_grams)
{
        char text[4 * 3000 + 1];
        Grams grams;
        size_t size = 0;

        for (unsigned i = 0; i < 3000; i++) {
                const unsigned point = 0x4e00 + i;

                text[size++] = (char)(0xe0 | point >> 12);
                text[size++] = (char)(0x80 | (point >> 6 & 63));
                text[size++] = (char)(0x80 | (point & 63));
        }
        text[size] = 0;
        make(&grams, "油烟油烟油烟", text, NULL);
        ck_assert_uint_eq(grams.size, GRAMS_MOST);
        unsigned heaviest = 0;
        for (uint32_t i = 0; i < grams.size; i++) {
                heaviest = grams.items[i].weight > heaviest ? grams.items[i].weight : heaviest;
                ck_assert(i == 0 || grams.items[i].code > grams.items[i - 1].code);
        }
        ck_assert_uint_gt(heaviest, grams.items[0].weight); /* the title, said three times over */
        grams_free(&grams);
}
END_TEST

RUN("grams", same_words_are_the_same_text, a_paraphrase_is_nearer_than_another_matter,
    nothing_said_is_absent_not_different, what_stands_in_the_title_weighs_more, what_everybody_says_counts_little,
    words_come_back_as_they_were_stored, midnight_is_that_of_shanghai, a_long_text_keeps_its_heaviest_grams)
