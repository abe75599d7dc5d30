#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"
#include "tests/unit/source/http/poll.h"

/* ---- windows ---- */

static void answer_row(const char *request, size_t number, Buffer *out)
{
        (void)request;
        (void)number;
        answer_write(out, "200 OK", DATE "Content-Type: application/json\r\n", "[7]");
}

/* What the server did not have yet when it answered must be asked for next time, whatever our clock says. */
START_TEST(the_next_window_begins_at_the_last_end_less_overlap)
{
        static const char *const settings[] = { "start_parameter=from", "end_parameter=to", "time_form=rfc3339",
                                                "overlap=10min", NULL };
        Poll poll;

        poll_open(&poll, answer_row, "2023-12-05T00:00:00.000Z", settings);
        record(&poll, "[7]");
        asked(&poll, 0, "GET /list?key=k1&from=2023-12-04T23%3A50%3A00Z&to=2");
        ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
        ck_assert_uint_eq(poll.read.window, 1);
        ck_assert_int_eq(turn(&poll), SOURCE_IDLE);
        ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
        acknowledge(&poll);
        ck_assert_str_eq(position(&poll), WAS);
        record(&poll, "[7]");
        asked(&poll, 1, "from=2023-12-05T00%3A32%3A10Z&to=2023-12-05T00%3A42%3A1");
        ck_assert_uint_eq(poll.read.window, 2);
        poll_close(&poll);
}
END_TEST

/* Nothing may be asked for that Kafka has not: else the checkpoint of a kill would be ahead of it. */
START_TEST(no_window_before_the_last_one_is_acknowledged)
{
        static const char *const settings[] = { NULL };
        Poll poll;

        poll_open(&poll, answer_row, NULL, settings);
        record(&poll, "[7]");
        for (int i = 0; i < 20; i++)
                ck_assert_int_eq(turn(&poll), SOURCE_IDLE);
        ck_assert_uint_eq(server_size(&poll.server), 1);
        ck_assert_int_eq(source_http_poll.lag(poll.source), -1);
        acknowledge(&poll);
        ck_assert_int_eq(source_http_poll.lag(poll.source), 0);
        record(&poll, "[7]");
        poll_close(&poll);
}
END_TEST

/* Every time form that platforms take, and every parameter, once as a form. */
START_TEST(parameters_are_written_as_the_server_wants_them)
{
        static const struct {
                const char *form, *written;
        } forms[] = { { "time_form=yyyy-MM-dd HH:mm:ss", "from=2023-12-05%2007%3A50%3A00" },
                      { "time_form=epoch_s", "from=1701733800&" },
                      { "time_form=epoch_ms", "from=1701733800000&" } };

        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
                const char *const settings[] = { "method=POST",
                                                 "start_parameter=from",
                                                 "page_parameter=page",
                                                 "page_first=0",
                                                 "size_parameter=size",
                                                 "page_size=20",
                                                 "form=name=\xe6\xb9\x96 &",
                                                 forms[i].form,
                                                 NULL };
                Poll poll;

                poll_open(&poll, answer_row, "2023-12-05T00:00:00.000Z", settings);
                record(&poll, "[7]");
                asked(&poll, 0, "POST /list?key=k1 HTTP/1.1");
                asked(&poll, 0, "Content-Type: application/x-www-form-urlencoded");
                asked(&poll, 0, "\r\n\r\nname=%E6%B9%96%20%26&from=");
                asked(&poll, 0, forms[i].written);
                asked(&poll, 0, "&page=0&size=20");
                poll_close(&poll);
        }
}
END_TEST

/* The record says where it came from; a position is the same after a restart, so that crashes at it can be counted. */
START_TEST(a_record_names_its_page_and_no_secret)
{
        static const char *const settings[] = { "start_parameter=from", "page_parameter=page", NULL };

        for (int i = 0; i < 2; i++) {
                CLEANUP(mem_drop) char *channel = NULL;
                Poll poll;

                poll_open(&poll, answer_row, "2023-12-05T00:00:00.000Z", settings);
                record(&poll, "[7]");
                channel = text_format("http://127.0.0.1:%d/list", poll.server.port);
                ck_assert_str_eq(poll.read.record.channel, channel);
                ck_assert_str_eq(poll.read.record.content_type, "application/json");
                ck_assert_str_eq(poll.read.record.position, "2023-12-04T23:50:00.000Z page 1");
                poll_close(&poll);
        }
}
END_TEST

START_TEST(once_ends_after_one_window)
{
        static const char *const settings[] = { NULL };
        Poll poll;
        SourceResult result = SOURCE_IDLE;

        poll_open(&poll, answer_row, NULL, settings);
        source_http_poll.close(poll.source);
        source_start(&poll, NULL, true);
        record(&poll, "[7]");
        for (int i = 0; result == SOURCE_IDLE && i < TURNS; i++)
                result = turn(&poll);
        ck_assert_int_eq(result, SOURCE_END);
        ck_assert_uint_eq(server_size(&poll.server), 1);
        poll_close(&poll);
}
END_TEST

/* ---- pages ---- */

/* Row 3 moves from page 2 to page 1 after page 1 was read: the first pass misses it. */
static void answer_shifting(const char *request, size_t number, Buffer *out)
{
        static const char *const first[] = { "[1,2]", "[4]", "[]" }, *const later[] = { "[2,3]", "[4]", "[]" };
        size_t page = asks(request, "page=1 ") ? 0 : asks(request, "page=2 ") ? 1 : 2;

        answer_write(out, "200 OK", DATE, number < 3 ? first[page] : later[page]);
}

START_TEST(a_row_that_shifts_between_pages_is_read)
{
        static const char *const settings[] = { "page_parameter=page", "page_size=2", NULL };
        static const char *const wanted[] = { "[1,2]", "[4]", "[]", "[2,3]", "[4]", "[]", "[2,3]", "[4]", "[]" };
        Poll poll;

        poll_open(&poll, answer_shifting, "2023-12-05T00:00:00.000Z", settings);
        for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
                record(&poll, wanted[i]);
                ck_assert_uint_eq(poll.read.window, 1);
                acknowledge(&poll);
                ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
        }
        (void)turn(&poll);
        ck_assert_str_eq(position(&poll), WAS);
        poll_close(&poll);
}
END_TEST

/* ---- sessions ---- */

/* The session ends once, with a login page and HTTP 200, as such systems do. */
static void answer_session(const char *request, size_t number, Buffer *out)
{
        if (asks(request, "POST /login") && !asks(request, "\r\n\r\nusername=hub&password=geheim%21"))
                answer_write(out, "401 Unauthorized", DATE, "no");
        else if (asks(request, "POST /login"))
                answer_write(out, "200 OK",
                             number == 0 ? DATE "Set-Cookie: SESSION=one; Path=/\r\n"
                                         : DATE "Set-Cookie: SESSION=two; Path=/\r\n",
                             "ok");
        else if (asks(request, "Cookie: SESSION=two"))
                answer_write(out, "200 OK", DATE, "[7]");
        else
                answer_write(out, "200 OK", DATE "Content-Type: text/html\r\n", "<html>login</html>");
}

static char *password_write(const char *folder, const char *text)
{
        CLEANUP(mem_drop) char *path = text_format("%s/password", folder);
        FILE *file = fopen(path, "w");

        fprintf(file, "%s\n", text);
        fclose(file);
        return text_format("password_file=%s", path);
}

START_TEST(a_session_that_ended_begins_again)
{
        char folder[64];
        CLEANUP(mem_drop) char *password = password_write(test_folder(folder), "geheim!");
        const char *const settings[] = { "login", "user=hub", password, NULL };
        Error why = { .kind = ERR_RETRY, .text = "a login page" };
        uint64_t token;
        Poll poll;

        poll_open(&poll, answer_session, "2023-12-05T00:00:00.000Z", settings);
        record(&poll, "<html>login</html>");
        token = poll.read.token;
        asked(&poll, 1, "Cookie: SESSION=one");
        source_http_poll.retry(poll.source, &why);
        away(&poll, "a login page");
        record(&poll, "[7]");
        ck_assert_uint_gt(poll.read.token, token);
        ck_assert_uint_eq(poll.read.window, 1);
        ck_assert_uint_eq(server_size(&poll.server), 4);
        ck_assert_msg(!server_asked(&poll.server, 2, "SESSION=one"), "the dead session was taken along");
        ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
        acknowledge(&poll);
        (void)turn(&poll);
        ck_assert_str_eq(position(&poll), WAS);
        poll_close(&poll);
        test_folder_remove(folder);
}
END_TEST

/* The session ends with 401: nothing is lost, nobody need wait. */
static void answer_401(const char *request, size_t number, Buffer *out)
{
        if (asks(request, "POST /login"))
                answer_write(out, "302 Found", "Location: /front\r\nSet-Cookie: SESSION=new; Path=/\r\n", "");
        else if (number == 3)
                answer_write(out, "401 Unauthorized", DATE, "");
        else
                answer_write(out, "200 OK", DATE, "[7]");
}

START_TEST(a_401_logs_in_again_at_once)
{
        static const char *const settings[] = { "login", "login_form=a=b", NULL };
        Poll poll;

        poll_open(&poll, answer_401, NULL, settings);
        record(&poll, "[7]");
        acknowledge(&poll);
        record(&poll, "[7]");
        acknowledge(&poll);
        for (int i = 0; server_size(&poll.server) < 6 && i < TURNS; i++)
                ck_assert_int_ne(turn(&poll), SOURCE_AWAY);
        asked(&poll, 4, "POST /login");
        asked(&poll, 5, "GET /list");
        poll_close(&poll);
}
END_TEST

START_TEST(a_wrong_password_is_one_line)
{
        char folder[64];
        CLEANUP(mem_drop) char *password = password_write(test_folder(folder), "geheim?");
        const char *const settings[] = { "login", "user=hub", password, NULL };
        Poll poll;
        Error err = { 0 };

        poll_open(&poll, answer_session, NULL, settings);
        away(&poll, "wrong user or password");
        away(&poll, "/login: HTTP 401");
        ck_assert(!source_http_poll.connect_check(&poll.options, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "wrong user or password"));
        poll_close(&poll);
        test_folder_remove(folder);
}
END_TEST

/* ---- sick peers ---- */

typedef struct {
        const char *setting; /* makes the server sick in this way, once */
        const char *answer, *said;
} Sickness;

static const Sickness sicknesses[] = {
        { "form=kind=busy", "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
          "HTTP 429" },
        { "form=kind=maintenance",
          "HTTP/1.1 503 Service Unavailable\r\n" DATE
          "Retry-After: Tue, 05 Dec 2023 00:42:11 GMT\r\nContent-Length: 0\r\n\r\n",
          "HTTP 503" },
        { "form=kind=broken", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 3\r\n\r\n500", "HTTP 500" },
        { "form=kind=half", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[7", "/list: " },
        { "form=kind=unasked", "HTTP/1.1 304 Not Modified\r\n\r\n", "HTTP 304" },
        { "form=kind=redirect",
          "HTTP/1.1 302 Found\r\nLocation: https://evil.example/list?key=geheim\r\nContent-Length: 0\r\n\r\n",
          "redirected to evil.example," },
        { "form=kind=hangup", "", "/list: " },
        { "form=kind=chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[7\r\n", "/list: " },
        { "form=kind=empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "an empty body" },
        { "form=kind=part", "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n\r\n[7,", "HTTP 206" },
        { "form=kind=later", "HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}", "HTTP 202" },
};

enum { SICKNESSES = sizeof(sicknesses) / sizeof(sicknesses[0]) };

static void answer_sick(const char *request, size_t number, Buffer *out)
{
        for (size_t i = 0; number == 0 && i < SICKNESSES; i++)
                if (asks(request, sicknesses[i].setting + strlen("form=")))
                        buffer_text(out, sicknesses[i].answer);
        if (number)
                answer_write(out, "200 OK", DATE, "[7]");
}

/* Each is said, none is taken for a page, and in the end the page comes; the place does not move meanwhile. */
START_TEST(a_sick_server_is_asked_again)
{
        for (size_t i = 0; i < SICKNESSES; i++) {
                const char *const settings[] = { "start_parameter=from", sicknesses[i].setting, NULL };
                Poll poll;

                poll_open(&poll, answer_sick, "2023-12-05T00:00:00.000Z", settings);
                away(&poll, sicknesses[i].said);
                record(&poll, "[7]");
                asked(&poll, 1, "from=2023-12-05%2007%3A50%3A00");
                ck_assert_str_eq(position(&poll), "2023-12-05T00:00:00.000Z");
                poll_close(&poll);
        }
}
END_TEST

static void answer_later(const char *request, size_t number, Buffer *out)
{
        (void)request;
        (void)number;
        answer_write(out, "429 Too Many Requests", "Retry-After: 3600\r\n", "");
}

/* Who asks an overloaded server again at once makes it worse, and is shut out. */
START_TEST(a_server_that_asks_for_time_gets_it)
{
        static const char *const settings[] = { NULL };
        Poll poll;

        poll_open(&poll, answer_later, NULL, settings);
        for (int i = 0; i < 100; i++)
                away(&poll, "HTTP 429");
        ck_assert_uint_eq(server_size(&poll.server), 1);
        poll_close(&poll);
}
END_TEST

START_TEST(nobody_there_is_said_by_the_check)
{
        static const char *const settings[] = { NULL };
        HttpOptions options;
        Error err = { 0 };

        options_of(&options, 1, settings);
        ck_assert(!source_http_poll.connect_check(&options, &err));
        ck_assert_ptr_nonnull(strstr(err.text, "127.0.0.1:1/list"));
        options_free(http_options, HTTP_OPTIONS, &options);
}
END_TEST

/* ---- ETag ---- */

static void answer_etag(const char *request, size_t number, Buffer *out)
{
        if (asks(request, "If-None-Match: \"v1\"") && number < 3)
                answer_write(out, "304 Not Modified", DATE, "");
        else if (asks(request, "If-None-Match: \"v1\""))
                answer_write(out, "200 OK", DATE "ETag: \"v2\"\r\n", "[8]");
        else
                answer_write(out, "200 OK", DATE "ETag: \"v1\"\r\n", "[7]");
}

START_TEST(what_did_not_change_is_no_record)
{
        static const char *const settings[] = { NULL };
        Poll poll;

        poll_open(&poll, answer_etag, NULL, settings);
        record(&poll, "[7]");
        acknowledge(&poll);
        record(&poll, "[8]");
        ck_assert_uint_eq(server_size(&poll.server), 4);
        ck_assert_uint_eq(poll.read.window, 4);
        ck_assert_str_eq(position(&poll), WAS);
        poll_close(&poll);
}
END_TEST

/* A time of the second of the answer says nothing: within it the page may change once more. */
static void answer_modified(const char *request, size_t number, Buffer *out)
{
        if (!number)
                answer_write(out, "200 OK", DATE "Last-Modified: Tue, 05 Dec 2023 00:42:10 GMT\r\n", "[7]");
        else if (asks(request, "If-Modified-Since: Tue, 05 Dec 2023 00:42:09 GMT") && number < 3)
                answer_write(out, "304 Not Modified", DATE, "");
        else
                answer_write(out, "200 OK", DATE "Last-Modified: Tue, 05 Dec 2023 00:42:09 GMT\r\n",
                             number < 3 ? "[8]" : "[9]");
}

START_TEST(what_did_not_change_by_its_time_is_no_record)
{
        static const char *const settings[] = { NULL };
        Poll poll;

        poll_open(&poll, answer_modified, NULL, settings);
        record(&poll, "[7]");
        acknowledge(&poll);
        record(&poll, "[8]");
        acknowledge(&poll);
        record(&poll, "[9]");
        ck_assert_uint_eq(server_size(&poll.server), 4);
        ck_assert(!server_asked(&poll.server, 1, "If-Modified-Since"));
        poll_close(&poll);
}
END_TEST

/* ---- configuration ---- */

START_TEST(what_the_table_cannot_say_is_checked)
{
        static const char *const wrong[][2] = {
                { "url=http://example.com/list", "HTTPS" },
                { "url=https://lin:pw@example.com/list", "password_file" },
                { "login_url=http://example.com/login", "login_url" },
                { "login_url=https://example.com/login", "{user}" },
                { "headers=X-Key={password}", "password_file" },
                { "headers=X Key=1", "header" },
                { "headers=X-Key=a\nCookie: b", "control" },
                { "size_parameter=size", "page_size" },
                { "id=id", "page_parameter" },
        };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                const char *const settings[] = { "url=https://example.com/list", wrong[i][0] };
                bool is_url = text_starts(wrong[i][0], "url=");
                HttpOptions options = { 0 };
                Error err = { 0 };

                ck_assert_msg(options_set(http_options, HTTP_OPTIONS, settings + is_url, 2 - (size_t)is_url, NULL,
                                          &options, &err),
                              "%s", err.text);
                ck_assert_msg(!http_options_check(&options, &err), "%s", wrong[i][0]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_msg(strstr(err.text, wrong[i][1]), "\"%s\" does not say \"%s\"", err.text, wrong[i][1]);
                options_free(http_options, HTTP_OPTIONS, &options);
        }
}
END_TEST

/* A token goes into its header, from its file, and a file that is not there stops the start. */
START_TEST(a_header_takes_its_secret_from_a_file)
{
        char folder[64];
        char *password = password_write(test_folder(folder), "t0ken");
        CLEANUP(mem_drop) char *header = text_format("headers=Authorization=Bearer {file:%s/password}", folder);
        const char *const settings[] = { header, NULL };
        Poll poll;
        SourceSetup setup = { .instance = "hotline", .options = &poll.options };

        free(password);
        poll_open(&poll, answer_row, NULL, settings);
        record(&poll, "[7]");
        asked(&poll, 0, "\r\nAuthorization: Bearer t0ken\r\n");
        poll.options.password_file = (char[]){ "/nowhere/password" };
        ck_assert_ptr_null(source_http_poll.open(&setup, &poll.err));
        ck_assert_int_eq(poll.err.kind, ERR_FATAL);
        ck_assert_ptr_nonnull(strstr(poll.err.text, "/nowhere/password"));
        poll.options.password_file = NULL;
        poll_close(&poll);
        test_folder_remove(folder);
}
END_TEST

RUN("http_poll", the_next_window_begins_at_the_last_end_less_overlap, no_window_before_the_last_one_is_acknowledged,
    parameters_are_written_as_the_server_wants_them, a_record_names_its_page_and_no_secret, once_ends_after_one_window,
    a_row_that_shifts_between_pages_is_read, a_session_that_ended_begins_again, a_401_logs_in_again_at_once,
    a_wrong_password_is_one_line, a_sick_server_is_asked_again, a_server_that_asks_for_time_gets_it,
    nobody_there_is_said_by_the_check, what_did_not_change_is_no_record, what_did_not_change_by_its_time_is_no_record,
    what_the_table_cannot_say_is_checked, a_header_takes_its_secret_from_a_file)
