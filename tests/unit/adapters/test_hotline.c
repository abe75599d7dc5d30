#include "adapters/list.h"
#include "tests/unit/base/run.h"

#include <string.h>

/*
 * `hub translate` rejects whatever fails. A process that polls does not: for a sick peer (ERR_RETRY) it asks again, for
 * bad cases (ERR_INPUT) it goes on. Mixed up, a login page moves the position past an hour of cases, or one bad page
 * stops a platform for ever.
 */

struct Output {
        Arena *arena;
        int events, rejected, ignored;
        unsigned quality;
        ErrorKind emits; /* what emit() fails with */
};

bool emit(Output *output, const Event *event, Error *err)
{
        ck_assert_ptr_nonnull(event->source.id);
        if (output->emits != ERR_NONE)
                return error_set(err, output->emits, "bad_value", "as told");
        output->events++;
        return true;
}

void reject(Output *output, const char *item, size_t size, const Error *why)
{
        ck_assert_uint_eq(strlen(item), size);
        ck_assert_int_eq(why->kind, ERR_INPUT);
        output->rejected++;
}

bool ignored(Output *output, const char *reason)
{
        ck_assert_ptr_nonnull(reason);
        output->ignored++;
        return true;
}

void mark(Output *output, unsigned quality)
{
        output->quality |= quality;
}

void item_begin(Output *output)
{
        ck_assert_ptr_nonnull(output->arena);
}

Arena *scratch(Output *output)
{
        return output->arena;
}

/* What a page comes to: ERR_NONE, or the kind of its error. */
static ErrorKind page_translate(const char *page, const char *content_type, Output *output)
{
        static const char *const settings[] = { "crs=gcj02", "items=rows" };
        CLEANUP(mem_drop) void *options = mem_new(hotline.size);
        Record record = { .bytes = page, .size = strlen(page), .content_type = content_type, .channel = "/list" };
        Error err = { 0 };
        bool translated;

        ck_assert(options_set(hotline.options, hotline.options_size, settings, 2, ".", options, &err));
        output->arena = arena_new();
        translated = hotline.translate(options, &record, output, &err);
        arena_free(output->arena);
        options_free(hotline.options, hotline.options_size, options);
        ck_assert(translated == (err.kind == ERR_NONE));
        return err.kind;
}

#define ROW(number)                                                                                                    \
        "{\"record_number\": \"" number "\", \"pss_caption_end\": \"已派遣\", \"date\": \"2023-12-05 10:20:00\"}"

START_TEST(a_sick_peer_is_asked_again)
{
        static const struct {
                const char *page, *content_type;
        } sick[] = {
                { "<!DOCTYPE html><html><form action=/login></form></html>", "text/html; charset=utf-8" },
                { "\n\t <html></html>", "application/json" },
                { "<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"></html>", NULL },
                { "会话已过期", "text/html" },
                { "", NULL },
                { " \r\n", "application/json" },
                { "{\"code\": 401, \"msg\": \"请登录\"}", "application/json" },
                { "{\"hasError\": true}", NULL },
                { "{\"rows\": [", NULL },
                { "会话已过期", "application/json" },
        };

        for (size_t i = 0; i < sizeof(sick) / sizeof(sick[0]); i++) {
                Output output = { 0 };

                ck_assert_msg(page_translate(sick[i].page, sick[i].content_type, &output) == ERR_RETRY, "%s",
                              sick[i].page);
                ck_assert_int_eq(output.events + output.rejected + output.ignored, 0);
        }
}
END_TEST

START_TEST(what_stays_wrong_is_not_asked_for_again)
{
        static const char *const wrong[] = {
                "{\"rows\": {}}",
                "\"ok\"",
                "{\"record_number\": \"1\"}",
        };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                Output output = { 0 };

                ck_assert_msg(page_translate(wrong[i], "application/json", &output) == ERR_INPUT, "%s", wrong[i]);
                ck_assert_int_eq(output.events, 0);
        }
}
END_TEST

START_TEST(a_bad_row_does_not_cost_its_page)
{
        Output output = { 0 };

        ck_assert_int_eq(page_translate("{\"rows\": [" ROW("1") ", {}, 7, null, " ROW("2") "]}", NULL, &output),
                         ERR_NONE);
        ck_assert_int_eq(output.events, 2);
        ck_assert_int_eq(output.rejected, 3);
}
END_TEST

START_TEST(a_row_that_the_form_refuses_is_rejected_alone)
{
        Output output = { .emits = ERR_INPUT };

        ck_assert_int_eq(page_translate("{\"rows\": [" ROW("1") ", " ROW("2") "]}", NULL, &output), ERR_NONE);
        ck_assert_int_eq(output.rejected, 2);
}
END_TEST

START_TEST(a_bus_that_takes_nothing_more_ends_the_page)
{
        Output output = { .emits = ERR_RETRY };

        ck_assert_int_eq(page_translate("{\"rows\": [" ROW("1") ", " ROW("2") "]}", NULL, &output), ERR_RETRY);
        ck_assert_int_eq(output.rejected, 0);
}
END_TEST

RUN("hotline", a_sick_peer_is_asked_again, what_stays_wrong_is_not_asked_for_again, a_bad_row_does_not_cost_its_page,
    a_row_that_the_form_refuses_is_rejected_alone, a_bus_that_takes_nothing_more_ends_the_page)
