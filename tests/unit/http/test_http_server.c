#include "hub/http/http_server.h"
#include "tests/unit/base/run.h"
#include "tests/unit/http/client.h"

#include <stdatomic.h>
#include <stdio.h>

static atomic_int answered;

static void answer(void *context, const HttpRequest *request, HttpAnswer *out)
{
        (void)context;
        answered++;
        if (strcmp(request->path, "/page") != 0)
                return;
        out->status = 200;
        buffer_format(&out->body, "%s of %s", request->method, request->path);
}

static HttpServer *server_start(void)
{
        Error err = { 0 };
        HttpServer *server = http_server_open(&(HttpSetup){ .listen = "127.0.0.1:0", .answer = answer }, &err);

        ck_assert_msg(server != NULL, "%s", err.text);
        return server;
}

static void status_is(const Buffer *answer, const char *status)
{
        ck_assert_msg(strncmp(answer->bytes, "HTTP/1.1 ", 9) == 0 && strncmp(answer->bytes + 9, status, 3) == 0,
                      "not %s: %.200s", status, answer->bytes);
}

#define CLOSE "Host: hub\r\nConnection: close\r\n\r\n"

START_TEST(answers_get_and_head)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        HttpServer *server = server_start();

        client_ask(http_server_address(server), "GET /page?x=1 HTTP/1.1\r\n" CLOSE, &heard);
        status_is(&heard, "200");
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\n\r\nGET of /page"));
        client_ask(http_server_address(server), "HEAD /page HTTP/1.1\r\n" CLOSE, &heard);
        status_is(&heard, "200");
        ck_assert_ptr_null(strstr(heard.bytes, "of /page"));
        client_ask(http_server_address(server), "GET /other HTTP/1.1\r\n" CLOSE, &heard);
        status_is(&heard, "404");
        http_server_close(server);
}
END_TEST

/* What is not GET or HEAD, or brings a body, is refused unread; both length headers at once are how requests are smuggled. */
START_TEST(refuses_bodies_and_methods)
{
        static const struct {
                const char *request, *status;
        } cases[] = {
                { "POST /page HTTP/1.1\r\nContent-Length: 4\r\n" CLOSE "body", "413" },
                { "GET /page HTTP/1.1\r\nContent-Length: 99999999999\r\n" CLOSE, "413" },
                { "GET /page HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE "4\r\nbody\r\n0\r\n\r\n", "413" },
                { "GET /page HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n" CLOSE "0\r\n\r\n",
                  "413" },
                { "DELETE /page HTTP/1.1\r\n" CLOSE, "405" },
                { "POST /page HTTP/1.1\r\nContent-Length: 0\r\n" CLOSE, "405" },
        };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        HttpServer *server = server_start();

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                client_ask(http_server_address(server), cases[i].request, &heard);
                status_is(&heard, cases[i].status);
        }
        ck_assert_int_eq(answered, 0);
        http_server_close(server);
}
END_TEST

/* More than a connection may take: refused, and the server goes on. */
START_TEST(refuses_huge_heads)
{
        static const char *const starts[] = { "GET /page HTTP/1.1\r\nHost: hub\r\nX: ", "GET /" };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        HttpServer *server = server_start();

        for (size_t i = 0; i < 2; i++) {
                CLEANUP(buffer_free) Buffer request = { 0 };

                buffer_text(&request, starts[i]);
                for (int k = 0; k < 1024; k++)
                        buffer_text(&request, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
                buffer_text(&request, "\r\n\r\n");
                client_ask(http_server_address(server), request.bytes, &heard);
                ck_assert_ptr_null(strstr(heard.bytes, " 200 "));
        }
        ck_assert_int_eq(answered, 0);
        client_ask(http_server_address(server), "GET /page HTTP/1.1\r\n" CLOSE, &heard);
        status_is(&heard, "200");
        http_server_close(server);
}
END_TEST

START_TEST(survives_garbage)
{
        static const char *const garbage[] = { "\r\n\r\n",
                                               "GET\r\n\r\n",
                                               "GET / HTTP/9.9\r\n\r\n",
                                               "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
                                               "GET /page HTTP/1.1\r\n\r\n", /* 1.1 wants Host */
                                               "GET /page HTTP/1.1\r\nHost: hub\r\n : x\r\nbroken\r\n\r\n" };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        HttpServer *server = server_start();

        for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
                int client = client_open(http_server_address(server));

                client_say(client, garbage[i]);
                shutdown(client, SHUT_WR);
                buffer_clear(&heard);
                client_hear(client, &heard);
                close(client);
        }
        client_ask(http_server_address(server), "GET /page HTTP/1.1\r\n" CLOSE, &heard);
        status_is(&heard, "200");
        http_server_close(server);
}
END_TEST

/* Requests one behind the other in a packet get their answers in order; a refused one ends the connection. */
START_TEST(answers_a_pipeline)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        HttpServer *server = server_start();
        const char *second;

        client_ask(http_server_address(server),
                   "GET /page HTTP/1.1\r\nHost: hub\r\n\r\nHEAD /page HTTP/1.1\r\nHost: hub\r\n\r\n"
                   "POST /page HTTP/1.1\r\nHost: hub\r\nContent-Length: 60\r\n\r\n"
                   "GET /page HTTP/1.1\r\nHost: hub\r\nX-Smuggled: yes\r\n\r\n",
                   &heard);
        status_is(&heard, "200");
        second = strstr(heard.bytes + 1, "HTTP/1.1 200");
        ck_assert_ptr_nonnull(second);
        ck_assert_ptr_nonnull(strstr(second, "HTTP/1.1 413"));
        ck_assert_int_eq(answered, 2);
        http_server_close(server);
}
END_TEST

/* Clients that never finish their request hold every seat: the one that asks is served all the same, at once: waiting for
 * their silence to end them would end the newest too. */
START_TEST(slow_clients_give_way)
{
        enum { SLOW = 3 * HTTP_CONNECTIONS_MOST };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        HttpServer *server = server_start();
        int slow[SLOW];
        char byte;

        for (int i = 0; i < SLOW; i++) {
                slow[i] = client_open(http_server_address(server));
                client_say(slow[i], "GET /page HTTP/1.1\r\nX: ");
        }
        client_ask(http_server_address(server), "GET /page HTTP/1.1\r\n" CLOSE, &heard);
        status_is(&heard, "200");
        ck_assert_int_eq(recv(slow[SLOW - HTTP_CONNECTIONS_MOST + 1], &byte, 1, MSG_DONTWAIT),
                         -1); /* the newest have their seats */
        ck_assert_int_eq(recv(slow[SLOW - HTTP_CONNECTIONS_MOST - 1], &byte, 1, MSG_DONTWAIT), 0);
        for (int i = 0; i < SLOW; i++)
                close(slow[i]);
        http_server_close(server);
}
END_TEST

START_TEST(many_come_and_go)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        HttpServer *server = server_start();

        for (int i = 0; i < 300; i++) {
                close(client_open(http_server_address(server)));
                client_ask(http_server_address(server), "GET /page HTTP/1.1\r\n" CLOSE, &heard);
                status_is(&heard, "200");
        }
        http_server_close(server);
}
END_TEST

START_TEST(a_busy_port_is_named)
{
        HttpServer *server = server_start();
        Error err = { 0 };

        ck_assert_ptr_null(
                http_server_open(&(HttpSetup){ .listen = http_server_address(server), .answer = answer }, &err));
        ck_assert_int_eq(err.kind, ERR_RETRY);
        ck_assert_ptr_nonnull(strstr(err.text, http_server_address(server)));
        ck_assert_ptr_nonnull(strstr(err.text, "in use"));
        http_server_close(server);
        http_server_close(NULL);
}
END_TEST

START_TEST(addresses_are_numbers)
{
        static const char *const wrong[] = { "",        "9464",        "127.0.0.1", "localhost:9464",  ":9464",
                                             "[::1]",   "127.0.0.1:",  "::1:9464",  "127.0.0.1:65536", "127.0.0.1:-1",
                                             "[]:9464", "127.0.0.1:x", "[::1:9464", "[127.0.0.1]:1",   "1.2.3:4" };
        static const char *const right[] = { "127.0.0.1:0", "0.0.0.0:65535", "[::1]:9464", "[::]:0" };
        Error err = { 0 };

        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
                ck_assert_msg(!http_server_check(wrong[i], &err), "%s", wrong[i]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
        }
        for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
                ck_assert_msg(http_server_check(right[i], &err), "%s", right[i]);
}
END_TEST

RUN("http_server", answers_get_and_head, refuses_bodies_and_methods, refuses_huge_heads, survives_garbage,
    answers_a_pipeline, slow_clients_give_way, many_come_and_go, a_busy_port_is_named, addresses_are_numbers)
