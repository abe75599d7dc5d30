#include "hub/source/http/http_check.h"
#include "hub/source/http/http_kind.h"
#include "tests/unit/base/run.h"
#include "tests/unit/source/http/poll.h"

/* The span of all pages here: the first of May, UTC. */
static Kind verdict(const char *page, const char **asked, const char **other)
{
        const PageForm form = { .items = "rows" };
        static KindLook look; /* the names stand in it */

        look = (KindLook){ .from = INT64_C(1714521600000), .to = INT64_C(1714608000000) };
        kind_look(&look, &form, page, strlen(page));
        return kind_verdict(&look, asked, other);
}

/* What closed on the second is no answer to a question for changes of the first. */
START_TEST(a_window_of_requests_is_known)
{
        const char *asked, *other;

        ck_assert_int_eq(verdict("{\"rows\":[{\"begun\":\"2024-05-01T01:00:00Z\",\"updated\":\"2024-05-01T09:00:00Z\","
                                 "\"deadline\":\"2024-05-09T00:00:00Z\",\"phone\":\"1714521600000\"},"
                                 "{\"begun\":\"2024-05-01T02:00:00Z\",\"updated\":\"2024-05-02T09:00:00Z\","
                                 "\"deadline\":null}]}",
                                 &asked, &other),
                         KIND_REQUESTS);
        ck_assert_str_eq(asked, "begun");
        ck_assert_str_eq(other, "updated");
}
END_TEST

START_TEST(a_window_of_changes_is_known)
{
        const char *asked, *other;

        ck_assert_int_eq(verdict("{\"rows\":[{\"begun\":\"2024-05-01T01:00:00Z\",\"updated\":\"2024-05-01T09:00:00Z\","
                                 "\"deadline\":\"2024-05-09T00:00:00Z\"},"
                                 "{\"begun\":\"2024-04-01T02:00:00Z\",\"updated\":\"2024-05-01T10:00:00Z\"}]}",
                                 &asked, &other),
                         KIND_CHANGES);
        ck_assert_str_eq(asked, "updated");
        ck_assert_str_eq(other, "begun");
}
END_TEST

START_TEST(a_window_that_is_not_obeyed_is_known)
{
        const char *asked, *other;

        ck_assert_int_eq(verdict("{\"rows\":[{\"begun\":\"2024-05-01T01:00:00Z\",\"updated\":\"2024-05-01T09:00:00Z\"},"
                                 "{\"begun\":\"2023-04-01T02:00:00Z\",\"updated\":\"2023-05-01T10:00:00Z\"}]}",
                                 &asked, &other),
                         KIND_NO_WINDOW);
}
END_TEST

/* A guess would be worse than none. */
START_TEST(what_does_not_tell_tells_nothing)
{
        static const char *const pages[] = {
                "{\"rows\":[]}",
                "{\"rows\":null}",
                "no JSON",
                "{\"rows\":[{\"begun\":\"2024-05-01T01:00:00Z\"}]}",
                "{\"rows\":[{\"begun\":\"2024-05-01T01:00:00Z\",\"updated\":\"2024-05-01T09:00:00Z\"}]}",
                /* the change itself is asked by, though a closing is told for later */
                "{\"rows\":[{\"updated\":\"2024-05-01T01:00:00Z\",\"visit\":\"2024-05-03T09:00:00Z\"}]}",
        };
        const char *asked, *other;

        for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
                ck_assert_msg(verdict(pages[i], &asked, &other) == KIND_UNKNOWN, "%s", pages[i]);
}
END_TEST

/* ---- the line of hub check --connect ---- */

static void answer_requests(const char *request, size_t number, Buffer *out)
{
        char began[TIME_TEXT_SIZE], updated[TIME_TEXT_SIZE];
        CLEANUP(mem_drop)
        char *body = text_format("[{\"requested_datetime\":\"%s\",\"updated_datetime\":\"%s\"}]",
                                 time_text(time_now() - INT64_C(5) * 24 * 3600 * 1000, began),
                                 time_text(time_now() - INT64_C(3600) * 1000, updated));

        (void)request;
        (void)number;
        answer_write(out, "200 OK", "", body);
}

START_TEST(the_check_says_which_kind_it_is)
{
        const char *const bare[] = { "start_parameter=start_date", "end_parameter=end_date", NULL };
        const char *const mended[] = { "start_parameter=start_date", "end_parameter=end_date", "recheck=60d", NULL };
        CLEANUP(buffer_free) Buffer note = { 0 };
        Poll poll;

        poll_open(&poll, answer_requests, NULL, bare);
        http_connect_note(&poll.options, &note);
        ck_assert_ptr_nonnull(strstr(note.bytes, "start_date asks by requested_datetime, not by change"));
        ck_assert_ptr_nonnull(strstr(note.bytes, "set recheck"));
        poll_close(&poll);
        buffer_clear(&note);
        poll_open(&poll, answer_requests, NULL, mended);
        http_connect_note(&poll.options, &note);
        ck_assert_ptr_nonnull(strstr(note.bytes, "recheck is set"));
        poll_close(&poll);
}
END_TEST

RUN("http_kind", a_window_of_requests_is_known, a_window_of_changes_is_known, a_window_that_is_not_obeyed_is_known,
    what_does_not_tell_tells_nothing, the_check_says_which_kind_it_is)
