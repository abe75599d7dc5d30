#include "hub/base/json.h"
#include "hub/base/json_walk.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

#include <string.h>

typedef struct {
        Buffer items;           /* a line each */
        size_t size, bad, stop; /* stop: after so many, 0: never */
} Seen;

static bool seen_item(void *context, size_t index, const char *bytes, size_t size, Error *err)
{
        CLEANUP(json_drop) json_t *json = NULL;
        Seen *seen = context;
        Error why = { 0 };

        ck_assert_uint_eq(index, seen->size++);
        json = json_read(bytes, size, &why);
        seen->bad += json == NULL;
        buffer_add(&seen->items, bytes, size);
        buffer_byte(&seen->items, '\n');
        return seen->size != seen->stop || error_set(err, ERR_RETRY, NULL, "enough");
}

static void seen_drop(Seen *seen)
{
        buffer_free(&seen->items);
}

static bool walk(const char *text, const char *path, Seen *seen, Error *err)
{
        /* a block of exactly its size: what reads past it is seen */
        CLEANUP(mem_drop) char *bytes = mem_resize(NULL, strlen(text));

        *seen = (Seen){ .stop = seen->stop };
        *err = (Error){ 0 };
        buffer_text(&seen->items, "");
        memcpy(bytes, text, strlen(text));
        return json_walk(bytes, strlen(text), path, seen_item, seen, err);
}

/* Each element as it stands, in order, wherever the array is and however its members are written. */
START_TEST(elements_are_slices)
{
        static const struct {
                const char *text, *path, *items;
        } cases[] = {
                { "{\"features\":[{\"a\":1},{\"b\":[2,{}]}]}", "features", "{\"a\":1}\n{\"b\":[2,{}]}\n" },
                { " [ 1 , \"x,]\\\"}\" , null ,[ ] ] ", "", "1\n\"x,]\\\"}\"\nnull\n[ ]\n" },
                { "\xef\xbb\xbf{\"data\":{\"n\":2,\"rows\":[1,2]},\"rows\":[3]}\r\n", "data.rows", "1\n2\n" },
                { "{\"x\":\"features\",\"y\":{\"features\":[9]},\"features\":[7]}", "features", "7\n" },
                { "{\"a\\\"b\":[0],\"feat\\u0075res\":[7],\"z\":[[[\"]\"]]]}", "features", "7\n" },
                { "{\"features\":[],\"a\":{}}", "features", "" },
                { "[]", "", "" },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                CLEANUP(seen_drop) Seen seen = { 0 };
                Error err;

                ck_assert_msg(walk(cases[i].text, cases[i].path, &seen, &err), "%zu: %s", i, err.text);
                ck_assert_str_eq(seen.items.bytes, cases[i].items);
                ck_assert_uint_eq(seen.bad, 0);
        }
}
END_TEST

/* One bad item costs one item: those after it are still found. */
START_TEST(a_bad_item_costs_itself)
{
        static const char *const bad[] = {
                "{\"a\":\"x\ny\"}",  "{\"a\":\"\\ud800\"}", "{\"a\":NaN}",
                "{\"a\":1,\"a\":2}", "{\"a\" 1}",           "{\"a\":\"\xe5\x8e\"}",
                "nonsense",          "{\"a\":1} {\"b\":2}", "{\"a\":tru}",
                "{'a':1}",           "{\"a\":\"\\q]\"}",    "01",
        };

        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                CLEANUP(mem_drop) char *text = text_format("{\"rows\":[{\"n\":1},%s,{\"n\":3}]}", bad[i]);
                CLEANUP(seen_drop) Seen seen = { 0 };
                Error err;

                ck_assert_msg(walk(text, "rows", &seen, &err), "%s: %s", bad[i], err.text);
                ck_assert_uint_eq(seen.size, 3);
                ck_assert_uint_eq(seen.bad, 1);
                ck_assert(strncmp(seen.items.bytes, "{\"n\":1}\n", 8) == 0);
                ck_assert_ptr_nonnull(strstr(seen.items.bytes, "\n{\"n\":3}\n"));
        }
}
END_TEST

/* A hostile item is one item, whatever it nests, and costs no stack. */
START_TEST(depth_costs_itself)
{
        enum { DEPTH = 200000 };
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(seen_drop) Seen seen = { 0 };
        Error err;

        buffer_text(&text, "[1,");
        for (int i = 0; i < DEPTH; i++)
                buffer_byte(&text, '[');
        for (int i = 0; i < DEPTH; i++)
                buffer_byte(&text, ']');
        buffer_text(&text, ",2]");
        ck_assert_msg(walk(text.bytes, "", &seen, &err), "%s", err.text);
        ck_assert_uint_eq(seen.size, 3);
        ck_assert_uint_eq(seen.bad, 1);
}
END_TEST

/* Cut at any byte: what was whole before it is delivered, nothing that was not, and it fails. */
START_TEST(a_cut_document_fails)
{
        static const char text[] = "{\"type\":\"x\",\"features\":[{\"a\":[1,\"]\"]} , 22,\"t\"],\"z\":{\"q\":[]}} ";
        const char *const ends[] = { strstr(text, " , 22"), strstr(text, ",\"t\""), strstr(text, "],\"z\"") };

        for (size_t size = 0; size < sizeof(text) - 2; size++) {
                CLEANUP(mem_drop) char *cut = mem_copy(text, size);
                CLEANUP(seen_drop) Seen seen = { 0 };
                size_t whole = 0;
                Error err;

                ck_assert(!walk(cut, "features", &seen, &err));
                ck_assert_int_eq(err.kind, ERR_INPUT);
                ck_assert_str_eq(err.reason, "not_json");
                for (size_t i = 0; i < 3; i++)
                        whole += size > (size_t)(ends[i] - text) + (i == 0); /* with the comma or bracket behind it */
                ck_assert_msg(seen.size == whole, "cut at %zu: %zu items, not %zu", size, seen.size, whole);
                ck_assert_uint_eq(seen.bad, 0);
        }
}
END_TEST

START_TEST(what_is_refused)
{
        static const struct {
                const char *text, *path, *reason, *says;
                size_t items;
        } cases[] = {
                { "", "features", "not_json", "byte 0", 0 },
                { "<html>", "", "not_json", "byte 0", 0 },
                { "7", "", "not_json", "byte 0", 0 },
                { "{\"a\":1}", "features", "missing_field", "features: missing", 0 },
                { "[1]", "features", "missing_field", "features: missing", 0 },
                { "{\"data\":7}", "data.rows", "missing_field", "data.rows: missing", 0 },
                { "{\"features\":null}", "features", "bad_value", "features: is no array", 0 },
                { "{}", "", "bad_value", "the document: is no array", 0 },
                { "{\"f\":[1],\"f\":[2]}", "f", "duplicate_key", "f: is there twice", 1 },
                { "[1,]", "", "not_json", "byte 3: a value is missing", 1 },
                { "[,1]", "", "not_json", "byte 1: a value is missing", 0 },
                { "[1,[2},3]", "", "not_json", "byte 5: brackets do not match", 1 },
                { "[1,2}", "", "not_json", "byte 4: brackets do not match", 1 },
                { "[1] [2]", "", "not_json", "byte 4: something follows", 1 },
                { "{\"a\":1]", "f", "not_json", "byte 6", 0 },
                { "{\"a\" 1}", "f", "not_json", "byte 5: no colon", 0 },
                { "{a:1}", "f", "not_json", "byte 1: a member has no name", 0 },
                { "{\"a\":,\"f\":[]}", "f", "not_json", "byte 5: a value is missing", 0 },
                { "{\"f\":[1] x}", "f", "not_json", "byte 9: no comma", 1 },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                CLEANUP(seen_drop) Seen seen = { 0 };
                Error err;

                ck_assert_msg(!walk(cases[i].text, cases[i].path, &seen, &err), "%s", cases[i].text);
                ck_assert_int_eq(err.kind, ERR_INPUT);
                ck_assert_msg(strcmp(err.reason, cases[i].reason) == 0 && strstr(err.text, cases[i].says) == err.text,
                              "%s: %s %s", cases[i].text, err.reason, err.text);
                ck_assert_uint_eq(seen.size, cases[i].items);
        }
}
END_TEST

/* When a process is to end, the walk does. */
START_TEST(an_item_ends_the_walk)
{
        Seen seen = { .stop = 2 };
        Error err;

        ck_assert(!walk("[1,2,3]", "", &seen, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert_str_eq(err.text, "enough");
        ck_assert_uint_eq(seen.size, 2);
        seen_drop(&seen);
}
END_TEST

RUN("json_walk", elements_are_slices, a_bad_item_costs_itself, depth_costs_itself, a_cut_document_fails,
    what_is_refused, an_item_ends_the_walk)
