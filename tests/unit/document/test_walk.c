#include "hub/document/page.h"
#include "hub/source/file/mapped.h"

#include "tests/unit/dialect/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A survey round or a day's export is one document of a hundred megabytes: it must not cost as much memory, nor one bad element of it the rest. */

enum { MANY = 25000, FILE_MIB_MOST = 24 };

typedef struct {
        int64_t file_kib; /* the most of the file's pages that were in memory */
} Watch;

static const char *number(const void *options, const json_t *object, Arena *arena)
{
        (void)options;
        (void)arena;
        return json_text(object, "no");
}

static int64_t file_kib(void)
{
        FILE *status = fopen("/proc/self/status", "re");
        char line[256];
        long long kib = 0;

        ck_assert_ptr_nonnull(status);
        while (fgets(line, sizeof(line), status))
                if (sscanf(line, "RssFile: %lld", &kib) == 1)
                        break;
        fclose(status);
        return kib;
}

static bool item_translate(const void *options, const json_t *item, Output *output, Error *err)
{
        Watch *watch = *(Watch *const *)options;
        Event event;

        event_init(&event, KIND_REPORT);
        event.source.id = json_text(item, "no");
        event.source.revision = "1";
        if (!event.source.id)
                return error_set(err, ERR_INPUT, "missing_field", "no: missing");
        if (watch && output->events % 1000 == 0 && file_kib() > watch->file_kib)
                watch->file_kib = file_kib();
        return emit(output, &event, err);
}

static const PageForm form = { .number = number, .translate = item_translate };

static ErrorKind record_run(const Record *record, const char *items, Watch *watch, Output *output, Error *err)
{
        CLEANUP(mem_drop) char *path = text_copy(items);
        PageOptions options = { .items = path, .ok = (char[]){ "" } };

        return record_translate(&form, &options, &watch, record, output, err) ? ERR_NONE : err->kind;
}

/* MANY elements of some 100 bytes, more than a tree may have; each `odd`th is `other`. */
static void page_write(Buffer *out, const char *start, const char *end, const char *other, int odd)
{
        buffer_text(out, start);
        for (int i = 0; i < MANY; i++) {
                buffer_text(out, i ? ",\n" : "");
                if (other && i % odd == odd - 1)
                        buffer_text(out, other);
                else
                        buffer_format(out,
                                      "{\"no\": \"R%06d\", \"text\": \"枋湖南路 \\\"]}, "
                                      "占道经营，请尽快处理，市民已经来过三次电话\"}",
                                      i);
        }
        buffer_text(out, end);
}

static ErrorKind text_run(const Buffer *text, const char *items, Output *output, Error *err)
{
        const Record record = { .bytes = text->bytes, .size = text->size };

        ck_assert_uint_gt(text->size, 2 * 1024 * 1024);
        return record_run(&record, items, NULL, output, err);
}

START_TEST(each_element_of_a_large_document_is_an_item)
{
        static const char *const pages[][3] = {
                { "", "[", "]" },
                { "features", "{\"type\": \"FeatureCollection\", \"features\": [", "], \"total\": 1}" },
                { "data.rows", "{\"code\": 500, \"data\": {\"note\": \"[\", \"rows\": [", "]}}" },
        };

        for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
                CLEANUP(buffer_free) Buffer text = { 0 };
                Output output = { 0 };
                Error err = { 0 };

                page_write(&text, pages[i][1], pages[i][2], NULL, 1);
                ck_assert_msg(text_run(&text, pages[i][0], &output, &err) == ERR_NONE, "%s", err.text);
                ck_assert_int_eq(output.events, MANY);
                ck_assert_int_eq(output.begun, MANY);
                ck_assert_int_eq(output.rejected, 0);
                ck_assert_str_eq(output.id, "R024999");
        }
}
END_TEST

START_TEST(a_bad_element_costs_itself)
{
        static const char *const bad[][2] = {
                { "{\"text\": \"无号\"}", "missing_field" },
                { "{\"no\": \"R1\", \"no\": \"R2\"}", "duplicate_key" },
                { "417", "bad_value" },
                { "{\"no\": \"R1\" \"x\"}", "not_json" },
        };

        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                CLEANUP(buffer_free) Buffer text = { 0 };
                Output output = { 0 };
                Error err = { 0 };

                page_write(&text, "{\"rows\": [", "]}", bad[i][0], 1000);
                ck_assert_msg(text_run(&text, "rows", &output, &err) == ERR_NONE, "%s", err.text);
                ck_assert_int_eq(output.rejected, MANY / 1000);
                ck_assert_int_eq(output.events, MANY - MANY / 1000);
                ck_assert_str_eq(output.item, bad[i][0]);
                ck_assert_str_eq(output.reason, bad[i][1]);
        }
}
END_TEST

/* A spreadsheet spares none: where all numbers may have been rounded they were, and one that was not clears the others. */
START_TEST(numbers_that_lost_their_ends_are_seen_across_the_document)
{
        CLEANUP(buffer_free) Buffer all = { 0 };
        CLEANUP(buffer_free) Buffer some = { 0 };
        Output none = { 0 }, output = { 0 };
        Error err = { 0 };

        page_write(
                &all, "{\"rows\": [", "]}",
                "{\"no\": \"2.31205101900001E+17\", \"text\": \"0123456789 0123456789 0123456789 0123456789 0123456789 "
                "0123456789\"}",
                1);
        ck_assert_msg(text_run(&all, "rows", &none, &err) == ERR_NONE, "%s", err.text);
        ck_assert_int_eq(none.rejected, MANY);
        ck_assert_str_eq(none.reason, "bad_id");
        page_write(&some, "{\"rows\": [", "]}", "{\"no\": \"2.31205101900001E+17\"}", 2);
        while (some.size <= 2 * 1024 * 1024)
                buffer_byte(&some, ' ');
        ck_assert_msg(text_run(&some, "rows", &output, &err) == ERR_NONE, "%s", err.text);
        ck_assert_int_eq(output.events, MANY);
}
END_TEST

/* What was whole is there, and the rest is asked for again. */
START_TEST(a_document_that_is_cut_delivers_what_was_whole)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Output output = { 0 };
        Error err = { 0 };

        page_write(&text, "{\"rows\": [", "", NULL, 1);
        text.bytes[text.size -= 5] = '\0';
        ck_assert_int_eq(text_run(&text, "rows", &output, &err), ERR_RETRY);
        ck_assert_str_eq(err.reason, "not_json");
        ck_assert_int_eq(output.events, MANY - 1);
}
END_TEST

START_TEST(trouble_of_ours_ends_it)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Output output = { .emits = ERR_RETRY };
        Error err = { 0 };

        page_write(&text, "[", "]", NULL, 1);
        ck_assert_int_eq(text_run(&text, "", &output, &err), ERR_RETRY);
        ck_assert_int_eq(output.begun, 1);
}
END_TEST

/* As of a small one: another character set, no array there, one item alone. */
START_TEST(what_cannot_be_walked_is_read_as_a_tree)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(buffer_free) Buffer alone = { 0 };
        Output output = { 0 }, none = { 0 }, one = { 0 };
        Error err = { 0 };

        page_write(&text, "[", "]",
                   "{\"no\": \"\xba\xfe\xc0\xef\xc7\xf8\", \"text\": \"0123456789 0123456789 0123456789 0123456789 "
                   "0123456789 0123456789\"}",
                   1);
        ck_assert_msg(text_run(&text, "", &output, &err) == ERR_NONE, "%s", err.text);
        ck_assert_int_eq(output.events, MANY);
        ck_assert_str_eq(output.id, "湖里区");

        buffer_clear(&text);
        page_write(&text, "{\"rows\": [", "]}", NULL, 1);
        ck_assert_int_eq(text_run(&text, "items", &none, &err), ERR_RETRY);
        ck_assert_str_eq(err.reason, "missing_field");
        ck_assert_int_eq(none.events, 0);

        page_write(&alone, "{\"no\": \"R1\", \"parts\": [", "]}", NULL, 1);
        ck_assert_msg(text_run(&alone, "", &one, &err) == ERR_NONE, "%s", err.text);
        ck_assert_int_eq(one.events, 1);
}
END_TEST

static size_t all_write(int descriptor, const char *text)
{
        ck_assert_int_eq(write(descriptor, text, strlen(text)), (ssize_t)strlen(text));
        return strlen(text);
}

/* 100 MB: of the file's pages few are in memory at a time. What else there is, is a tree of one element. */
START_TEST(a_mapped_file_leaves_memory_as_it_is_read)
{
        char path[] = "/tmp/hub-walk-XXXXXX", element[1000];
        int descriptor = mkstemp(path);
        CLEANUP(mapped_free) Mapped mapped = { 0 };
        const int64_t before = file_kib();
        Watch watch = { 0 };
        Output output = { 0 };
        Record record;
        Error err = { 0 };
        size_t size;

        snprintf(element, sizeof(element), "{\"no\": \"R1\", \"text\": \"%0900d\"},\n", 0);
        ck_assert_int_ge(descriptor, 0);
        for (size = all_write(descriptor, "{\"features\": ["); size < 100000000;)
                size += all_write(descriptor, element);
        size += all_write(descriptor, "{\"no\": \"last\"}]}");
        ck_assert_msg(mapped_open(&mapped, descriptor, size, &err), "%s", err.text);
        close(descriptor);
        unlink(path);
        record = (Record){ .bytes = mapped.bytes, .size = mapped.size, .paged = mapped.paged };
        ck_assert_msg(record_run(&record, "features", &watch, &output, &err) == ERR_NONE, "%s", err.text);
        ck_assert_str_eq(output.id, "last");
        ck_assert_int_gt(output.events, 100000);
        ck_assert_int_lt(watch.file_kib - before, FILE_MIB_MOST * 1024);
        ck_assert_int_eq(record.bytes[0], '{'); /* and comes back */
}
END_TEST

RUN("walk", each_element_of_a_large_document_is_an_item, a_bad_element_costs_itself,
    numbers_that_lost_their_ends_are_seen_across_the_document, a_document_that_is_cut_delivers_what_was_whole,
    trouble_of_ours_ends_it, what_cannot_be_walked_is_read_as_a_tree, a_mapped_file_leaves_memory_as_it_is_read)
