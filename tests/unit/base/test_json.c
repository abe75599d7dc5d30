#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "tests/unit/base/run.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

static json_t *read_text(const char *text)
{
        Error err = { 0 };
        json_t *json = json_read(text, strlen(text), &err);

        ck_assert_msg(json != NULL, "%s: %s", text, err.text);
        return json;
}

/* Platform 11 gave an id of 41 digits without quotes, a specification a code 006: no digit may be lost. */
START_TEST(numbers_keep_their_text)
{
        CLEANUP(json_drop)
        json_t *json = read_text("{\"id\":35020600000000000000000000000000000000041, \"lat\" : 24.50,\n"
                                 "\"a\":[1,-0,1e400,-2.5E-3],\"s\":\"7\",\"t\":true,\"n\":null,\"o\":{}}");

        ck_assert_str_eq(json_text(json, "id"), "35020600000000000000000000000000000000041");
        ck_assert_str_eq(json_text(json, "lat"), "24.50");
        ck_assert_str_eq(json_text(json, "a.0"), "1");
        ck_assert_str_eq(json_text(json, "a.1"), "-0");
        ck_assert_str_eq(json_text(json, "a.2"), "1e400");
        ck_assert_str_eq(json_text(json, "a.3"), "-2.5E-3");
        ck_assert_str_eq(json_text(json, "s"), "7");
        ck_assert_str_eq(json_text(json, "t"), "true");
        ck_assert_ptr_null(json_text(json, "n"));
        ck_assert_ptr_null(json_text(json, "o"));
        ck_assert_ptr_null(json_text(json, "a"));
        ck_assert_ptr_null(json_text(json, "a.4"));
        ck_assert_ptr_null(json_text(json, "a.00000000000"));
        ck_assert_ptr_null(json_text(json, "a.-1"));
        ck_assert_ptr_null(json_text(json, "s.x"));
}
END_TEST

START_TEST(absent_has_many_forms)
{
        CLEANUP(json_drop)
        json_t *json = read_text(
                "{\"a\":\"\",\"b\":\"-\",\"c\":null,\"d\":{\"e\":\" \",\"f\":\" \u3000\u00a0-\",\"g\":\" x\"}}");

        ck_assert_ptr_null(json_text(json, "a"));
        ck_assert_ptr_null(json_text(json, "b"));
        ck_assert_ptr_null(json_text(json, "c"));
        ck_assert_ptr_null(json_text(json, "x.y.z"));
        ck_assert_ptr_null(json_text(NULL, "x"));
        ck_assert_ptr_null(json_text(json, "d.e"));
        ck_assert_ptr_null(json_text(json, "d.f"));
        ck_assert_str_eq(json_text(json, "d.g"), " x");
        ck_assert_ptr_eq(json_at(json, ""), json);
}
END_TEST

static void refused_assert(const char *text, size_t size, const char *reason, const char *want)
{
        Error err = { 0 };

        ck_assert_msg(!json_read(text, size, &err), "%s", text);
        ck_assert_msg(text_same(err.reason, reason), "%s: %s, not %s", text, err.reason, reason);
        ck_assert_int_eq(err.kind, ERR_INPUT);
        if (want)
                ck_assert_str_eq(err.text, want);
}

#define REFUSED(text, reason, want) refused_assert((text), sizeof(text) - 1, (reason), (want))

/* Quoting numbers must not make a document of what is none. */
START_TEST(what_rfc_8259_forbids_is_refused)
{
        static const char *const bad[] = { "006",
                                           "-01",
                                           "1.",
                                           ".5",
                                           "+1",
                                           "NaN",
                                           "-",
                                           "1e",
                                           "1e+",
                                           "0x1",
                                           "1 2",
                                           "[1 2]",
                                           "[1,]",
                                           "[,1]",
                                           "{\"a\":1,2 :3}",
                                           "{1:2}",
                                           "{\"a\":1,2:3}",
                                           "{\"a\" 1}",
                                           "[1\"a\"]",
                                           "[\"a\"1]",
                                           "1\"\"",
                                           "- 1",
                                           "[- 1]",
                                           "{\"a\":}",
                                           "",
                                           " ",
                                           "[1:2]",
                                           "[1}",
                                           "{\"a\":1]",
                                           "1x",
                                           "[1.5.6]",
                                           "\xef\xbb\xbf",
                                           "'a'",
                                           "[1\f]",
                                           "\"a\nb\"",
                                           "\"\\ud800\"",
                                           "{\"a\":1 \"b\":2}",
                                           "1,2",
                                           "[1-2]",
                                           "[true1]",
                                           "[1true]" };
        Error err = { 0 };

        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                refused_assert(bad[i], strlen(bad[i]), "not_json", NULL);
        REFUSED("1\0", "not_json", NULL);
        REFUSED("[\0]", "not_json", "line 1 column 2: a NUL byte");
        ck_assert_ptr_null(json_read_typed("12\0", 3, &err));
        REFUSED("\"\xff\"", "bad_charset", NULL);
}
END_TEST

/* PostgreSQL keeps the last of two members, others the first: nobody may choose for the platform. */
START_TEST(duplicate_members_are_refused)
{
        REFUSED("{\"a\":1,\n \"b\":22,\"a\":3}", "duplicate_key", "line 2 column 12: duplicate object key");
        REFUSED("[{\"a\":{\"x\":1,\"\\u0078\":2}}]", "duplicate_key", NULL);
}
END_TEST

START_TEST(errors_say_where_and_show_no_value)
{
        REFUSED("{\"phone\":13800138000,\n\"名\":\"张三\", \"x\":1, y}", "not_json", NULL);
        REFUSED("[1,2,3,x]", "not_json", "line 1 column 9: invalid token");
        REFUSED("[1,\n2,\n33,44 x]", "not_json", "line 3 column 8: ']' expected");
}
END_TEST

static json_t *nest(size_t depth, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        for (size_t i = 0; i < depth; i++)
                buffer_text(&text, i % 2 ? "{\"a\":" : "[");
        buffer_text(&text, "1");
        for (size_t i = depth; i-- > 0;)
                buffer_text(&text, i % 2 ? "}" : "]");
        return json_read(text.bytes, text.size, err);
}

START_TEST(depth_is_limited)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *most = nest(32, &err);

        ck_assert_ptr_nonnull(most);
        ck_assert_ptr_null(nest(33, &err));
        ck_assert_str_eq(err.reason, "too_deep");
        ck_assert_ptr_null(nest(1000000, &err));
        ck_assert_str_eq(err.reason, "too_deep");
        ck_assert_ptr_null(
                json_read_typed("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", 67, &err));
        ck_assert_str_eq(err.reason, "too_deep");
}
END_TEST

static void mends(const char *text, size_t size, const char *want, bool of_text, bool of_value)
{
        Error err = { 0 };
        JsonMend found;
        CLEANUP(json_drop) json_t *json = json_read_mended(text, size, &found, &err);
        CLEANUP(mem_drop) char *got = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
        CLEANUP(json_drop) json_t *strict = json_read(text, size, &err);

        ck_assert_msg(json != NULL, "%s: %s", text, err.text);
        ck_assert_str_eq(got, want);
        ck_assert_msg(found.text == of_text && found.value == of_value && !found.cut, "%s", text);
        ck_assert_int_eq(strict != NULL, !of_text && !of_value);
}

#define MENDS_TEXT(text, want)  mends((text), sizeof(text) - 1, (want), true, false)
#define MENDS_VALUE(text, want) mends((text), sizeof(text) - 1, (want), false, true)

/* A cut emoji, a raw line feed or a path in one description cost the page that it stood in. */
START_TEST(a_bad_character_costs_no_page)
{
        MENDS_TEXT("[\"a\\ud83d\",\"b\"]", "[\"a\xef\xbf\xbd\",\"b\"]");
        MENDS_TEXT("[\"\\ude00\\ud83d\\ude00\\ud83d\\u0041\"]", "[\"\xef\xbf\xbd\xf0\x9f\x98\x80\xef\xbf\xbd"
                                                                "A\"]");
        MENDS_TEXT("[\"a\nb\tc\x01\"]", "[\"a\\nb\\tc\\u0001\"]");
        MENDS_TEXT("[\"a\0b\"]", "[\"a\xef\xbf\xbd"
                                 "b\"]");
        MENDS_TEXT("[\"\xe7\x83\",\"\xff\xe7\x83\xa7\"]", "[\"\xef\xbf\xbd\",\"\xef\xbf\xbd\xe7\x83\xa7\"]");
        MENDS_TEXT("[\"C:\\data\\x1\\u12\",\"it\\'s\"]", "[\"C:\\\\data\\\\x1\\\\u12\",\"it's\"]");
        MENDS_TEXT("{\xc2\xa0\"a\":\xe3\x80\x80"
                   "1\x1a}",
                   "{\"a\":\"1\"}");
        mends("\xef\xbb\xbf[1]", 6, "[\"1\"]", false, false);
        mends("[\"\\u0000\\ud83d\\ude00\"]", 22, "[\"\xef\xbf\xbd\xf0\x9f\x98\x80\"]", false, false);
}
END_TEST

START_TEST(a_bad_value_costs_no_page)
{
        MENDS_VALUE("{\"a\":NaN,\"b\":1}", "{\"a\":null,\"b\":\"1\"}");
        MENDS_VALUE("[Infinity,-Infinity,undefined,None,nan,True,false]", "[null,null,null,null,null,true,false]");
        MENDS_VALUE("[+1,.5,5.,-,1.2.3,2023-12-05]", "[\"+1\",\".5\",\"5.\",\"-\",\"1.2.3\",\"2023-12-05\"]");
        MENDS_VALUE("{\"a\":350206231205000001.50,\"b\":NaN}", "{\"a\":\"350206231205000001.50\",\"b\":null}");
        MENDS_VALUE("[1,2, ]", "[\"1\",\"2\"]");
        MENDS_VALUE("{\"rows\":[{\"a\":1,},],}", "{\"rows\":[{\"a\":\"1\"}]}");
        MENDS_VALUE("[,1,,2]", "[\"1\",\"2\"]");
        MENDS_VALUE("{\"a\":,\"b\":}", "{\"a\":null,\"b\":null}");
}
END_TEST

/* What is no document of ours stays refused, for the reason that the strict reader has; what ends too early says so. */
START_TEST(what_cannot_be_mended_is_refused)
{
        static const struct {
                const char *text, *reason;
                bool cut;
        } bad[] = { { "", "not_json", false },
                    { "<html>", "not_json", false },
                    { "NaN", "not_json", false },
                    { "error: gone", "not_json", false },
                    { "{a:1}", "not_json", false },
                    { "{'a':1}", "not_json", false },
                    { "[abc]", "not_json", false },
                    { "[006]", "not_json", false },
                    { "[6x]", "not_json", false },
                    { "[1,2}", "not_json", false },
                    { "{\"rows\":[1,2}", "not_json", false },
                    { "{\"a\":1}}", "not_json", false },
                    { "[\"he said \"hi\"\"]", "not_json", false },
                    { "[1] [2]", "not_json", false },
                    { "{\"a\":1,\"a\":NaN}", "duplicate_key", false },
                    { "{\"a\":1", "not_json", true },
                    { "{\"a\":", "not_json", true },
                    { "{\"a\":tru", "not_json", true },
                    { "[\"\\ud83d", "not_json", true },
                    { "[\"\\u12", "not_json", true },
                    { "[\"a\\", "not_json", true },
                    { "[\"\xe7\x83", "bad_charset", true },
                    { "{\"rows\":[{\"a\":NaN},", "not_json", true } };

        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                Error err = { 0 };
                JsonMend found;

                ck_assert_msg(!json_read_mended(bad[i].text, strlen(bad[i].text), &found, &err), "%s", bad[i].text);
                ck_assert_str_eq(err.reason, bad[i].reason);
                ck_assert_msg(found.cut == bad[i].cut && !found.text && !found.value, "%s", bad[i].text);
        }
}
END_TEST

START_TEST(typed_numbers_stay_numbers)
{
        static const char text[] = "\xef\xbb\xbf{\"a\":1,\"b\":-1.5,\"c\":0}";
        Error err = { 0 };
        CLEANUP(json_drop) json_t *json = json_read_typed(text, sizeof(text) - 1, &err);
        double value;

        ck_assert_int_eq(json_integer_value(json_at(json, "a")), 1);
        ck_assert(json_number(json, "b", &value, &err) && value == -1.5);
        ck_assert(json_flag(json, "a") && !json_flag(json, "c"));
        ck_assert_ptr_null(json_read_typed("9223372036854775808", 19, &err));
        ck_assert_str_eq(err.reason, "bad_value");
}
END_TEST

START_TEST(of_several_paths_the_first_with_a_text_counts)
{
        CLEANUP(json_drop) json_t *json = read_text("{\"a\":\"-\",\"b\":{\"c\":\"x\"},\"d\":\"y\"}");

        ck_assert_str_eq(json_first(json, "none|a|b.c|d"), "x");
        ck_assert_str_eq(json_first(json, "d|b.c"), "y");
        ck_assert_ptr_null(json_first(json, "a|b|none"));
        ck_assert_ptr_null(json_first(NULL, "a|d"));
}
END_TEST

/* A list stands in a page under one of many names; a word for nothing is none. */
START_TEST(of_several_paths_the_first_that_is_there_counts)
{
        CLEANUP(json_drop) json_t *json = read_text("{\"a\":\"-\",\"b\":{\"c\":[]},\"d\":\"y\",\"e\":null}");
        CLEANUP(mem_drop) char *path = NULL;

        const json_t *list = json_find(json, "none|a|e|b.c|d", &path);

        ck_assert(json_is_array(list));
        ck_assert_str_eq(path, "b.c");
        ck_assert(json_is_object(json_find(json, "b|b.c", NULL)));
        ck_assert_str_eq(json_string_value(json_find(json, "e|d", NULL)), "y");
        ck_assert_ptr_null(json_find(json, "a|e|none", NULL));
        ck_assert_ptr_null(json_find(NULL, "d", NULL));
}
END_TEST

START_TEST(flags_have_many_forms)
{
        CLEANUP(json_drop)
        json_t *json = read_text("[true,\"true\",\"1\",2,false,\"false\",\"0\",0,null,\"yes\",\"\",{}]");

        for (size_t i = 0; i < json_array_size(json); i++)
                ck_assert_msg(json_flag(json_array_get(json, i), "") == (i < 4), "%zu", i);
        ck_assert(!json_flag(json, "99"));
}
END_TEST

/* The value of a personal field must not get into a text that is logged. */
START_TEST(a_wrong_number_names_the_field_only)
{
        CLEANUP(json_drop)
        json_t *json = read_text("{\"lat\":\"24.5\",\"lon\":\"张三\",\"e\":\"-\",\"o\":[],\"big\":1e999}");
        Error err = { 0 };
        double value = 0;

        ck_assert(json_number(json, "lat", &value, &err) && value == 24.5);
        ck_assert(!json_number(json, "lon", &value, &err));
        ck_assert_str_eq(err.text, "lon: is no number");
        ck_assert_str_eq(err.reason, "bad_value");
        ck_assert(!json_number(json, "o", &value, &err));
        ck_assert_str_eq(err.reason, "bad_value");
        ck_assert(!json_number(json, "big", &value, &err));
        ck_assert_str_eq(err.reason, "bad_value");
        ck_assert(!json_number(json, "e", &value, &err));
        ck_assert_str_eq(err.reason, "missing_field");
        ck_assert(!json_number(json, "none", &value, &err));
        ck_assert_str_eq(err.text, "none: missing");
        ck_assert(value == 24.5);
}
END_TEST

START_TEST(written_texts_are_read_back)
{
        static const char text[] = "a\"b\\c/\n\t\x01\x1f\x7f 湖\xf0\x9f\x98\x80";
        CLEANUP(buffer_free) Buffer out = { 0 };
        CLEANUP(json_drop) json_t *json = NULL;
        Error err;

        json_write_text(&out, text, sizeof(text) - 1);
        ck_assert_str_eq(out.bytes, "\"a\\\"b\\\\c/\\u000a\\u0009\\u0001\\u001f\x7f 湖\xf0\x9f\x98\x80\"");
        json = json_read(out.bytes, out.size, &err);
        ck_assert_str_eq(json_text(json, ""), text);
        buffer_clear(&out);
        json_write_text(&out, "", 0);
        ck_assert_str_eq(out.bytes, "\"\"");
}
END_TEST

/* A NUL that a platform escapes costs no record: no text of ours can hold one. */
START_TEST(an_escaped_nul_becomes_a_replacement)
{
        static const char text[] = "{\"a\\u0000\": \"x\\u0000y\", \"kept\": \"\\\\u0000\", \"odd\": \"\\\\\\u0000\"}";
        Error err = { 0 };
        CLEANUP(json_drop) json_t *json = json_read(text, strlen(text), &err);

        ck_assert_msg(json != NULL, "%s", err.text);
        ck_assert_str_eq(json_text(json, "a\xef\xbf\xbd"), "x\xef\xbf\xbdy");
        ck_assert_str_eq(json_text(json, "kept"), "\\u0000");
        ck_assert_str_eq(json_text(json, "odd"), "\\\xef\xbf\xbd");
}
END_TEST

/* What our contract refuses though the RFC allows it: double members; and on our own topics, which no NUL reaches, its
 * escape. */
static bool is_excepted(const char *name, bool typed)
{
        return strncmp(name, "y_object_duplicated_key", strlen("y_object_duplicated_key")) == 0 ||
               (typed && (strcmp(name, "y_string_null_escape.json") == 0 ||
                          strcmp(name, "y_object_escaped_null_in_key.json") == 0));
}

static void suite_file_assert(const char *folder, const char *name)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(json_drop) json_t *json = NULL;
        CLEANUP(json_drop) json_t *typed = NULL;
        Error err = { 0 };

        ck_assert_msg(file_read(&text, path, 10000000, &err), "%s", err.text);
        json = json_read(text.bytes, text.size, &err);
        typed = json_read_typed(text.bytes, text.size, &err);
        if (name[0] == 'y') {
                ck_assert_msg(is_excepted(name, false) ? !json : json != NULL, "%s: %s", name, err.text);
                ck_assert_msg(is_excepted(name, true) ? !typed : typed != NULL, "%s: %s", name, err.text);
        } else if (name[0] == 'n') {
                ck_assert_msg(!json && !typed, "%s was accepted", name);
        }
}

/* JSONTestSuite of Nicolas Seriot. */
START_TEST(the_published_suite)
{
        const char *samples = getenv("HUB_SAMPLES");
        CLEANUP(mem_drop) char *path = text_format("%s/common/json/test_parsing", samples ? samples : "");
        size_t files = 0;
        DIR *folder;

        if (!samples) {
                printf("skipped without HUB_SAMPLES: the_published_suite\n");
                return;
        }
        folder = opendir(path);
        ck_assert_ptr_nonnull(folder);
        for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
                if (entry->d_name[0] == '.')
                        continue;
                suite_file_assert(path, entry->d_name);
                files++;
        }
        closedir(folder);
        printf("the_published_suite: %zu files\n", files);
        ck_assert_uint_gt(files, 100);
}
END_TEST

RUN("json", numbers_keep_their_text, absent_has_many_forms, what_rfc_8259_forbids_is_refused,
    duplicate_members_are_refused, errors_say_where_and_show_no_value, depth_is_limited, a_bad_character_costs_no_page,
    a_bad_value_costs_no_page, what_cannot_be_mended_is_refused, typed_numbers_stay_numbers, flags_have_many_forms,
    of_several_paths_the_first_with_a_text_counts, of_several_paths_the_first_that_is_there_counts,
    a_wrong_number_names_the_field_only, written_texts_are_read_back, an_escaped_nul_becomes_a_replacement,
    the_published_suite)
