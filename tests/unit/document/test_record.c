#include "hub/document/record.h"

#include "tests/unit/dialect/output.h"

static const XmlForm feed = { .lists = "entry" };

/* ERR_NONE, or the kind of its error. */
static ErrorKind record_kind(const char *bytes, size_t size, const char *content_type, const XmlForm *form,
                             Output *output)
{
        Record record = { .bytes = bytes, .size = size, .content_type = content_type };
        Error err = { 0 };
        CLEANUP(json_drop) json_t *tree = record_read(&record, form, output, &err);

        ck_assert((tree != NULL) == (err.kind == ERR_NONE));
        return err.kind;
}

static ErrorKind text_kind(const char *text, const XmlForm *form)
{
        Output output = { 0 };

        return record_kind(text, strlen(text), NULL, form, &output);
}

START_TEST(a_sick_answer_is_asked_for_again)
{
        static const char *const sick[] = { "",
                                            " \r\n",
                                            "\xe3\x80\x80",
                                            "<!DOCTYPE html><html></html>",
                                            "\n <html>",
                                            "<b>x</b>",
                                            "{\"rows\": [",
                                            "{\"rows\": [1, 2",
                                            "{\"a\": \"b",
                                            "[{\"a\": 1},",
                                            "{\"a\"",
                                            "会话已过期",
                                            "Service Unavailable",
                                            NULL };

        for (size_t i = 0; sick[i]; i++)
                ck_assert_msg(text_kind(sick[i], NULL) == ERR_RETRY, "%s", sick[i]);
}
END_TEST

START_TEST(what_is_wrong_inside_stays_wrong)
{
        static const char *const wrong[] = { "{\"a\": 006}", "{\"a\": 1, \"a\": 2}",
                                             "[1 2]",        "{\"a\" \"b\"}",
                                             "{} x",         NULL };

        for (size_t i = 0; wrong[i]; i++)
                ck_assert_msg(text_kind(wrong[i], NULL) == ERR_INPUT, "%s", wrong[i]);
}
END_TEST

/* Half of an emoji in one row, NaN in a member that nobody maps: the page is read, and says what it lacks. */
START_TEST(one_bad_character_costs_no_page)
{
        static const char emoji[] = "{\"rows\": [{\"a\": \"x\\ud83d\"}, {\"a\": \"y\"}]}";
        static const char numbers[] = "{\"rows\": [{\"a\": NaN, \"b\": .6}]}";
        Output text = { 0 }, value = { 0 };

        ck_assert_int_eq(record_kind(emoji, sizeof(emoji) - 1, NULL, NULL, &text), ERR_NONE);
        ck_assert_uint_eq(text.quality, QUALITY_ENCODING_REPAIRED);
        ck_assert_int_eq(record_kind(numbers, sizeof(numbers) - 1, NULL, NULL, &value), ERR_NONE);
        ck_assert_uint_eq(value.quality, QUALITY_PARTIAL);
}
END_TEST

START_TEST(words_declared_as_a_web_page_are_none)
{
        Output output = { 0 };

        ck_assert_int_eq(record_kind("[1 2]", 5, "text/HTML; charset=utf-8", NULL, &output), ERR_RETRY);
        ck_assert_int_eq(record_kind("[1]", 3, "text/html", NULL, &output), ERR_NONE);
}
END_TEST

START_TEST(xml_is_a_tree_too_where_a_form_says_so)
{
        Record record = { .bytes = "<feed><entry><id>7</id></entry></feed>", .size = 38 };
        Output output = { 0 };
        Error err = { 0 };
        CLEANUP(json_drop) json_t *tree = record_read(&record, &feed, &output, &err);

        ck_assert_str_eq(json_text(tree, "feed.entry.0.id"), "7");
        ck_assert_int_eq(text_kind("{\"entry\": []}", &feed), ERR_NONE); /* an item that was set aside */
        ck_assert_int_eq(text_kind("<html><form></form></html>", &feed), ERR_RETRY);
        ck_assert_int_eq(text_kind("<!DOCTYPE HTML><html></html>", &feed), ERR_RETRY);
        ck_assert_int_eq(text_kind("<feed><entry>", &feed), ERR_RETRY);
        ck_assert_int_eq(text_kind("<feed><entry><id>7</id></ent", &feed), ERR_RETRY);
        ck_assert_int_eq(text_kind("<feed><entry></id></feed>", &feed), ERR_INPUT);
        ck_assert_int_eq(text_kind("<!DOCTYPE feed [<!ENTITY a \"b\">]><feed/>", &feed), ERR_INPUT);
}
END_TEST

/* A platform that writes XJBH in one release and xjbh in the next does so in JSON, too. */
START_TEST(names_in_small_letters)
{
        static const XmlForm folding = { .fold = true };
        Record record = { .bytes = "{\"Rows\":[{\"XJBH\":\"7\",\"xjbh\":\"8\",\"编号A\":\"9\"}]}" };
        Output output = { 0 };
        Error err = { 0 };
        CLEANUP(json_drop) json_t *tree = NULL;

        record.size = strlen(record.bytes);
        tree = record_read(&record, &folding, &output, &err);
        ck_assert_str_eq(json_text(tree, "rows.0.xjbh"), "7");
        ck_assert_str_eq(json_text(tree, "rows.0.编号a"), "9");
}
END_TEST

START_TEST(what_is_folded_stays_as_it_was)
{
        static const char text[] = "{\"A\": [{\"B\": \"1\", \"b\": \"2\"}, [\"C\"]]}";
        CLEANUP(json_drop) json_t *tree = json_loads(text, 0, NULL), *whole = json_loads(text, 0, NULL);
        CLEANUP(json_drop)
        json_t *folded = record_fold(tree), *wanted = json_loads("{\"a\": [{\"b\": \"1\"}, [\"C\"]]}", 0, NULL);

        ck_assert(json_equal(folded, wanted));
        ck_assert(json_equal(tree, whole));
}
END_TEST

START_TEST(a_member_is_found_whatever_the_case_of_its_letters)
{
        CLEANUP(json_drop)
        json_t *tree = json_loads("{\"Code\": null, \"cODE\": \" \", \"SENDERcode\": \"x\", \"CODE\": \"7\", "
                                  "\"code\": \"8\", \"dAtA\": {}, \"List\": []}",
                                  0, NULL);

        ck_assert_str_eq(json_string_value(record_member(tree, "senderCode")), "x");
        ck_assert_str_eq(json_string_value(record_member(tree, "code")), "7");
        ck_assert_ptr_eq(record_member(tree, "data"), json_object_get(tree, "dAtA"));
        ck_assert_ptr_eq(record_member(tree, "list"), json_object_get(tree, "List"));
        ck_assert_ptr_null(record_member(tree, "dat"));
        ck_assert_ptr_null(record_member(NULL, "code"));
        ck_assert_str_eq(record_text(tree, "Code"), "7");
        ck_assert_ptr_null(record_text(tree, "data"));
}
END_TEST

/* 192 bytes of zero in base64, in GB18030 beside a Chinese word. */
START_TEST(a_picture_inside_is_a_digest_whatever_the_character_set)
{
        static const XmlForm light = { .inlined = true }, whole = { 0 };
        CLEANUP(buffer_free) Buffer text = { 0 };
        Record record = { 0 };
        Output output = { 0 };
        Error err = { 0 };
        CLEANUP(json_drop) json_t *cut = NULL, *kept = NULL;

        buffer_text(&text, "{\"a\": \"\xba\xfe\xc0\xef\", \"picture\": \"");
        for (int i = 0; i < 256; i++)
                buffer_byte(&text, 'A');
        buffer_text(&text, "\"}");
        record.bytes = text.bytes;
        record.size = text.size;
        cut = record_read(&record, &light, &output, &err);
        ck_assert_str_eq(json_text(cut, "picture"),
                         "sha256:5d89f056865052bcb89c910d2d62872e029fb273c3db03f8968a52a41593c1b5");
        ck_assert_str_eq(json_text(cut, "a"), "湖里");
        kept = record_read(&record, &whole, &output, &err);
        ck_assert_uint_eq(strlen(json_text(kept, "picture")), 256);
}
END_TEST

START_TEST(another_character_set_is_read_and_what_is_broken_is_marked)
{
        static const char gbk[] = "{\"a\": \"\xba\xfe\xc0\xef\"}", broken[] = "{\"a\": \"\xba\xfe\xff\"}";
        Output output = { 0 };

        ck_assert_int_eq(record_kind(gbk, sizeof(gbk) - 1, NULL, NULL, &output), ERR_NONE);
        ck_assert_uint_eq(output.quality, 0);
        ck_assert_int_eq(record_kind(broken, sizeof(broken) - 1, "application/json; charset=gbk", NULL, &output),
                         ERR_NONE);
        ck_assert_uint_eq(output.quality, QUALITY_ENCODING_REPAIRED);
}
END_TEST

START_TEST(a_key_loses_its_quotes)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Record record = { .key = "\"HL-1\"" };

        ck_assert_str_eq(record_key(&record, arena), "HL-1");
        record.key = "HL-1";
        ck_assert_str_eq(record_key(&record, arena), "HL-1");
        record.key = "\"\"";
        ck_assert_ptr_null(record_key(&record, arena));
        record.key = NULL;
        ck_assert_ptr_null(record_key(&record, arena));
}
END_TEST

/* Twice in one list and once in an envelope; what bears the name and is no list is none. */
START_TEST(lists_are_found_wherever_they_stand)
{
        static const char text[] =
                "{\"feed\": {\"alert\": \"x\", \"entry\": [{\"alert\": [1, 2]}, {\"c\": {\"alert\": [3]}}]}}";
        CLEANUP(json_drop) json_t *items = json_array(), *document = NULL;
        Error err = { 0 };

        document = json_read(text, sizeof(text) - 1, &err);
        record_collect(document, "alert", items);
        ck_assert_uint_eq(json_array_size(items), 3);
        ck_assert_str_eq(json_text(items, "2"), "3");
        record_collect(NULL, "alert", items);
        ck_assert_uint_eq(json_array_size(items), 3);
}
END_TEST

RUN("record", a_sick_answer_is_asked_for_again, what_is_wrong_inside_stays_wrong, one_bad_character_costs_no_page,
    words_declared_as_a_web_page_are_none, xml_is_a_tree_too_where_a_form_says_so, names_in_small_letters,
    what_is_folded_stays_as_it_was, a_member_is_found_whatever_the_case_of_its_letters,
    a_picture_inside_is_a_digest_whatever_the_character_set, another_character_set_is_read_and_what_is_broken_is_marked,
    a_key_loses_its_quotes, lists_are_found_wherever_they_stand)
