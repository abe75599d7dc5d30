#include "tests/unit/base/run.h"
#include "tests/unit/source/http/poll.h"

/* Files of whole hours, as MDS has them: event_time=YYYY-MM-DDTHH; 202 not ready, 404 none. The server's clock says 00:42:10. */

static const char *const settings[] = { "start_parameter=event_time", "time_form=hour", "first_window=1h", NULL };

static void answer_hour(const char *request, size_t number, Buffer *out)
{
        (void)request;
        (void)number;
        answer_write(out, "200 OK", DATE, "[7]");
}

/* What was missed is read hour by hour, at once; of the hour that runs there is no file yet. */
START_TEST(hours_are_asked_for_one_after_the_other)
{
        Poll poll;

        poll_open(&poll, answer_hour, "2023-12-04T22:00:00.000Z", settings);
        record(&poll, "[7]");
        asked(&poll, 0, "GET /list?key=k1&event_time=2023-12-04T22 ");
        ck_assert_str_eq(position(&poll), "2023-12-04T22:00:00.000Z");
        acknowledge(&poll);
        record(&poll, "[7]");
        ck_assert_str_eq(position(&poll), "2023-12-04T23:00:00.000Z");
        asked(&poll, 1, "event_time=2023-12-04T23 ");
        acknowledge(&poll);
        for (int i = 0; i < 20; i++)
                ck_assert_int_eq(turn(&poll), SOURCE_IDLE);
        ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
        ck_assert_uint_eq(server_size(&poll.server), 2);
        poll_close(&poll);
}
END_TEST

static void answer_not_ready(const char *request, size_t number, Buffer *out)
{
        (void)request;
        answer_write(out, number ? "200 OK" : "202 Accepted", DATE, number ? "[7]" : "{}");
}

START_TEST(an_hour_that_is_not_ready_is_asked_for_again)
{
        Poll poll;

        poll_open(&poll, answer_not_ready, "2023-12-04T22:00:00.000Z", settings);
        away(&poll, "HTTP 202");
        ck_assert_str_eq(position(&poll), "2023-12-04T22:00:00.000Z");
        record(&poll, "[7]");
        asked(&poll, 1, "event_time=2023-12-04T22 ");
        poll_close(&poll);
}
END_TEST

static void answer_none(const char *request, size_t number, Buffer *out)
{
        (void)request;
        answer_write(out, number ? "200 OK" : "404 Not Found", DATE, number ? "[7]" : "{}");
}

START_TEST(an_hour_of_which_there_is_none_is_passed_over)
{
        Poll poll;

        poll_open(&poll, answer_none, "2023-12-04T22:00:00.000Z", settings);
        record(&poll, "[7]");
        asked(&poll, 1, "event_time=2023-12-04T23 ");
        ck_assert_str_eq(position(&poll), "2023-12-04T23:00:00.000Z");
        poll_close(&poll);
}
END_TEST

/* `hub run --once` catches up, and does not wait for the hour that runs. */
START_TEST(once_reads_all_that_are_over)
{
        CLEANUP(buffer_free) Buffer bodies = { 0 };
        Poll poll;

        poll_open(&poll, answer_hour, NULL, settings);
        source_http_poll.close(poll.source);
        source_start(&poll, "2023-12-04T21:30:00.000Z", true);
        window_read(&poll, &bodies);
        ck_assert_str_eq(bodies.bytes, "[7] [7] [7]");
        asked(&poll, 0, "event_time=2023-12-04T21 ");
        poll_close(&poll);
}
END_TEST

START_TEST(what_does_not_fit_hours_is_said)
{
        static const char *const wrong[] = { "time_form=hour", "end_parameter=to", "recheck=24h" };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                const char *const all[] = { "url=https://example.com/list", "time_form=hour", wrong[i],
                                            "start_parameter=from" };
                HttpOptions options = { 0 };
                Error err = { 0 };

                ck_assert(options_set(http_options, HTTP_OPTIONS, all, i ? 4 : 3, NULL, &options, &err));
                ck_assert(!http_options_check(&options, &err));
                ck_assert_msg(strstr(err.text, "time_form: hour"), "%s", err.text);
                options_free(http_options, HTTP_OPTIONS, &options);
        }
}
END_TEST

RUN("http_hour", hours_are_asked_for_one_after_the_other, an_hour_that_is_not_ready_is_asked_for_again,
    an_hour_of_which_there_is_none_is_passed_over, once_reads_all_that_are_over, what_does_not_fit_hours_is_said)
