#include "hub/document/parts.h"

#include "tests/unit/dialect/output.h"

enum { SEEN_MOST = 1000 };

typedef struct {
        char seen[SEEN_MOST][64];
        size_t size;
        ErrorKind fails;
} Told;

static bool part_take(const void *context, const Record *part, Error *err)
{
        Told *told = (Told *)(uintptr_t)context;

        ck_assert(part->bytes[part->size] == '\0' && part->content_type == NULL);
        ck_assert_str_eq(part->channel, "/alert");
        ck_assert_uint_lt(told->size, SEEN_MOST);
        snprintf(told->seen[told->size++], sizeof(told->seen[0]), "%s", part->bytes);
        return told->fails == ERR_NONE || error_set(err, told->fails, "bad_value", "as told");
}

/* What was found, and how it ended. */
static ErrorKind parts_take(const char *body, size_t size, const char *type, Told *told, Output *output)
{
        const Record record = { .bytes = body, .size = size, .channel = "/alert", .content_type = type };
        Error err = { 0 };

        told->size = 0;
        ck_assert(parts_are_there(&record));
        return parts_translate(&record, output, part_take, told, &err) ? ERR_NONE : err.kind;
}

START_TEST(documents_are_found_among_pictures)
{
        static const char body[] =
                "preamble\r\n--B\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8<{\0\xff\r\n"
                "--B\r\nContent-Type: application/xml\r\n\r\n<a/>\r\n"
                "--B\nContent-Type: application/json\n\n {\"b\": 1} \n--B\r\n\r\n<c>\r\n</c>\r\n--B--\r\n";
        Output output = { .arena = arena_new() };
        Told told = { 0 };

        ck_assert_int_eq(parts_take(body, sizeof(body) - 1, "multipart/mixed; boundary=B", &told, &output), ERR_NONE);
        ck_assert_uint_eq(told.size, 3);
        ck_assert_str_eq(told.seen[0], "<a/>");
        ck_assert_str_eq(told.seen[1], "{\"b\": 1}");
        ck_assert_str_eq(told.seen[2], "<c>\r\n</c>");
        arena_free(output.arena);
}
END_TEST

START_TEST(what_parts_them_is_declared_or_the_first_line)
{
        static const char body[] = "\r\n--X-1\r\n\r\n<a/>\r\n--X-1--\r\n";
        static const char *const types[] = { "multipart/form-data; boundary=\"X-1\"; charset=utf-8",
                                             "Multipart/Form-Data;BOUNDARY=X-1", "multipart/mixed", NULL,
                                             "text/plain" };
        Output output = { .arena = arena_new() };
        Told told = { 0 };

        for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
                ck_assert_int_eq(parts_take(body, sizeof(body) - 1, types[i], &told, &output), ERR_NONE);
                ck_assert_msg(told.size == 1 && strcmp(told.seen[0], "<a/>") == 0, "%zu", i);
        }
        ck_assert(!parts_are_there(&(Record){ .bytes = "<a/>", .size = 4, .content_type = "application/xml" }));
        ck_assert(!parts_are_there(&(Record){ .bytes = "--", .size = 2 }));
        arena_free(output.arena);
}
END_TEST

START_TEST(without_a_document_there_is_none_and_what_was_cut_is_tried)
{
        static const char *const empty[] = { "--B\r\n\r\n\xff\xd8\r\n--B--", "--B--", "--B", "---", "--B\r\n\r\n" };
        static const char cut[] = "--B\r\nContent-Length: 900\r\n\r\n<a><b>";
        Output output = { .arena = arena_new() };
        Told told = { 0 };

        for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
                ck_assert_int_eq(parts_take(empty[i], strlen(empty[i]), NULL, &told, &output), ERR_INPUT);
        ck_assert_int_eq(parts_take("<a/>", 4, "multipart/mixed; boundary=B", &told, &output), ERR_INPUT);
        ck_assert_int_eq(parts_take("<a/>", 4, "multipart/mixed; boundary=", &told, &output), ERR_INPUT);
        ck_assert_int_eq(parts_take(cut, strlen(cut), NULL, &told, &output), ERR_NONE);
        ck_assert_str_eq(told.seen[0], "<a><b>");
        arena_free(output.arena);
}
END_TEST

START_TEST(a_bad_document_is_set_aside_and_other_trouble_ends_it)
{
        static const char body[] = "--B\r\n\r\n<a/>\r\n--B\r\n\r\n<b/>\r\n--B--";
        Output output = { .arena = arena_new() };
        Told told = { .fails = ERR_INPUT };

        ck_assert_int_eq(parts_take(body, strlen(body), NULL, &told, &output), ERR_NONE);
        ck_assert(told.size == 2 && output.rejected == 2);
        ck_assert_str_eq(output.item, "<b/>");
        told.fails = ERR_RETRY;
        ck_assert_int_eq(parts_take(body, strlen(body), NULL, &told, &output), ERR_RETRY);
        ck_assert(told.size == 1 && output.rejected == 2);
        arena_free(output.arena);
}
END_TEST

START_TEST(none_of_a_thousand_is_lost)
{
        CLEANUP(buffer_free) Buffer body = { 0 };
        Output output = { .arena = arena_new() };
        static Told told;

        for (int i = 0; i < 1000; i++)
                buffer_format(&body, "--B\r\n\r\n<a/>\r\n");
        ck_assert_int_eq(parts_take(body.bytes, body.size, NULL, &told, &output), ERR_NONE);
        ck_assert_uint_eq(told.size, 1000);
        arena_free(output.arena);
}
END_TEST

RUN("parts", documents_are_found_among_pictures, what_parts_them_is_declared_or_the_first_line,
    without_a_document_there_is_none_and_what_was_cut_is_tried, a_bad_document_is_set_aside_and_other_trouble_ends_it,
    none_of_a_thousand_is_lost)
