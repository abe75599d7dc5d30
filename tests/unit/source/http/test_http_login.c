#include "tests/unit/base/run.h"
#include "tests/unit/pipe/folder.h"
#include "tests/unit/source/http/poll.h"

/* JSON bodies, tokens, and what a login that ended looks like. */

static char *password_write(const char *folder, const char *text)
{
        CLEANUP(mem_drop) char *path = text_format("%s/password", folder);
        FILE *file = fopen(path, "w");

        fprintf(file, "%s\n", text);
        fclose(file);
        return text_format("password_file=%s", path);
}

/* The first token is good for one page; a wrong password is refused with HTTP 200. */
static void answer_token(const char *request, size_t number, Buffer *out)
{
        if (asks(request, "POST /login") && !asks(request, "\r\n\r\n{\"name\":\"hub\",\"password\":\"ge\\\"heim\"}"))
                answer_write(out, "200 OK", DATE, "{\"code\":401,\"msg\":\"no\",\"data\":null}");
        else if (asks(request, "POST /login"))
                answer_write(out, "200 OK", DATE,
                             number ? "{\"code\":0,\"data\":{\"token\":\"two\"}}"
                                    : "{\"code\":0,\"data\":{\"token\":\"one\"}}");
        else if (asks(request, "\r\nAuthorization: Bearer two\r\n") || number < 2)
                answer_write(out, "200 OK", DATE, "[7]");
        else
                answer_write(out, "401 Unauthorized", DATE, "");
}

START_TEST(a_token_is_taken_and_sent)
{
        char folder[64];
        CLEANUP(mem_drop) char *password = password_write(test_folder(folder), "ge\"heim");
        const char *const settings[] = { "login",
                                         "user=hub",
                                         password,
                                         "token=data.token",
                                         "headers=Authorization=Bearer {token}",
                                         "login_body=json",
                                         "login_form=name={user},password={password}",
                                         NULL };
        Poll poll;

        poll_open(&poll, answer_token, NULL, settings);
        record(&poll, "[7]");
        asked(&poll, 0, "\r\nContent-Type: application/json\r\n");
        ck_assert(!server_asked(&poll.server, 0, "Authorization"));
        asked(&poll, 1, "\r\nAuthorization: Bearer one\r\n");
        acknowledge(&poll);
        record(&poll, "[7]");
        asked(&poll, 2, "Bearer one");
        asked(&poll, 3, "POST /login");
        asked(&poll, 4, "\r\nAuthorization: Bearer two\r\n");
        poll_close(&poll);
        test_folder_remove(folder);
}
END_TEST

/* Who takes such an answer for a session asks for pages with an empty token for ever. */
START_TEST(a_login_without_token_is_none)
{
        char folder[64];
        CLEANUP(mem_drop) char *password = password_write(test_folder(folder), "geheim");
        const char *const settings[] = {
                "login",           "user=hub", password, "token=data.token", "headers=Authorization=Bearer {token}",
                "login_body=json", NULL
        };
        Poll poll;

        poll_open(&poll, answer_token, NULL, settings);
        away(&poll, "no token");
        poll_close(&poll);
        test_folder_remove(folder);
}
END_TEST

static void answer_row(const char *request, size_t number, Buffer *out)
{
        (void)request;
        (void)number;
        answer_write(out, "200 OK", DATE, "[7]");
}

/* Numbers are numbers, what the configuration writes as JSON stays so, all else is text. */
START_TEST(a_body_may_be_json)
{
        static const char *const settings[] = { "method=POST",
                                                "body=json",
                                                "start_parameter=from",
                                                "time_form=epoch_ms",
                                                "page_parameter=page",
                                                "size_parameter=size",
                                                "page_size=20",
                                                "form=kind=7,name=a\"b,open=true,id=\"8\",more={}",
                                                NULL };
        static const char wanted[] =
                "\r\n\r\n{\"kind\":7,\"name\":\"a\\\"b\",\"open\":true,\"id\":\"8\",\"more\":{},\"from\":1701733800000,"
                "\"page\":1,\"size\":20}";
        Poll poll;

        poll_open(&poll, answer_row, "2023-12-05T00:00:00.000Z", settings);
        record(&poll, "[7]");
        asked(&poll, 0, "POST /list?key=k1 HTTP/1.1");
        asked(&poll, 0, "\r\nContent-Type: application/json\r\n");
        asked(&poll, 0, wanted);
        poll_close(&poll);
}
END_TEST

/* A session that ended is told by a redirect to the login page, too. */
static void answer_redirect(const char *request, size_t number, Buffer *out)
{
        if (asks(request, "POST /login"))
                answer_write(out, "200 OK", "Set-Cookie: SESSION=new; Path=/\r\n", "ok");
        else if (number == 2)
                answer_write(out, "302 Found", "Location: /login?next=list\r\n", "");
        else
                answer_write(out, "200 OK", DATE, "[7]");
}

START_TEST(a_redirect_logs_in_again_at_once)
{
        static const char *const settings[] = { "login", "login_form=a=b", NULL };
        Poll poll;

        poll_open(&poll, answer_redirect, NULL, settings);
        record(&poll, "[7]");
        acknowledge(&poll);
        for (int i = 0; server_size(&poll.server) < 5 && i < TURNS; i++)
                ck_assert_int_ne(turn(&poll), SOURCE_AWAY);
        asked(&poll, 3, "POST /login");
        asked(&poll, 4, "GET /list");
        poll_close(&poll);
}
END_TEST

START_TEST(what_does_not_fit_together_is_said)
{
        static const char *const wrong[][2] = {
                { "body=json", "method: POST" },  { "token=a", "login_url" }, { "recheck=30d", "start_parameter" },
                { "end=404,soon", "soon" },       { "end=401", "401" },       { "end=short", "page_size" },
                { "headers=A={token}", "token" },
        };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                const char *const settings[] = { "url=https://example.com/list", wrong[i][0] };
                HttpOptions options = { 0 };
                Error err = { 0 };

                ck_assert_msg(options_set(http_options, HTTP_OPTIONS, settings, 2, NULL, &options, &err), "%s",
                              err.text);
                ck_assert_msg(!http_options_check(&options, &err), "%s", wrong[i][0]);
                ck_assert_msg(strstr(err.text, wrong[i][1]), "\"%s\" does not say \"%s\"", err.text, wrong[i][1]);
                options_free(http_options, HTTP_OPTIONS, &options);
        }
}
END_TEST

RUN("http_login", a_token_is_taken_and_sent, a_login_without_token_is_none, a_body_may_be_json,
    a_redirect_logs_in_again_at_once, what_does_not_fit_together_is_said)
