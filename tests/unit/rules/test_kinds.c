#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/rules/rules.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char file[] =
        "prior: 0\n"
        "merge: 0\n"
        "suggest: 0\n"
        "full: 70\n"
        "kinds:\n"
        "  stretch: { words: \"snow ice\", rate: 20, far: 30, along: 8, apart: -9, street: true, idle: 2d }\n"
        "  many: { words: \"graffiti vehicle 72-hour object\", rate: -12 }\n"
        "limits:\n"
        "  default: { rate: 1, members: 7 }\n"
        "  snow-day: { rate: 5 }\n";

static Rules *rules_of(const char *text, Error *err)
{
        char path[] = "/tmp/rules-XXXXXX";
        const int fd = mkstemp(path);
        const size_t size = strlen(text);

        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(write(fd, text, size), size);
        close(fd);
        Rules *rules = rules_load(path, err);
        unlink(path);
        return rules;
}

/* Of an entry of its own, of a kind by the words of the code, or the default's. */
static const struct {
        const char *code;
        int32_t rate;
} codes[] = {
        { "snow-day", 5 },
        { "snow-removal-request", 20 },
        { "Snow.Removal", 20 },
        { "snowdrift", 20 },          /* four letters stand for all that begin with them */
        { "road_ice", 20 },           /* three do not */
        { "road_iceland", 1 },        /* another word */
        { "police-notice", 1 },       /* within a word is none */
        { "new-graffiti", -12 },      /* whichever word it is */
        { "72-hour-violation", -12 }, /* a word may hold a hyphen */
        { "snow-object", 20 },        /* the first kind counts */
        { "graffit", 1 },
        { "E0504", 1 },
        { "", 1 },
};

static void codes_check(const Rules *rules)
{
        for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
                ck_assert_msg(rules_category(rules, codes[i].code)->own[CATEGORY_RATE] == codes[i].rate, "%s: %d",
                              codes[i].code, rules_category(rules, codes[i].code)->own[CATEGORY_RATE]);
        const CategoryRules *stretch = rules_category(rules, "ice");

        ck_assert_int_eq(stretch->own[CATEGORY_FAR], 30);
        ck_assert_int_eq(stretch->own[CATEGORY_APART], -9);
        ck_assert_int_eq(stretch->own[CATEGORY_ALONG], 8);
        ck_assert(stretch->street);
        ck_assert(!rules_category(rules, "graffiti-removal")->street);
        ck_assert_int_eq(stretch->idle_ms, (int64_t)2 * 24 * 3600 * 1000);
        ck_assert_int_eq(stretch->members, 7); /* what it leaves out is the default's */
        ck_assert_int_eq(rules_set(rules)->full, 70);
}

START_TEST(a_code_without_an_entry_is_of_the_kind_that_its_words_tell)
{
        Error err = { 0 };
        Rules *rules = rules_of(file, &err);

        ck_assert_msg(rules != NULL, "%s", err.text);
        codes_check(rules);
        rules_free(rules);
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };
        Rules *rules = rules_of(file, &err);

        rules_write(&text, rules);
        rules_free(rules);
        rules = rules_of(text.bytes, &err);
        ck_assert_msg(rules != NULL, "%s", err.text);
        codes_check(rules);
        rules_free(rules);
}
END_TEST

START_TEST(what_is_learnt_of_a_code_starts_from_its_kind)
{
        Error err = { 0 };
        Rules *rules = rules_of(file, &err);

        ck_assert_int_eq(rules_edit_category(rules, "ice-rink")->own[CATEGORY_FAR], 30);
        ck_assert_int_eq(rules_edit_category(rules, "E0504")->own[CATEGORY_FAR], 0);
        rules_free(rules);
}
END_TEST

START_TEST(a_kind_needs_words)
{
        static const char *const wrong[] = { "kinds: 3\n", "kinds: { a: { rate: 1 } }\n", "kinds: { a: 4 }\n",
                                             "kinds: { a: { words: \"b\", colour: red } }\n" };

        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                CLEANUP(buffer_free) Buffer text = { 0 };
                Error err = { 0 };

                buffer_format(&text, "prior: 0\nmerge: 0\nsuggest: 0\n%slimits:\n  default: { rate: 1 }\n", wrong[i]);
                ck_assert_ptr_null(rules_of(text.bytes, &err));
                ck_assert_ptr_nonnull(strstr(err.text, i == 3 ? "colour" : "kinds"));
        }
}
END_TEST

RUN("kinds", a_code_without_an_entry_is_of_the_kind_that_its_words_tell, what_is_written_is_read_again,
    what_is_learnt_of_a_code_starts_from_its_kind, a_kind_needs_words)
