#include "hub/serve/serve.h"
#include "tests/unit/base/run.h"
#include "tests/unit/http/client.h"
#include "tests/unit/people/folder.h"

#include <jansson.h>
#include <stdio.h>

/* As in tests/unit/people/test_people.c. */
#define LIN                                                                                                            \
        "lin dispatcher 350206 scrypt:1024:8:1:000102030405060708090a0b0c0d0e0f:"                                      \
        "3482cfc53a9829e6162fdd8b7901f143d298b52aa6ebb0c47de5307d66db157e\n"
#define ROBOT "robot viewer * 54ee08392652c58db8a71d3dd51d6bdfb6e84e4a9faa153d3ad1873c379477bf\n"
#define CHIEF "chief administrator * 8797a5b62f424a13b311423cc4e374a1bb2ab04d054d8ac631a84ee6d02e98f5\n"
#define LOGIN "{\"user\":\"lin\",\"password\":\"湖里区密码123\"}"

static char listen_text[] = "127.0.0.1:0", url[] = "postgresql://127.0.0.1:1/none", loopback[] = "127.0.0.1";
static char *loopbacks[] = { loopback };

typedef struct {
        char folder[40];
        char *users, *keys;
        Config config;
        Serve serve;
        Buffer heard;
        char cookie[128], csrf[64];
} Desk;

static void desk_open_with(Desk *desk, const char *keys, bool is_behind_proxy)
{
        Error err = { 0 };

        *desk = (Desk){ 0 };
        folder_make(desk->folder);
        desk->users = folder_file(desk->folder, "users", LIN);
        desk->keys = folder_file(desk->folder, "keys", keys);
        desk->config = (Config){ .serve = { .listen = listen_text,
                                            .workers = 1,
                                            .queue = 4,
                                            .connections = 64,
                                            .users = desk->users,
                                            .api_keys = desk->keys,
                                            .session_idle = 60000,
                                            .session_most = 60000,
                                            .login_tries = 2,
                                            .login_window = 60000 },
                                 .state = desk->folder,
                                 .postgres = { .url = url, .connect_timeout_ms = 1000 } };
        if (is_behind_proxy)
                desk->config.serve.proxies = (TextList){ loopbacks, 1 };
        ck_assert_msg(serve_open(&desk->serve, &(ServeSetup){ .config = &desk->config }, &err), "%s", err.text);
}

static void desk_open(Desk *desk, bool is_behind_proxy)
{
        desk_open_with(desk, ROBOT, is_behind_proxy);
}

static void desk_close(Desk *desk)
{
        serve_close(&desk->serve);
        buffer_free(&desk->heard);
        free(desk->users);
        free(desk->keys);
        folder_remove(desk->folder);
}

/* headers: each with its CRLF. Returns the status. */
static long ask(Desk *desk, const char *method, const char *path, const char *headers, const char *body)
{
        CLEANUP(mem_drop)
        char *request =
                text_format("%s %s HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n%sContent-Length: %zu\r\n\r\n%s",
                            method, path, headers, strlen(body), body);

        client_ask(exchanges_address(desk->serve.exchanges), request, &desk->heard);
        ck_assert_uint_gt(desk->heard.size, 12);
        return strtol(desk->heard.bytes + 9, NULL, 10);
}

static long login(Desk *desk, const char *headers, const char *body)
{
        CLEANUP(mem_drop) char *all = text_format("%sContent-Type: application/json\r\n", headers);

        return ask(desk, "POST", "/v1/session", all, body);
}

static void logged_in(Desk *desk, const char *headers)
{
        const char *cookie, *csrf;

        ck_assert_int_eq(login(desk, headers, LOGIN), 204);
        cookie = strstr(desk->heard.bytes, "Set-Cookie: hub_session=");
        ck_assert_ptr_nonnull(cookie);
        ck_assert_ptr_nonnull(strstr(cookie, "; HttpOnly; SameSite=Strict"));
        snprintf(desk->cookie, sizeof(desk->cookie), "Cookie: %.64s\r\n", cookie + strlen("Set-Cookie: "));
        ck_assert_int_eq(ask(desk, "GET", "/v1/me", desk->cookie, ""), 200);
        ck_assert_ptr_nonnull(strstr(desk->heard.bytes, "\"role\":\"dispatcher\""));
        csrf = strstr(desk->heard.bytes, "\"csrf\":\"");
        ck_assert_ptr_nonnull(csrf);
        snprintf(desk->csrf, sizeof(desk->csrf), "%.52s", csrf + strlen("\"csrf\":\""));
}

START_TEST(a_password_opens_a_session_that_ends_when_left)
{
        Desk desk;

        desk_open(&desk, false);
        ck_assert_int_eq(ask(&desk, "GET", "/v1/me", "", ""), 401);
        ck_assert_int_eq(login(&desk, "", "{\"user\":\"lin\",\"password\":\"another\"}"), 401);
        logged_in(&desk, "");
        ck_assert_ptr_null(strstr(desk.heard.bytes, "Secure"));
        CLEANUP(mem_drop) char *headers = text_format("%sX-CSRF-Token: %s\r\n", desk.cookie, desk.csrf);
        ck_assert_int_eq(ask(&desk, "DELETE", "/v1/session", headers, ""), 204);
        ck_assert_int_eq(ask(&desk, "GET", "/v1/me", desk.cookie, ""), 401);
        desk_close(&desk);
}
END_TEST

/* What a page of somebody else can make a browser send. */
START_TEST(another_sites_page_changes_nothing)
{
        static const char *const foreign[] = { "Origin: http://evil.example\r\n", "Origin: null\r\n",
                                               "Origin: https://hub\r\n", "Sec-Fetch-Site: cross-site\r\n",
                                               "Sec-Fetch-Site: same-site\r\n" };
        Desk desk;

        desk_open(&desk, false);
        for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
                ck_assert_msg(login(&desk, foreign[i], LOGIN) == 403, "%s", foreign[i]);
        ck_assert_int_eq(ask(&desk, "POST", "/v1/session", "Content-Type: text/plain\r\n", LOGIN), 415);
        logged_in(&desk, "Origin: http://hub\r\nSec-Fetch-Site: same-origin\r\n");
        ck_assert_int_eq(ask(&desk, "DELETE", "/v1/session", desk.cookie, ""), 403); /* without the token */
        char session[128];
        snprintf(session, sizeof(session), "%s", desk.cookie);
        CLEANUP(mem_drop) char *stolen = text_format("%sX-CSRF-Token: %s\r\n", session, desk.csrf);
        logged_in(&desk, "");
        CLEANUP(mem_drop) char *mixed = text_format("%sX-CSRF-Token: %s\r\n", session, desk.csrf);
        ck_assert_int_eq(ask(&desk, "DELETE", "/v1/session", mixed, ""), 403); /* of another session */
        ck_assert_int_eq(ask(&desk, "DELETE", "/v1/session", stolen, ""), 204);
        desk_close(&desk);
}
END_TEST

START_TEST(a_key_asks_without_a_cookie)
{
        Desk desk;
        char key[] = "Authorization: Bearer hub_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n";

        desk_open(&desk, false);
        ck_assert_int_eq(ask(&desk, "GET", "/v1/me", key, ""), 200);
        ck_assert_ptr_nonnull(strstr(desk.heard.bytes, "\"id\":\"key:robot\""));
        ck_assert_ptr_null(strstr(desk.heard.bytes, "csrf"));
        key[strlen(key) - 3] = 'c';
        logged_in(&desk, "");
        CLEANUP(mem_drop) char *both = text_format("%s%s", key, desk.cookie);
        ck_assert_int_eq(ask(&desk, "GET", "/v1/me", both, ""), 401); /* a wrong key is not made good by a cookie */
        desk_close(&desk);
}
END_TEST

/* A wall's cookie is its key; one that may do more stands in no address. */
START_TEST(a_viewers_key_opens_the_wall)
{
        static const char wall[] = "/v1/session/link?key=hub_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
        static const char cookie[] = "Cookie: hub_session=hub_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n";
        static const char robot[] = ROBOT;
        Desk desk;

        desk_open(&desk, false);
        ck_assert_int_eq(ask(&desk, "GET", wall, "", ""), 303);
        ck_assert_ptr_nonnull(strstr(desk.heard.bytes, "\r\nLocation: /?wall\r\n"));
        ck_assert_ptr_nonnull(strstr(desk.heard.bytes, "hub_session=hub_bbb"));
        ck_assert_ptr_nonnull(strstr(desk.heard.bytes, "; HttpOnly; SameSite=Strict"));
        ck_assert_int_eq(ask(&desk, "GET", "/v1/me", cookie, ""), 200);
        ck_assert_ptr_nonnull(strstr(desk.heard.bytes, "\"id\":\"key:robot\""));
        desk_close(&desk);

        CLEANUP(mem_drop) char *more = text_format("robot dispatcher%s", robot + strlen("robot viewer"));
        desk_open_with(&desk, more, false);
        ck_assert_int_eq(ask(&desk, "GET", wall, "", ""), 403);
        ck_assert_ptr_null(strstr(desk.heard.bytes, "Set-Cookie"));
        ck_assert_int_eq(ask(&desk, "GET", "/v1/me", cookie, ""), 401);
        desk_close(&desk);
}
END_TEST

/* Who may come in is for administrators to see, and nobody's secret is. */
START_TEST(administrators_see_who_is_known)
{
        static const char chief[] =
                "Authorization: Bearer hub_dddddddddddddddddddddddddddddddddddddddddddddddddddd\r\n";
        Desk desk;

        desk_open_with(&desk, ROBOT CHIEF, false);
        logged_in(&desk, "");
        ck_assert_int_eq(ask(&desk, "GET", "/v1/people", desk.cookie, ""), 403);
        ck_assert_int_eq(ask(&desk, "GET", "/v1/people", chief, ""), 200);
        ck_assert_ptr_nonnull(strstr(desk.heard.bytes,
                                     "{\"users\":[{\"name\":\"lin\",\"id\":\"user:lin\",\"role\":"
                                     "\"dispatcher\",\"zones\":[],\"all_zones\":false}],\"keys\":"
                                     "[{\"name\":\"robot\",\"id\":\"key:robot\",\"role\":\"viewer\""));
        ck_assert_ptr_null(strstr(desk.heard.bytes, "scrypt"));
        ck_assert_ptr_null(strstr(desk.heard.bytes, "54ee0839"));
        desk_close(&desk);
}
END_TEST

/* A proxy's word is taken of the named proxy alone, and of what it added itself. */
START_TEST(forwarded_addresses_are_the_proxys_word)
{
        static const char wrong[] = "{\"user\":\"lin\",\"password\":\"another\"}";
        Desk desk;

        desk_open(&desk, true);
        logged_in(&desk, "X-Forwarded-Proto: https\r\n");
        ck_assert_int_eq(login(&desk, "X-Forwarded-Proto: https\r\nOrigin: https://hub\r\n", LOGIN), 204);
        ck_assert_ptr_nonnull(strstr(desk.heard.bytes, "; Secure"));
        /* four times login_tries of one address, whatever it says that it is */
        for (int i = 0; i < 8; i++) {
                CLEANUP(mem_drop)
                char *forwarded = text_format("X-Forwarded-For: 198.51.100.%d%s192.0.2.7\r\n", i,
                                              i % 2 ? ", " : "\r\nX-Forwarded-For: ");
                CLEANUP(mem_drop) char *body = text_format("{\"user\":\"name%d\",\"password\":\"another\"}", i);

                ck_assert_int_eq(login(&desk, forwarded, body), 401);
        }
        ck_assert_int_eq(login(&desk, "X-Forwarded-For: 192.0.2.7\r\n", wrong), 429);
        ck_assert_ptr_nonnull(strstr(desk.heard.bytes, "Retry-After: "));
        ck_assert_int_eq(login(&desk, "X-Forwarded-For: 192.0.2.8\r\n", wrong), 401);
        desk_close(&desk);
}
END_TEST

/* Without a proxy everybody may say anything of himself. */
START_TEST(strangers_do_not_say_where_they_come_from)
{
        Desk desk;

        desk_open(&desk, false);
        for (int i = 0; i < 9; i++) {
                CLEANUP(mem_drop) char *forwarded = text_format("X-Forwarded-For: 198.51.100.%d\r\n", i);
                CLEANUP(mem_drop) char *body = text_format("{\"user\":\"name%d\",\"password\":\"another\"}", i);

                ck_assert_int_eq(login(&desk, forwarded, body), i < 8 ? 401 : 429);
        }
        desk_close(&desk);
}
END_TEST

START_TEST(bodies_of_another_form_are_told_what_is_wrong)
{
        static const char *const bodies[] = { "",
                                              "[]",
                                              "{",
                                              "{\"user\":\"lin\"}",
                                              "{\"user\":7,\"password\":\"x\"}",
                                              "{\"user\":\"lin\",\"password\":\"x\",\"more\":1}" };
        Desk desk;

        desk_open(&desk, false);
        for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
                ck_assert_msg(login(&desk, "", bodies[i]) == 400, "%s", bodies[i]);
                ck_assert_ptr_nonnull(strstr(desk.heard.bytes, "/problems/bad-body"));
        }
        ck_assert_int_eq(ask(&desk, "GET", "/v1/session/link?key=../users", "", ""), 401);
        ck_assert_int_eq(ask(&desk, "GET", "/v1/session/link", "", ""), 400);
        desk_close(&desk);
}
END_TEST

RUN("login", a_password_opens_a_session_that_ends_when_left, another_sites_page_changes_nothing,
    a_key_asks_without_a_cookie, a_viewers_key_opens_the_wall, administrators_see_who_is_known,
    forwarded_addresses_are_the_proxys_word, strangers_do_not_say_where_they_come_from,
    bodies_of_another_form_are_told_what_is_wrong)
