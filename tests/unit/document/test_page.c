#include "hub/document/page.h"

#include "tests/unit/dialect/output.h"

/* A page that is no page moves the position past an hour of cases; a good one that is taken for sick stops a platform for ever. */

static const char *number(const void *options, const json_t *object, Arena *arena)
{
        (void)options;
        (void)arena;
        return json_text(object, "no");
}

static bool item_translate(const void *options, const json_t *item, Output *output, Error *err)
{
        Event event;

        (void)options;
        event_init(&event, KIND_REPORT);
        event.source.id = json_text(item, "no");
        event.source.revision = "1";
        if (!event.source.id)
                return error_set(err, ERR_INPUT, "missing_field", "no: missing");
        return emit(output, &event, err);
}

static const PageForm form = { .number = number, .translate = item_translate };

static ErrorKind page_run(const char *items, const char *ok, const char *text, Output *output)
{
        CLEANUP(mem_drop) char *path = text_copy(items);
        CLEANUP(mem_drop) char *success = text_copy(ok);
        PageOptions options = { .items = path, .ok = success };
        Error err = { 0 };
        CLEANUP(json_drop) json_t *page = json_read(text, strlen(text), &err);

        ck_assert_msg(page != NULL, "%s", err.text);
        return page_translate(&form, &options, &options, page, output, &err) ? ERR_NONE : err.kind;
}

static void all_are(ErrorKind kind, const char *items, const char *const *pages, int events)
{
        for (; *pages; pages++) {
                Output output = { 0 };

                ck_assert_msg(page_run(items, "", *pages, &output) == kind, "%s", *pages);
                ck_assert_msg(output.events == events && output.rejected == 0, "%s", *pages);
        }
}

START_TEST(a_failure_that_brings_no_item_is_no_page)
{
        static const char *const pages[] = {
                "{\"code\": 500, \"msg\": \"x\", \"rows\": null}",
                "{\"code\": 401, \"rows\": []}",
                "{\"code\": \"401\", \"rows\": []}",
                "{\"Code\": -1, \"rows\": []}",
                "{\"errcode\": \"A0312\", \"rows\": []}",
                "{\"code\": 1, \"rows\": null}",
                "{\"success\": false, \"rows\": []}",
                "{\"success\": \"fail\", \"rows\": []}",
                "{\"result\": false, \"rows\": []}",
                "{\"state\": \"fail\", \"rows\": []}",
                "{\"errno\": 110, \"rows\": []}",
                "{\"isSuccess\": \"否\", \"rows\": null}",
                "{\"hasError\": true, \"rows\": []}",
                "{\"hasError\": \"Y\", \"rows\": []}",
                "{\"error\": \"timeout\", \"rows\": []}",
                "{\"error\": {\"code\": 7}, \"rows\": []}",
                "{\"errors\": [{\"message\": \"x\"}], \"rows\": null}",
                "{\"status\": 500, \"rows\": []}",
                "{\"status\": \"error\", \"rows\": []}",
                "{\"code\": 500, \"rows\": {}}",
                "{\"msg\": \"please log in\"}",
                "{}",
                "null",
                "[{\"code\": 404, \"description\": \"not found\"}, {\"code\": 400}]",
                NULL,
        };

        all_are(ERR_RETRY, "rows", pages, 0);
}
END_TEST

START_TEST(a_failure_is_seen_on_the_way_to_the_items)
{
        static const char *const pages[] = {
                "{\"code\": 0, \"data\": {\"code\": 500, \"rows\": []}}",
                "{\"code\": 0, \"data\": {\"hasError\": true, \"rows\": null}}",
                "{\"errors\": [1], \"data\": null}",
                NULL,
        };

        all_are(ERR_RETRY, "data.rows", pages, 0);
}
END_TEST

START_TEST(an_error_is_no_item_where_the_page_is_the_array)
{
        static const char *const pages[] = { "{\"error\": \"x\"}", "[{\"error\": \"x\"}]", "{\"code\": 500}", NULL };

        all_are(ERR_RETRY, "", pages, 0);
}
END_TEST

START_TEST(a_page_without_items_is_a_page)
{
        static const char *const pages[] = {
                "{\"rows\": []}",
                "{\"rows\": null}",
                "{\"rows\": \"\"}",
                "{\"code\": 0, \"rows\": []}",
                "{\"code\": 200, \"msg\": \"ok\", \"rows\": null}",
                "{\"code\": \"00000\", \"rows\": []}",
                "{\"code\": \"SUCCESS\", \"rows\": []}",
                "{\"code\": 1, \"rows\": []}",
                "{\"success\": true, \"error\": null, \"rows\": []}",
                "{\"result\": 0, \"state\": \"done\", \"errno\": \"0\", \"rows\": []}",
                "{\"success\": true, \"errors\": [], \"hasError\": false, \"rows\": []}",
                "{\"error\": \"\", \"rows\": []}",
                "{\"error\": 0, \"rows\": []}",
                "{\"status\": 1, \"rows\": []}",
                "[]",
                NULL,
        };

        all_are(ERR_NONE, "rows", pages, 0);
}
END_TEST

START_TEST(items_that_came_are_believed)
{
        static const char *const pages[] = {
                "{\"success\": false, \"hasError\": true, \"rows\": [{\"no\": \"1\"}]}",
                "{\"code\": 500, \"rows\": [{\"no\": 1}]}",
                "[{\"no\": \"1\", \"code\": 500, \"error\": \"lamp\"}]",
                "{\"no\": \"1\", \"code\": 500}", /* alone, as it is set aside */
                NULL,
        };

        all_are(ERR_NONE, "rows", pages, 1);
}
END_TEST

START_TEST(what_a_success_looks_like_can_be_said)
{
        Output output = { 0 };

        ck_assert_int_eq(page_run("rows", "code=7|8", "{\"code\": 8, \"rows\": []}", &output), ERR_NONE);
        ck_assert_int_eq(page_run("rows", "code=7", "{\"code\": 0, \"rows\": [{\"no\": 1}]}", &output), ERR_RETRY);
        ck_assert_int_eq(page_run("rows", "code=7", "{\"rows\": []}", &output), ERR_RETRY);
        ck_assert_int_eq(output.events, 0);
        ck_assert_int_eq(
                page_run("rows", "state.code=0", "{\"state\": {\"code\": 0}, \"rows\": [{\"no\": 1}]}", &output),
                ERR_NONE);
        ck_assert_int_eq(page_run("rows", "code=7", "{\"no\": 1}", &output), ERR_NONE); /* alone it has no code */
        ck_assert_int_eq(output.events, 2);
}
END_TEST

START_TEST(an_ok_that_says_nothing_does_not_start)
{
        static const char *const wrong[] = { "code", "=0", NULL };
        Error err;

        for (size_t i = 0; wrong[i]; i++) {
                CLEANUP(mem_drop) char *ok = text_copy(wrong[i]);

                ck_assert(!page_options[1].check("ok", &ok, &err));
                ck_assert_int_eq(err.kind, ERR_FATAL);
        }
}
END_TEST

START_TEST(what_stays_wrong_is_not_asked_for_again)
{
        static const char *const pages[] = { "{\"rows\": {\"no\": 1}}", "{\"rows\": \"x\"}", "\"ok\"", "42", NULL };

        all_are(ERR_INPUT, "rows", pages, 0);
}
END_TEST

START_TEST(a_bad_item_is_set_aside_as_it_is_taken_alone)
{
        Output output = { 0 };

        ck_assert_int_eq(page_run("rows", "", "{\"rows\": [{\"no\": 1}, {\"a\": 1.50}, 7, {\"no\": \"2\"}]}", &output),
                         ERR_NONE);
        ck_assert_int_eq(output.events, 2);
        ck_assert_int_eq(output.rejected, 2);
        ck_assert_int_eq(output.begun, 4);
        ck_assert_str_eq(output.reason, "bad_value");
        output.rejected = 0;
        ck_assert_int_eq(page_run("rows", "", "{\"rows\": [{\"a\": 1.50}]}", &output), ERR_NONE);
        ck_assert_str_eq(output.item, "{\"a\":\"1.50\"}");
        ck_assert_str_eq(output.reason, "missing_field");
}
END_TEST

/* An honest number of 18 digits ends in 000 once in a thousand; in a spreadsheet all do. */
START_TEST(numbers_that_all_lost_their_end_are_no_ids)
{
        static const char lost[] = "{\"rows\": [{\"no\": \"350206202311261000\"}, {\"no\": \"350206202311262000\"}]}";
        static const char cleared[] =
                "{\"rows\": [{\"no\": \"350206202311261000\"}, {\"no\": \"350206202311261001\"}]}";
        static const char alone[] = "{\"rows\": [{\"no\": \"350206202311261000\"}]}";
        Output output = { 0 };

        ck_assert_int_eq(page_run("rows", "", lost, &output), ERR_NONE);
        ck_assert(output.events == 0 && output.rejected == 2);
        ck_assert_str_eq(output.reason, "bad_id");
        output.rejected = 0;
        ck_assert_int_eq(page_run("rows", "", cleared, &output), ERR_NONE);
        ck_assert_int_eq(page_run("rows", "", alone, &output), ERR_NONE);
        ck_assert(output.events == 3 && output.rejected == 0);
}
END_TEST

START_TEST(a_bus_that_takes_nothing_more_ends_the_page)
{
        Output output = { .emits = ERR_RETRY };

        ck_assert_int_eq(page_run("rows", "", "{\"rows\": [{\"no\": 1}, {\"no\": 2}]}", &output), ERR_RETRY);
        ck_assert_int_eq(output.rejected, 0);
        ck_assert_int_eq(output.begun, 1);
}
END_TEST

/* Without a word of the site's: of the form's lists the first that is there, else the last, or the page itself. */
START_TEST(a_form_says_where_items_lie)
{
        static const struct {
                const char *lists, *page;
                ErrorKind kind;
                int events;
        } cases[] = {
                { "data.rows|rows", "{\"rows\": [{\"no\": 1}, {\"no\": 2}]}", ERR_NONE, 2 },
                { "data.rows|rows", "{\"data\": {\"rows\": [{\"no\": 1}]}, \"rows\": [{\"no\": 2}, {\"no\": 3}]}",
                  ERR_NONE, 1 },
                { "data.rows|rows", "{\"no\": 1}", ERR_NONE, 1 },
                { "data.rows|rows", "[{\"no\": 1}]", ERR_NONE, 1 },
                { "data.rows|rows", "{\"rows\": {\"a\": 1}}", ERR_INPUT, 0 },
                { "data.rows|rows", "{\"rows\": {\"no\": 1}}", ERR_NONE, 1 },
                { "data.rows|rows", "{\"code\": 500, \"rows\": {\"no\": 1}}", ERR_NONE, 1 },
                { "data.rows|rows", "{\"other\": 1}", ERR_RETRY, 0 },
                { "data.rows|rows|", "{\"other\": 1}", ERR_INPUT, 0 },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                const PageForm listed = { .number = i % 2 ? number : NULL,
                                          .numbers = "id|no",
                                          .translate = item_translate,
                                          .lists = cases[i].lists };
                Output output = { 0 };
                Error err = { 0 };
                CLEANUP(json_drop) json_t *page = json_read(cases[i].page, strlen(cases[i].page), &err);

                (void)page_translate(&listed, NULL, NULL, page, &output, &err);
                ck_assert_msg(err.kind == cases[i].kind && output.events == cases[i].events, "%s: %s", cases[i].page,
                              err.text);
        }
}
END_TEST

/* The last one's time comes first; a number is found where the form says. */
START_TEST(items_are_taken_in_the_order_of_their_times)
{
        static const char text[] =
                "[{\"no\": 1, \"at\": \"2023-12-05 08:00:00\"}, {\"no\": 2, \"at\": \"2023-12-05 07:00:00\"}]";
        static const PageForm ordered = { .numbers = "id|no", .times = "when|at", .translate = item_translate };
        const PageForm as_they_stand = { .numbers = "id|no", .translate = item_translate };
        Output output = { 0 };
        Error err = { 0 };
        CLEANUP(json_drop) json_t *page = json_read(text, strlen(text), &err), *one = json_read("{\"no\":3}", 8, &err);

        ck_assert(page_translate(&as_they_stand, NULL, NULL, page, &output, &err));
        ck_assert_str_eq(output.id, "2");
        ck_assert(page_translate(&ordered, NULL, NULL, page, &output, &err));
        ck_assert_str_eq(output.id, "1");
        ck_assert(page_translate(&ordered, NULL, NULL, one, &output, &err));
        ck_assert_str_eq(output.id, "3");
}
END_TEST

RUN("page", items_are_taken_in_the_order_of_their_times, a_form_says_where_items_lie,
    a_failure_that_brings_no_item_is_no_page, a_failure_is_seen_on_the_way_to_the_items,
    an_error_is_no_item_where_the_page_is_the_array, a_page_without_items_is_a_page, items_that_came_are_believed,
    what_a_success_looks_like_can_be_said, an_ok_that_says_nothing_does_not_start,
    what_stays_wrong_is_not_asked_for_again, a_bad_item_is_set_aside_as_it_is_taken_alone,
    numbers_that_all_lost_their_end_are_no_ids, a_bus_that_takes_nothing_more_ends_the_page)
