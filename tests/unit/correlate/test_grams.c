#include "hub/correlate/grams.h"
#include "tests/unit/base/run.h"

static int32_t cosine(const char *one, const char *other)
{
        Grams a, b;

        grams_make(&a, NULL, one);
        grams_make(&b, NULL, other);
        const int32_t result = grams_cosine(&a, &b);
        grams_free(&a);
        grams_free(&b);
        return result;
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

START_TEST(the_title_weighs_three_times)
{
        Grams titled, plain;

        grams_make(&titled, "店外经营", NULL);
        grams_make(&plain, NULL, "店外经营");
        ck_assert_uint_eq(titled.size, plain.size);
        ck_assert_uint_eq(titled.items[0].count, 3 * plain.items[0].count);
        grams_free(&titled);
        grams_free(&plain);
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
        grams_make(&grams, "油烟油烟油烟", text);
        ck_assert_uint_eq(grams.size, GRAMS_MOST);
        unsigned heaviest = 0;
        for (uint32_t i = 0; i < grams.size; i++) {
                heaviest = grams.items[i].count > heaviest ? grams.items[i].count : heaviest;
                ck_assert(i == 0 || grams.items[i].code > grams.items[i - 1].code);
        }
        ck_assert_uint_ge(heaviest, 9);
        grams_free(&grams);
}
END_TEST

RUN("grams", same_words_are_the_same_text, a_paraphrase_is_nearer_than_another_matter,
    nothing_said_is_absent_not_different, the_title_weighs_three_times, a_long_text_keeps_its_heaviest_grams)
