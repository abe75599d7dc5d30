#include "tests/unit/base/run.h"
#include "tests/unit/source/http/poll.h"

/* Pages that name the next one (JSON:API's links.next, as MDS has it): what is behind the first must not be lost. */

static const char *const settings[] = { "start_parameter=start_time", "time_form=epoch_ms", "next=links.next",
                                        "headers=Authorization=Bearer t", NULL };

static void answer_three(const char *request, size_t number, Buffer *out)
{
        (void)number;
        answer_write(out, "200 OK", DATE,
                     asks(request, "cursor=c")   ? "{\"e\":[3],\"links\":{\"next\":null}}"
                     : asks(request, "cursor=b") ? "{\"e\":[2],\"links\":{\"next\":\"?cursor=c&key=k1\"}}"
                                                 : "{\"e\":[1],\"links\":{\"next\":\"/list?cursor=b\"}}");
}

START_TEST(the_next_page_is_where_the_last_one_says)
{
        CLEANUP(buffer_free) Buffer bodies = { 0 };
        Poll poll;

        poll_once(&poll, answer_three, settings);
        window_read(&poll, &bodies);
        ck_assert_ptr_nonnull(strstr(bodies.bytes, "[1]"));
        ck_assert_ptr_nonnull(strstr(bodies.bytes, "[2]"));
        ck_assert_ptr_nonnull(strstr(bodies.bytes, "[3]"));
        ck_assert_uint_eq(server_size(&poll.server), 3);
        asked(&poll, 0, "GET /list?key=k1&start_time=1701733800000 ");
        asked(&poll, 1, "GET /list?cursor=b ");
        asked(&poll, 2, "GET /list?cursor=c&key=k1 ");
        asked(&poll, 2, "Authorization: Bearer t");
        ck_assert_str_eq(position(&poll), WAS);
        poll_close(&poll);
}
END_TEST

static void answer_broken(const char *request, size_t number, Buffer *out)
{
        if (number == 1)
                answer_write(out, "404 Not Found", DATE, "{}");
        else
                answer_three(request, number, out);
}

/* A cursor that has run out is no end: the page is asked for again, and the window does not move. */
START_TEST(a_next_page_that_fails_stays_due)
{
        Poll poll;

        poll_open(&poll, answer_broken, "2023-12-05T00:00:00.000Z", settings);
        record(&poll, "{\"e\":[1],\"links\":{\"next\":\"/list?cursor=b\"}}");
        acknowledge(&poll);
        away(&poll, "HTTP 404");
        ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
        record(&poll, "{\"e\":[2],\"links\":{\"next\":\"?cursor=c&key=k1\"}}");
        asked(&poll, 2, "GET /list?cursor=b ");
        poll_close(&poll);
}
END_TEST

static void answer_elsewhere(const char *request, size_t number, Buffer *out)
{
        (void)request;
        (void)number;
        answer_write(out, "200 OK", DATE, "{\"e\":[1],\"links\":{\"next\":\"https://evil.example/list?cursor=b\"}}");
}

START_TEST(another_host_is_not_asked)
{
        Poll poll;

        poll_open(&poll, answer_elsewhere, "2023-12-05T00:00:00.000Z", settings);
        record(&poll, "{\"e\":[1],\"links\":{\"next\":\"https://evil.example/list?cursor=b\"}}");
        acknowledge(&poll);
        away(&poll, "evil.example, which is not asked");
        ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
        poll_close(&poll);
}
END_TEST

static void answer_itself(const char *request, size_t number, Buffer *out)
{
        (void)request;
        (void)number;
        answer_write(out, "200 OK", DATE, "{\"links\":{\"next\":\"/list?cursor=z\"}}");
}

START_TEST(a_page_that_names_itself_is_the_last)
{
        CLEANUP(buffer_free) Buffer bodies = { 0 };
        Poll poll;

        poll_once(&poll, answer_itself, settings);
        window_read(&poll, &bodies);
        ck_assert_uint_eq(server_size(&poll.server), 2);
        poll_close(&poll);
}
END_TEST

START_TEST(next_stands_alone)
{
        static const char *const wrong[] = { "page_parameter=page", "method=POST" };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                const char *const all[] = { "url=https://example.com/list", "next=links.next", wrong[i] };
                HttpOptions options = { 0 };
                Error err = { 0 };

                ck_assert(options_set(http_options, HTTP_OPTIONS, all, 3, NULL, &options, &err));
                ck_assert(!http_options_check(&options, &err));
                ck_assert_msg(strstr(err.text, "next needs"), "%s", err.text);
                options_free(http_options, HTTP_OPTIONS, &options);
        }
}
END_TEST

RUN("http_next", the_next_page_is_where_the_last_one_says, a_next_page_that_fails_stays_due, another_host_is_not_asked,
    a_page_that_names_itself_is_the_last, next_stands_alone)
