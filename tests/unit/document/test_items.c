#include "hub/document/items.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "tests/unit/base/run.h"

static bool has_number(const json_t *object)
{
        return json_text(object, "no");
}

static void finds(const ItemsForm *form, const char *text, const char *want)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *document = json_read(text, strlen(text), &err);
        CLEANUP(json_drop) json_t *items = items_find(form, document);
        CLEANUP(mem_drop) char *found = json_dumps(items, JSON_COMPACT);

        ck_assert_str_eq(found, want);
}

START_TEST(the_outermost_are_found_wherever_they_stand)
{
        static const ItemsForm form = { .is_item = has_number };

        finds(&form, "{\"a\":{\"b\":[{\"no\":\"1\",\"part\":{\"no\":\"2\"}},[{\"no\":\"3\"}]]},\"c\":{\"no\":\"4\"}}",
              "[{\"no\":\"1\",\"part\":{\"no\":\"2\"}},{\"no\":\"3\"},{\"no\":\"4\"}]");
        finds(&form, "{\"no\":\"1\"}", "[{\"no\":\"1\"}]");
        finds(&form, "{\"a\":[7,{\"x\":\"1\"}],\"b\":\"<row><no>1</no></row>\"}", "[]");
}
END_TEST

/* What a sender lists beside its items is refused aloud, not lost. */
START_TEST(a_stray_is_one_where_it_is_wanted_and_a_member_may_be_passed_over)
{
        static const ItemsForm form = { .is_item = has_number, .passed = "notes|secret", .strays = true };

        finds(&form, "{\"a\":[7,{\"no\":\"1\"},{\"x\":[{\"no\":\"2\"}]}],\"notes\":[{\"no\":\"3\"}]}",
              "[\"7\",{\"no\":\"1\"},{\"no\":\"2\"}]");
}
END_TEST

START_TEST(markup_that_is_sent_as_text_is_looked_into)
{
        static const XmlForm xml = { .lists = "row" };
        static const ItemsForm form = { .is_item = has_number, .inner = &xml };

        finds(&form, "{\"body\":\"<rows><row><no>1</no></row><row><no>2</no></row></rows>\",\"cut\":\"<rows\"}",
              "[{\"no\":\"1\"},{\"no\":\"2\"}]");
}
END_TEST

START_TEST(nothing_has_none)
{
        static const ItemsForm form = { .is_item = has_number };
        CLEANUP(json_drop) json_t *items = items_find(&form, NULL);

        ck_assert_uint_eq(json_array_size(items), 0);
}
END_TEST

RUN("items", the_outermost_are_found_wherever_they_stand,
    a_stray_is_one_where_it_is_wanted_and_a_member_may_be_passed_over, markup_that_is_sent_as_text_is_looked_into,
    nothing_has_none)
