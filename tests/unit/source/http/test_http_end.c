#include "tests/unit/base/run.h"
#include "tests/unit/source/http/poll.h"

/* Where a list ends, as servers end it; where it does not end; and pages that never come. */

#define PAGES "page_parameter=page", "page_size=2"

static size_t page_of(const char *request)
{
        const char *at = strstr(request, "page=");

        return at ? strtoul(at + strlen("page="), NULL, 10) : 0;
}

/* Pages 1 to 3 hold five rows; what is behind them is the test's. */
static bool rows_give(const char *request, Buffer *out)
{
        static const char *const pages[] = { "", "[1,2]", "[3,4]", "[5]" };
        const size_t page = page_of(request);

        if (page < 1 || page > 3)
                return false;
        answer_write(out, "200 OK", DATE, pages[page]);
        return true;
}

#define ROWS "[1,2] [3,4] [5]"

static void behind_404(const char *request, size_t number, Buffer *out)
{
        (void)number;
        if (!rows_give(request, out))
                answer_write(out, "404 Not Found", DATE, "{\"detail\":\"Invalid page.\"}");
}

static void behind_400(const char *request, size_t number, Buffer *out)
{
        (void)number;
        if (!rows_give(request, out))
                answer_write(out, "400 Bad Request", DATE, "");
}

static void behind_500(const char *request, size_t number, Buffer *out)
{
        (void)number;
        if (!rows_give(request, out))
                answer_write(out, "500 Internal Server Error", DATE, "");
}

static void behind_204(const char *request, size_t number, Buffer *out)
{
        (void)number;
        if (!rows_give(request, out))
                answer_write(out, "204 No Content", DATE, "");
}

static void behind_last(const char *request, size_t number, Buffer *out)
{
        (void)number;
        if (!rows_give(request, out))
                answer_write(out, "200 OK", DATE, "[5]");
}

static void behind_first(const char *request, size_t number, Buffer *out)
{
        (void)number;
        if (!rows_give(request, out))
                answer_write(out, "200 OK", DATE, "[1,2]");
}

static void behind_null(const char *request, size_t number, Buffer *out)
{
        (void)number;
        if (!rows_give(request, out))
                answer_write(out, "200 OK", DATE, "null");
}

typedef struct {
        void (*answer)(const char *asked, size_t number, Buffer *out);
        const char *setting, *bodies;
        size_t requests;
} End;

/* Two passes that agree, and the position is the server's time: no row is missing, and no request is one for ever. */
START_TEST(a_list_ends_as_the_server_ends_it)
{
        static const End ends[] = {
                { behind_404, "end=404", ROWS " " ROWS, 8 },
                { behind_404, "page_first=1", ROWS " " ROWS, 8 },
                { behind_400, "end=400", ROWS " " ROWS, 8 },
                { behind_204, "page_first=1", ROWS " " ROWS, 8 },
                { behind_last, "page_first=1", ROWS " [5] " ROWS " [5]", 8 },
                { behind_first, "page_first=1", ROWS " [1,2] " ROWS " [1,2]", 8 },
                { behind_null, "page_first=1", ROWS " null " ROWS " null", 8 },
                { behind_500, "end=short", ROWS " " ROWS, 6 },
                { behind_500, "page_first=1", ROWS " " ROWS, 12 },
        };

        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
                const char *const settings[] = { PAGES, ends[i].setting, NULL };
                CLEANUP(buffer_free) Buffer bodies = { 0 };
                Poll poll;

                poll_once(&poll, ends[i].answer, settings);
                window_read(&poll, &bodies);
                ck_assert_msg(!strcmp(bodies.bytes, ends[i].bodies), "%zu: %s", i, bodies.bytes);
                ck_assert_msg(server_size(&poll.server) == ends[i].requests, "%zu: %zu requests", i,
                              server_size(&poll.server));
                ck_assert_str_eq(position(&poll), WAS);
                poll_close(&poll);
        }
}
END_TEST

/* ---- totals ---- */

static void answer_total(const char *request, size_t number, Buffer *out)
{
        static const char *const pages[] = { "", "{\"n\":4,\"total\":4,\"rows\":[1,2]}",
                                             "{\"n\":4,\"total\":4,\"rows\":[3,4]}" };
        const size_t page = page_of(request);

        (void)number;
        if (page <= 2)
                answer_write(out, "200 OK", DATE, pages[page]);
        else
                answer_write(out, "500 Internal Server Error", DATE, "");
}

/* A total that is named spares the question; one that is only there proves that a failure is the end. */
START_TEST(a_total_says_where_a_list_ends)
{
        static const char *const said[] = { PAGES, "items=rows", "total=n", NULL };
        static const char *const there[] = { PAGES, "items=rows", NULL };
        CLEANUP(buffer_free) Buffer bodies = { 0 };
        Poll poll;

        poll_once(&poll, answer_total, said);
        window_read(&poll, &bodies);
        ck_assert_uint_eq(server_size(&poll.server), 4);
        ck_assert_str_eq(position(&poll), WAS);
        poll_close(&poll);
        poll_once(&poll, answer_total, there);
        window_read(&poll, &bodies);
        ck_assert_uint_eq(server_size(&poll.server), 10);
        ck_assert_str_eq(position(&poll), WAS);
        poll_close(&poll);
}
END_TEST

/* ---- no end ---- */

static void answer_endless(const char *request, size_t number, Buffer *out)
{
        CLEANUP(mem_drop) char *body = text_format("[%zu,%zu]", 2 * number, 2 * number + 1);

        (void)request;
        answer_write(out, "200 OK", DATE, body);
}

/* Other rows for ever: told as stuck, and what is not known to be whole is not passed. */
START_TEST(a_list_without_end_is_told)
{
        static const char *const settings[] = { PAGES, "pages_most=3", NULL };
        Poll poll;

        poll_open(&poll, answer_endless, "2023-12-05T00:00:00.000Z", settings);
        record(&poll, "[0,1]");
        record(&poll, "[2,3]");
        record(&poll, "[4,5]");
        acknowledge(&poll);
        away(&poll, "pages_most (3)");
        ck_assert_int_eq(poll.err.kind, ERR_RETRY);
        record(&poll, "[6,7]");
        asked(&poll, 3, "page=1 ");
        ck_assert_int_gt(source_http_poll.stuck(poll.source), 0);
        ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
        poll_close(&poll);
}
END_TEST

/* ---- pages that never come ---- */

static void answer_poison(const char *request, size_t number, Buffer *out)
{
        if (page_of(request) == 2 && number < 7)
                answer_write(out, "500 Internal Server Error", DATE, "");
        else if (!rows_give(request, out))
                answer_write(out, "200 OK", DATE, "[]");
}

/*
 * The pages before it are delivered, once more now and then, for what is new on them; the window does not move past it, and it
 * is told until it comes.
 */
START_TEST(a_page_that_does_not_come_stays_due)
{
        static const char *const settings[] = { PAGES, NULL };
        Poll poll;

        poll_open(&poll, answer_poison, "2023-12-05T00:00:00.000Z", settings);
        ck_assert_int_eq(source_http_poll.stuck(poll.source), 0);
        record(&poll, "[1,2]");
        acknowledge(&poll);
        away(&poll, "HTTP 500");
        ck_assert_int_ge(source_http_poll.stuck(poll.source), 0);
        record(&poll, "[1,2]");
        ck_assert_uint_eq(server_size(&poll.server), 6);
        acknowledge(&poll);
        ck_assert_int_gt(source_http_poll.stuck(poll.source), 0);
        record(&poll, "[3,4]");
        acknowledge(&poll);
        ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
        record(&poll, "[5]");
        ck_assert_int_eq(source_http_poll.stuck(poll.source), 0);
        poll_close(&poll);
}
END_TEST

/* A server that gives fewer than it was asked for in the middle: there a failure behind such a page is no end. */
static void answer_uneven(const char *request, size_t number, Buffer *out)
{
        const size_t page = page_of(request);

        if (page == 3 && number < 5)
                answer_write(out, "500 Internal Server Error", DATE, "");
        else
                answer_write(out, "200 OK", DATE, page == 1 ? "[1]" : page == 2 ? "[2]" : page == 3 ? "[3]" : "[]");
}

START_TEST(a_failure_in_the_middle_is_no_end)
{
        static const char *const settings[] = { PAGES, NULL };
        static const char *const wanted = "[1] [2] [3] [] [1] [2] [3] []";
        CLEANUP(buffer_free) Buffer bodies = { 0 };
        Poll poll;

        poll_once(&poll, answer_uneven, settings);
        window_read(&poll, &bodies);
        ck_assert_str_eq(bodies.bytes, wanted);
        poll_close(&poll);
}
END_TEST

RUN("http_end", a_list_ends_as_the_server_ends_it, a_total_says_where_a_list_ends, a_list_without_end_is_told,
    a_page_that_does_not_come_stays_due, a_failure_in_the_middle_is_no_end)
