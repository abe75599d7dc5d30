#include "hub/serve/serve.h"
#include "tests/unit/base/run.h"
#include "tests/unit/http/client.h"

#include <jansson.h>
#include <stdio.h>

#define CLOSE "Host: hub\r\nConnection: close\r\n\r\n"

static char listen_text[] = "127.0.0.1:0", url[] = "postgresql://127.0.0.1:1/none";

/* A server on a free port, whose PostgreSQL is away for good. */
typedef struct {
        Config config;
        Serve serve;
} Desk;

static void desk_start(Desk *desk)
{
        Error err = { 0 };

        ck_assert_msg(serve_open(&desk->serve, &(ServeSetup){ .config = &desk->config }, &err), "%s", err.text);
}

static void desk_open(Desk *desk)
{
        desk->config = (Config){ .serve = { .listen = listen_text, .workers = 1, .queue = 4, .connections = 64 },
                                 .postgres = { .url = url, .connect_timeout_ms = 1000 } };
        desk_start(desk);
}

static void asked(Desk *desk, const char *request, Buffer *heard)
{
        client_ask(exchanges_address(desk->serve.exchanges), request, heard);
}

static const char *body_of(const Buffer *heard)
{
        const char *end = strstr(heard->bytes, "\r\n\r\n");

        ck_assert_ptr_nonnull(end);
        return end + 4;
}

static void problem_is(Desk *desk, const char *request, const char *status, const char *slug)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        char type[64];
        json_t *problem;

        asked(desk, request, &heard);
        ck_assert_msg(strncmp(heard.bytes + 9, status, 3) == 0, "%s: %s", request, heard.bytes);
        ck_assert_ptr_nonnull(strstr(heard.bytes, "Content-Type: application/problem+json"));
        problem = json_loads(body_of(&heard), 0, NULL);
        snprintf(type, sizeof(type), "/problems/%s", slug);
        ck_assert_msg(json_is_string(json_object_get(problem, "type")), "%s", heard.bytes);
        ck_assert_str_eq(json_string_value(json_object_get(problem, "type")), type);
        ck_assert_int_eq(json_integer_value(json_object_get(problem, "status")), strtol(status, NULL, 10));
        snprintf(type, sizeof(type), "\r\nX-Request-Id: %s\r\n",
                 json_string_value(json_object_get(problem, "instance")));
        ck_assert_msg(strstr(heard.bytes, type) != NULL, "%s", heard.bytes);
        ck_assert_int_eq(strtol(status, NULL, 10) == 503, strstr(heard.bytes, "\r\nRetry-After: ") != NULL);
        json_decref(problem);
}

START_TEST(a_stranger_finds_the_landing_page)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Desk desk;
        json_t *page;

        desk_open(&desk);
        asked(&desk, "GET /v1/ HTTP/1.1\r\n" CLOSE, &heard);
        ck_assert_int_eq(strncmp(heard.bytes, "HTTP/1.1 200", 12), 0);
        page = json_loads(body_of(&heard), 0, NULL);
        ck_assert_str_eq(json_string_value(json_object_get(page, "title")), "hub");
        ck_assert_uint_gt(json_array_size(json_object_get(page, "links")), 0);
        json_decref(page);
        serve_close(&desk.serve);
}
END_TEST

/* Whatever is wrong, a program can read what. */
START_TEST(what_is_wrong_is_a_problem)
{
        Desk desk;

        desk_open(&desk);
        problem_is(&desk, "GET /v1/nothing HTTP/1.1\r\n" CLOSE, "404", "not-found");
        problem_is(&desk, "GET /v1/../../etc/passwd HTTP/1.1\r\n" CLOSE, "404", "not-found");
        problem_is(&desk, "GET /v1/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" CLOSE, "404", "not-found");
        problem_is(&desk, "DELETE /v1/ HTTP/1.1\r\n" CLOSE, "405", "bad-method");
        problem_is(&desk, "GET /v1/?limt=5 HTTP/1.1\r\n" CLOSE, "400", "bad-argument");
        problem_is(&desk, "GET /v1/%ff HTTP/1.1\r\n" CLOSE, "400", "bad-argument");
        serve_close(&desk.serve);
}
END_TEST

/* What never gets as far as a route, too. */
START_TEST(what_is_turned_away_is_a_problem)
{
        Desk desk;

        desk_open(&desk);
        problem_is(&desk, "POST /v1/commands HTTP/1.1\r\nContent-Length: 65537\r\n" CLOSE, "413", "too-large");
        problem_is(&desk,
                   "POST /v1/commands HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n" CLOSE
                   "0\r\n\r\n",
                   "400", "bad-body");
        serve_close(&desk.serve);
        desk.config.serve.queue = 0;
        desk_start(&desk);
        problem_is(&desk, "GET /v1/figures HTTP/1.1\r\n" CLOSE, "503", "busy");
        serve_close(&desk.serve);
}
END_TEST

/* An open door to the network would hand every report to whoever knocks. */
START_TEST(the_network_wants_tls_or_a_proxy)
{
        char *proxies[] = { (char[]){ "10.0.0.1" } };
        Config config = { .serve = { .listen = (char[]){ "0.0.0.0:8080" } } };
        Error err = { 0 };

        ck_assert(!serve_check(&config, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        config.serve.proxies = (TextList){ proxies, 1 };
        ck_assert_msg(serve_check(&config, &err), "%s", err.text);
        config.serve = (ServeOptions){ .listen = (char[]){ "[::1]:8080" } };
        ck_assert_msg(serve_check(&config, &err), "%s", err.text);
}
END_TEST

RUN("serve", a_stranger_finds_the_landing_page, what_is_wrong_is_a_problem, what_is_turned_away_is_a_problem,
    the_network_wants_tls_or_a_proxy)
