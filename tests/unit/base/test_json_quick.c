#include "hub/base/json_private.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>

/* clang-format off */
static const char *const documents[] = {
        "{\"type\":\"new\",\"before\":null,\"after\":{\"id\":\"17.5-9\",\"box\":[424,500,-536,0],\"score\":0.8,\"clip\":false,\"has\":true,\"none\":{},\"zones\":[ ]}}",
        " [ {\"标题\" : \"店外\\u7ecf营\\ud83d\\ude00\\n\\\"x\\\"\\/\\\\\" , \"lon\":118.10981,\"e\":1E-7} , [[[]]], \"\", \"é𠀀\" ]\r\n",
        "{\"a\":12345678901234567890,\"b\":-0,\"c\":1e999,\"d\":\"\\ud800\",\"a\":1}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        "\"text\"",
};
/* clang-format on */

/* What Jansson says of the same bytes, with the depth that is ours. */
static void same_assert(const char *bytes, size_t size, const json_t *quick)
{
        CLEANUP(json_drop) json_t *json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
        CLEANUP(mem_drop) char *want = json ? json_dumps(json, JSON_ENCODE_ANY) : NULL;
        CLEANUP(mem_drop) char *have = json_dumps(quick, JSON_ENCODE_ANY);

        ck_assert_msg(json != NULL, "read, and is none: %.*s", (int)size, bytes);
        ck_assert_str_eq(have, want);
}

/* Of the same bytes with numbers as texts: each is the number's own. */
static void texts_assert(const json_t *typed, const json_t *texts)
{
        const char *name;
        json_t *value;
        size_t i;

        if (json_is_number(typed)) {
                ck_assert_double_eq(strtod(json_string_value(texts), NULL), json_number_value(typed));
                return;
        }
        ck_assert_int_eq(json_typeof(typed), json_typeof(texts));
        ck_assert_uint_eq(json_object_size(typed), json_object_size(texts));
        ck_assert_uint_eq(json_array_size(typed), json_array_size(texts));
        if (json_is_string(typed))
                ck_assert(json_equal(typed, texts));
        json_array_foreach(typed, i, value)
                texts_assert(value, json_array_get(texts, i));
        json_object_foreach((json_t *)(uintptr_t)typed, name, value)
                texts_assert(value, json_object_get(texts, name));
}

/* What is right and common is never left to the slow reader. */
START_TEST(common_documents_are_read_in_one_pass)
{
        for (size_t i = 0; i < 2; i++) {
                CLEANUP(json_drop) json_t *typed = json_quick(documents[i], strlen(documents[i]), false);
                CLEANUP(json_drop) json_t *texts = json_quick(documents[i], strlen(documents[i]), true);

                ck_assert(typed && texts);
                same_assert(documents[i], strlen(documents[i]), typed);
                texts_assert(typed, texts);
        }
}
END_TEST

/* Bytes changed, cut out and said twice: it takes nothing that Jansson refuses, and makes no other tree of it. */
START_TEST(no_document_is_read_otherwise_than_by_jansson)
{
        static const char signs[] = "\"\\{}[],:0159.-+eEutfn/ \t\n\x01\x7f\x80\xbf\xc3\xed\xf4\xff";
        uint32_t random = 1;
        size_t read = 0;

        for (int round = 0; round < 30000; round++) {
                const char *document = documents[(size_t)round % (sizeof documents / sizeof *documents)];
                const size_t size = strlen(document);
                CLEANUP(buffer_free) Buffer bytes = { 0 };
                size_t at, to;

                random = random * 1664525 + 1013904223;
                at = (random >> 8) % size;
                random = random * 1664525 + 1013904223;
                to = at + (random >> 8) % 4;
                buffer_add(&bytes, document, at);
                if (round % 3)
                        buffer_byte(&bytes, signs[(random >> 16) % (sizeof signs - 1)]);
                buffer_text(&bytes, document + (to < size ? to : size));

                CLEANUP(json_drop) json_t *json = json_quick(bytes.bytes, bytes.size, false);
                CLEANUP(json_drop) json_t *texts = json_quick(bytes.bytes, bytes.size, true);

                if (json)
                        same_assert(bytes.bytes, bytes.size, json);
                if (json && texts)
                        texts_assert(json, texts);
                read += json != NULL;
        }
        ck_assert_uint_gt(read, 3000);
}
END_TEST

/* Jansson alone would read these: the depth is ours, and no text holds a NUL. */
START_TEST(what_is_ours_to_refuse_is_left_to_the_strict_reader)
{
        static const char *const left[] = { "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
                                            "[35020600000000000000000000]", "{\"a\":1,\"a\":1}", "[1]]",
                                            "[\"\\u00g0\"]" };

        for (size_t i = 0; i < sizeof left / sizeof *left; i++)
                ck_assert_ptr_null(json_quick(left[i], strlen(left[i]), true));
        ck_assert_ptr_null(json_quick("[\"\\u0000\"]", 10, false));
}
END_TEST

START_TEST(an_escaped_nul_is_no_character)
{
        CLEANUP(json_drop) json_t *json = json_quick("[\"a\\u0000b\"]", 12, true);

        ck_assert_str_eq(json_string_value(json_array_get(json, 0)), "a\ufffdb");
}
END_TEST

RUN("base-json-quick", common_documents_are_read_in_one_pass, no_document_is_read_otherwise_than_by_jansson,
    what_is_ours_to_refuse_is_left_to_the_strict_reader, an_escaped_nul_is_no_character)
