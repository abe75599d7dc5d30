#include "hub/base/memory.h"
#include "hub/rules/rules.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
        char folder[32];
} Place;

static void place_make(Place *place)
{
        snprintf(place->folder, sizeof place->folder, "/tmp/hub-words-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(place->folder));
}

static char *put(const Place *place, const char *name, const char *text)
{
        char *path = text_format("%s/%s", place->folder, name);
        FILE *file = fopen(path, "w");

        ck_assert_ptr_nonnull(file);
        fputs(text, file);
        fclose(file);
        return path;
}

static uint16_t code_of(const char *pair)
{
        static Reading reading;

        reading = (Reading){ .codes_size = 0 };
        reading_add(&reading, pair, 1);
        ck_assert_uint_eq(reading.codes_size, 1);
        return reading.codes[0].code;
}

static uint32_t weight(const Words *words, const char *pair)
{
        return words_weight(words, code_of(pair));
}

START_TEST(phrases_are_counted_by_their_pairs)
{
        CLEANUP(mem_drop) Words *words = mem_new(sizeof *words);
        Place place;
        Error err = { 0 };

        place_make(&place);
        CLEANUP(mem_drop)
        char *path = put(&place, "words.yaml", "texts: 254\ncommon:\n  反映: 63\n  市民反映: 15\n  The: 127\n");
        ck_assert_msg(words_start(words, path, &err), "%s", err.text);
        ck_assert_uint_eq(words->known_texts, 254);
        ck_assert_uint_eq(weight(words, "烧烤"), 8 * 64); /* log2 (254 + 2) / 1 */
        ck_assert_uint_eq(weight(words, "市民"), 4 * 64); /* 256 / 16 */
        ck_assert_uint_eq(weight(words, "反映"), 2 * 64); /* the more common phrase counts: 256 / 64 */
        ck_assert_uint_eq(weight(words, "THE"), 64);
}
END_TEST

START_TEST(a_wrong_file_is_named_by_line)
{
        static const char *const wrong[][2] = {
                { "common: {}\n", "texts" },
                { "texts: 10\n", "common" },
                { "texts: many\ncommon: {}\n", "words.yaml:1" },
                { "texts: 10\ncommon:\n  市民: 11\n", "words.yaml:3" },
                { "texts: 10\ncommon:\n  市民: -1\n", "words.yaml:3" },
                { "texts: 10\ncommon: {}\nforms: { 投诉: 1 }\n", "words.yaml:3" },
                { "texts: 10\ncommon: {}\nforms:\n  - [ 投诉 ]\n", "words.yaml:4" },
        };
        Place place;

        place_make(&place);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                CLEANUP(mem_drop) Words *words = mem_new(sizeof *words);
                CLEANUP(mem_drop) char *path = put(&place, "words.yaml", wrong[i][0]);
                Error err = { 0 };

                ck_assert(!words_start(words, path, &err));
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_msg(strstr(err.text, wrong[i][1]) != NULL, "%s in %s", wrong[i][1], err.text);
        }
}
END_TEST

/* Decide reads it: other words are other rules. */
START_TEST(the_rules_version_covers_the_words)
{
        static const char rules_text[] = "words: words.yaml\nprior: 0\nmerge: 0\nsuggest: 0\nlimits: { default: {} }\n";
        Rules *rules[2];
        Place place;
        Error err = { 0 };

        place_make(&place);
        CLEANUP(mem_drop) char *path = put(&place, "rules.yaml", rules_text);
        for (size_t i = 0; i < 2; i++) {
                CLEANUP(mem_drop)
                char *words = put(&place, "words.yaml",
                                  i ? "texts: 10\ncommon: { 市民: 2 }\n" : "texts: 10\ncommon: { 市民: 1 }\n");

                ck_assert_ptr_nonnull(words);
                rules[i] = rules_load(path, &err);
                ck_assert_msg(rules[i] != NULL, "%s", err.text);
                ck_assert_uint_eq(rules_words(rules[i])->known[code_of("市民")], i + 1);
        }
        ck_assert_str_ne(rules_version(rules[0]), rules_version(rules[1]));
        rules_free(rules[0]);
        rules_free(rules[1]);
}
END_TEST

START_TEST(the_shipped_words_hold)
{
        Error err = { 0 };
        Rules *rules = rules_load(NULL, &err);

        ck_assert_msg(rules != NULL, "%s", err.text);
        ck_assert_uint_lt(weight(rules_words(rules), "市民"), weight(rules_words(rules), "烧烤"));
        rules_free(rules);
}
END_TEST

RUN("words", phrases_are_counted_by_their_pairs, a_wrong_file_is_named_by_line, the_rules_version_covers_the_words,
    the_shipped_words_hold)
