#include "hub/source/http/http_window.h"
#include "tests/unit/base/run.h"

#include <string.h>

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static HttpOptions options = { .overlap = 10 * MINUTE, .first_window = HOUR };

static int64_t at(const char *text)
{
        Error err = { 0 };
        int64_t ms = 0;

        ck_assert_msg(time_read(text, &ms, NULL, &err), "%s", err.text);
        return ms;
}

static Window restored(const char *checkpoint)
{
        Window window;
        Error err = { 0 };

        ck_assert_msg(window_restore(&window, checkpoint, &err), "%s", err.text);
        return window;
}

/* The server's clock counts, ours may be days off: its rows are stamped by its own. */
START_TEST(a_window_is_overlap_to_the_servers_now)
{
        Window window = restored("2023-12-05T00:00:00.000Z");
        int64_t now = at("2023-12-05T01:00:00Z");

        window_date(&window, now);
        window_begin(&window, &options);
        ck_assert_int_eq(window.start, at("2023-12-04T23:50:00Z"));
        ck_assert_int_ge(window.end, now);
        ck_assert_int_lt(window.end, now + 10 * MINUTE);
        ck_assert_int_eq(window.end % 1000, 0);
}
END_TEST

/* On the first start the place is kept at once: a restart before the first page must begin at the same place. */
START_TEST(the_first_window_begins_where_told)
{
        Window window = restored(NULL);
        int64_t now = at("2023-12-05T01:00:00Z");

        ck_assert_ptr_null(window_position(&window));
        window_date(&window, now);
        window_begin(&window, &options);
        ck_assert_int_ge(window.start, now - HOUR);
        ck_assert_int_lt(window.start, now - HOUR + 10 * MINUTE);
        ck_assert_ptr_nonnull(window_position(&window));
}
END_TEST

/* The cursor is what is in Kafka, not what was read. */
START_TEST(the_cursor_moves_when_the_last_page_is_acknowledged)
{
        Window window = restored("2023-12-05T00:00:00.000Z");

        window_date(&window, at("2023-12-05T01:00:00Z"));
        window_begin(&window, &options);
        window_first_page(&window, &options, at("2023-12-05T01:00:00Z"));
        window.token = 7;
        ck_assert_str_eq(window_position(&window), "2023-12-05T00:00:00.000Z");
        (void)window_acknowledged(&window, 7);
        ck_assert_msg(!strcmp(window_position(&window), "2023-12-05T00:00:00.000Z"), "more pages may come");
        window.over = true;
        ck_assert(!window_acknowledged(&window, 6));
        ck_assert_str_eq(window_position(&window), "2023-12-05T00:00:00.000Z");
        ck_assert(window_acknowledged(&window, 7));
        ck_assert_str_eq(window_position(&window), "2023-12-05T01:00:00.000Z");
}
END_TEST

/* Our clock is ahead and no Date came yet: rows between the server's now and ours are still to come. */
START_TEST(a_window_never_ends_after_the_servers_now)
{
        HttpOptions ending = { .overlap = 0, .first_window = HOUR, .end_parameter = (char[]){ "end" } };
        Window window = restored("2023-12-05T00:00:00.000Z");

        window_begin(&window, &ending);
        ck_assert_int_gt(window.end, at("2024-01-01T00:00:00Z"));
        window_first_page(&window, &ending, at("2023-12-05T01:00:00Z"));
        ck_assert_int_eq(window.end, at("2023-12-05T01:00:00Z"));
        window_first_page(&window, &ending, at("2023-12-05T02:00:00Z"));
        ck_assert_msg(window.end == at("2023-12-05T01:00:00Z"), "what was not asked for was not read");
        window_first_page(&window, &ending, TIME_NONE);
        ck_assert_int_eq(window.end, at("2023-12-05T01:00:00Z"));
}
END_TEST

/* A server whose clock was wrong for a day and went back: its new rows are before the cursor. */
START_TEST(a_server_whose_clock_went_back_is_followed)
{
        Window window = restored("2023-12-06T00:00:00.000Z");
        int64_t now = at("2023-12-05T00:00:00Z");

        window_date(&window, now);
        window_begin(&window, &options);
        ck_assert_int_le(window.start, now);
        ck_assert_int_le(window.start, window.end);
}
END_TEST

/* A case that was told weeks ago closes today: where the window is of requests, only a long one shows it. */
START_TEST(a_recheck_reaches_back_now_and_then)
{
        const HttpOptions often = { .overlap = 10 * MINUTE, .recheck = 48 * HOUR, .recheck_every = 1 };
        HttpOptions seldom = often;
        Window window = restored("2023-12-05T00:00:00.000Z");

        seldom.recheck_every = HOUR;
        window_date(&window, at("2023-12-05T01:00:00Z"));
        window_begin(&window, &seldom);
        ck_assert_int_eq(window.start, window.end - 48 * HOUR);
        ck_assert_uint_eq(window_round(&window, &seldom), 1);
        window_begin(&window, &seldom);
        ck_assert_msg(window.start == window.end - 48 * HOUR, "its first page did not come: it is asked for again");
        ck_assert_uint_eq(window_round(&window, &seldom), 1);
        window.over = true;
        (void)window_acknowledged(&window, 0);
        window_begin(&window, &seldom);
        ck_assert_int_gt(window.start, at("2023-12-05T00:40:00Z"));
        ck_assert_msg(window_round(&window, &seldom) == 1, "what the recheck brought is a repeat until the next one");
        window.over = true;
        (void)window_acknowledged(&window, 0);
        window.recheck_ms = 1;
        window_begin(&window, &often);
        ck_assert_int_eq(window.start, window.end - 48 * HOUR);
        ck_assert_uint_eq(window_round(&window, &often), 2);
}
END_TEST

START_TEST(a_checkpoint_that_is_no_time_is_said)
{
        Window window;
        Error err = { 0 };

        ck_assert(!window_restore(&window, "page 7", &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        ck_assert_ptr_nonnull(strstr(err.text, "page 7"));
}
END_TEST

RUN("http_window", a_window_is_overlap_to_the_servers_now, the_first_window_begins_where_told,
    the_cursor_moves_when_the_last_page_is_acknowledged, a_window_never_ends_after_the_servers_now,
    a_server_whose_clock_went_back_is_followed, a_recheck_reaches_back_now_and_then,
    a_checkpoint_that_is_no_time_is_said)
