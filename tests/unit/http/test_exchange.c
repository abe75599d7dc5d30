#include "hub/http/exchange.h"
#include "tests/unit/base/run.h"
#include "tests/unit/http/client.h"
#include "tests/unit/pipe/folder.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { QUEUE_MOST = 64, WAIT_S = 30 };

#define CLOSE "Host: hub\r\nConnection: close\r\n\r\n"

/* Takes requests and keeps them, until the test answers. */
typedef struct {
        pthread_mutex_t lock;
        pthread_cond_t more;
        Exchange *items[QUEUE_MOST];
        size_t size, told;
        ExchangesSetup setup;
        Exchanges *server;
        const char *address;
} Desk;

static void desk_take(void *context, Exchange *exchange)
{
        Desk *desk = context;

        pthread_mutex_lock(&desk->lock);
        ck_assert_uint_lt(desk->size, QUEUE_MOST);
        desk->items[desk->size++] = exchange;
        pthread_cond_signal(&desk->more);
        pthread_mutex_unlock(&desk->lock);
}

static void desk_open(Desk *desk)
{
        Error err = { 0 };

        pthread_mutex_init(&desk->lock, NULL);
        pthread_cond_init(&desk->more, NULL);
        desk->setup.listen = "127.0.0.1:0";
        desk->setup.take = desk_take;
        desk->setup.context = desk;
        desk->server = exchanges_open(&desk->setup, &err);
        ck_assert_msg(desk->server != NULL, "%s", err.text);
        desk->address = exchanges_address(desk->server);
}

/* The exchange that came as number `index`, from 0; waits for it. */
static Exchange *desk_at(Desk *desk, size_t index)
{
        struct timespec until;
        Exchange *exchange;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += WAIT_S;
        pthread_mutex_lock(&desk->lock);
        while (desk->size <= index)
                ck_assert_int_eq(pthread_cond_timedwait(&desk->more, &desk->lock, &until), 0);
        exchange = desk->items[index];
        pthread_mutex_unlock(&desk->lock);
        return exchange;
}

static bool answer(Exchange *exchange, unsigned status, const char *body)
{
        return exchange_answer(exchange, &(ExchangeAnswer){ .status = status, .body = body, .size = strlen(body) });
}

static void status_is(const Buffer *heard, const char *status)
{
        ck_assert_msg(heard->size > 12 && strncmp(heard->bytes, "HTTP/1.1 ", 9) == 0 &&
                              strncmp(heard->bytes + 9, status, 3) == 0,
                      "not %s: %.200s", status, heard->bytes);
}

static int said(const Desk *desk, const char *request)
{
        int client = client_open(desk->address);

        client_say(client, request);
        return client;
}

static void heard_is(int client, const char *status, const char *body)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        const char *end;

        client_hear(client, &heard);
        close(client);
        status_is(&heard, status);
        end = strstr(heard.bytes, "\r\n\r\n");
        ck_assert_ptr_nonnull(end);
        ck_assert_str_eq(end + 4, body);
}

/* Goes on and on; a server that bears it fails the test. */
static void says_until_ended(int client, const char *text)
{
        enum { TURNS = 1000, TURN_MS = 10 };
        struct pollfd peer = { .fd = client, .events = POLLIN };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        int turn = 0;

        for (; turn < TURNS && poll(&peer, 1, TURN_MS) == 0; turn++)
                client_say(client, text);
        ck_assert_int_lt(turn, TURNS);
        client_hear(client, &heard);
        close(client);
        ck_assert_ptr_null(strstr(heard.bytes, " 200 "));
}

/* All of a request is there, and its own answer goes back. */
START_TEST(a_request_is_handed_whole)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Desk desk = { 0 };
        const ExchangeRequest *request;
        Exchange *exchange;
        int client;

        desk_open(&desk);
        client = said(&desk, "PUT /a%20b/c?x=1&y=%41&z HTTP/1.1\r\nX-Sign: s1\r\nContent-Type: text/xml\r\n"
                             "Content-Length: 6\r\n" CLOSE "<a/>\r\n");
        exchange = desk_at(&desk, 0);
        request = exchange_request(exchange);
        ck_assert_str_eq(request->method, "PUT");
        ck_assert_str_eq(request->path, "/a b/c");
        ck_assert_int_eq(strncmp(request->peer, "127.0.0.1:", 10), 0);
        ck_assert_str_eq(request->body, "<a/>\r\n");
        ck_assert_uint_eq(request->size, 6);
        ck_assert_str_eq(exchange_header(exchange, "x-sign"), "s1");
        ck_assert_str_eq(exchange_header(exchange, "Content-Type"), "text/xml");
        ck_assert_ptr_null(exchange_header(exchange, "X-None"));
        for (size_t i = 0; i < 3; i++) {
                static const char *const wanted[][2] = { { "x", "1" }, { "y", "A" }, { "z", "" } };
                size_t found = 0;

                for (const ExchangeHeader *field = request->arguments; field->name; field++)
                        found += strcmp(field->name, wanted[i][0]) == 0 && strcmp(field->value, wanted[i][1]) == 0;
                ck_assert_uint_eq(found, 1);
        }
        ck_assert(exchange_answer(
                exchange, &(ExchangeAnswer){ .status = 202,
                                             .content_type = "application/xml",
                                             .body = "<ok/>",
                                             .size = 5,
                                             .headers = (const ExchangeHeader[]){ { "X-Told", "yes" },
                                                                                  { "X-Told-Too", "no" },
                                                                                  { "Cache-Control", "max-age=9" },
                                                                                  { 0 } } }));
        client_hear(client, &heard);
        close(client);
        status_is(&heard, "202");
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nContent-Type: application/xml\r\n"));
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nX-Told: yes\r\n"));
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nX-Told-Too: no\r\n"));
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nCache-Control: max-age=9\r\n"));
        ck_assert_ptr_null(strstr(heard.bytes, "no-store"));
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nX-Content-Type-Options: nosniff\r\n"));
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\n\r\n<ok/>"));
        exchanges_close(desk.server);
}
END_TEST

/* One behind the other on a connection, with and without bodies, in parts of a byte. */
START_TEST(a_connection_is_used_again)
{
        static const char requests[] = "POST /1 HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n"
                                       "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
                                       "GET /2 HTTP/1.1\r\nHost: hub\r\n\r\n"
                                       "POST /3 HTTP/1.1\r\nContent-Length: 2\r\n" CLOSE "hi";
        static const char *const bodies[] = { "abcdefg", "", "hi" };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        const char *at;
        Desk desk = { 0 };
        int client;

        desk_open(&desk);
        client = client_open(desk.address);
        for (size_t i = 0; i < sizeof(requests) - 1; i++)
                ck_assert_int_eq(send(client, requests + i, 1, MSG_NOSIGNAL), 1);
        for (size_t i = 0; i < 3; i++) {
                Exchange *exchange = desk_at(&desk, i);

                ck_assert_str_eq(exchange_request(exchange)->body, bodies[i]);
                ck_assert_uint_eq(exchange_request(exchange)->size, strlen(bodies[i]));
                ck_assert(answer(exchange, 200 + (unsigned)i, exchange_request(exchange)->path));
        }
        client_hear(client, &heard);
        close(client);
        at = strstr(heard.bytes, "HTTP/1.1 200");
        ck_assert(at && (at = strstr(at, "\r\n\r\n/1HTTP/1.1 201")) && strstr(at, "\r\n\r\n/2HTTP/1.1 202"));
        exchanges_close(desk.server);
}
END_TEST

/* A body over the cap is refused before it is read where that can be known; what is refused reaches nobody. */
START_TEST(bodies_are_bounded)
{
        static const struct {
                const char *request, *status;
        } cases[] = {
                { "POST / HTTP/1.1\r\nContent-Length: 9\r\n" CLOSE, "413" },
                { "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n" CLOSE, "4" },
                { "POST / HTTP/1.1\r\nContent-Length: -1\r\n" CLOSE, "400" },
                { "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n" CLOSE, "413" },
                { "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE "9\r\n123456789\r\n0\r\n\r\n", "413" },
                { "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE "5\r\n12345\r\n5\r\n12345\r\n0\r\n\r\n",
                  "413" },
                { "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n" CLOSE "0\r\n\r\n", "400" },
        };
        Desk desk = { .setup = { .body_most = 8 } };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        int client;

        desk_open(&desk);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                client_ask(desk.address, cases[i].request, &heard);
                ck_assert_msg(strncmp(heard.bytes + 9, cases[i].status, strlen(cases[i].status)) == 0, "%s: %.80s",
                              cases[i].request, heard.bytes);
        }
        client = said(&desk, "POST / HTTP/1.1\r\nHost: hub\r\nTransfer-Encoding: chunked\r\n\r\n");
        says_until_ended(client, "8\r\n12345678\r\n"); /* it would never end */
        client = said(&desk, "POST / HTTP/1.1\r\nContent-Length: 8\r\n" CLOSE "12345678");
        ck_assert(answer(desk_at(&desk, 0), 200, ""));
        heard_is(client, "200", "");
        ck_assert_uint_eq(desk.size, 1);
        exchanges_close(desk.server);
}
END_TEST

/* Bodies that wait for Kafka are memory: past the sum who comes is told to come again, and then is welcome. */
START_TEST(bodies_are_bounded_together)
{
        Desk desk = { .setup = { .body_most = 8, .bodies_most = 16 } };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        const char *eight = "POST / HTTP/1.1\r\nContent-Length: 8\r\n" CLOSE "12345678";
        int clients[2], third;

        desk_open(&desk);
        for (size_t i = 0; i < 2; i++) {
                clients[i] = said(&desk, eight);
                desk_at(&desk, i);
        }
        client_ask(desk.address, eight, &heard);
        status_is(&heard, "503");
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nRetry-After: "));
        client_ask(desk.address, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" CLOSE "1\r\n1\r\n0\r\n\r\n",
                   &heard);
        status_is(&heard, "503");
        for (size_t i = 0; i < 2; i++) {
                ck_assert(answer(desk_at(&desk, i), 200, ""));
                heard_is(clients[i], "200", "");
        }
        third = said(&desk, eight);
        ck_assert(answer(desk_at(&desk, 2), 200, "ok"));
        heard_is(third, "200", "ok");
        exchanges_close(desk.server);
}
END_TEST

/* A byte now and then keeps no connection for ever. */
START_TEST(a_slow_request_ends)
{
        Desk desk = { .setup = { .request_ms = 50, .silence_s = 2 } };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        int client;

        desk_open(&desk);
        client = said(&desk, "POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 9999999\r\n\r\n");
        says_until_ended(client, "x");
        client = said(&desk, "POST / HTTP/1.1\r\nHost: hub\r\nContent-Length: 9\r\n\r\n"); /* and is silent */
        client_hear(client, &heard);
        close(client);
        ck_assert_ptr_null(strstr(heard.bytes, " 200 "));
        ck_assert_uint_eq(desk.size, 0);
        exchanges_close(desk.server);
}
END_TEST

typedef struct {
        Exchange *exchange;
        const char *body;
} Later;

static void *answer_later(void *context)
{
        const Later *later = context;

        ck_assert(answer(later->exchange, 200, later->body));
        return NULL;
}

/* What is done first is told first, by whichever thread did it. */
START_TEST(answers_come_from_any_thread)
{
        Desk desk = { 0 };
        int clients[8];
        pthread_t threads[8];
        Later laters[8];
        char bodies[8][32];

        desk_open(&desk);
        for (int i = 0; i < 8; i++) {
                clients[i] = said(&desk, "POST / HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x");
                snprintf(bodies[i], sizeof(bodies[i]), "body %d", i);
                laters[i] = (Later){ desk_at(&desk, (size_t)i), bodies[i] };
        }
        for (int i = 7; i >= 0; i--)
                pthread_create(&threads[i], NULL, answer_later, &laters[i]);
        for (int i = 7; i >= 0; i--) {
                heard_is(clients[i], "200", bodies[i]);
                pthread_join(threads[i], NULL);
        }
        exchanges_close(desk.server);
}
END_TEST

static void take_at_once(void *context, Exchange *exchange)
{
        (void)context;
        ck_assert(answer(exchange, 200, exchange_request(exchange)->body));
}

START_TEST(an_answer_may_come_at_once)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Error err = { 0 };
        Exchanges *server = exchanges_open(&(ExchangesSetup){ .listen = "127.0.0.1:0", .take = take_at_once }, &err);

        ck_assert_msg(server != NULL, "%s", err.text);
        for (int i = 0; i < 300; i++) {
                client_ask(exchanges_address(server), "POST / HTTP/1.1\r\nContent-Length: 2\r\n" CLOSE "ab", &heard);
                status_is(&heard, "200");
                ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\n\r\nab"));
        }
        exchanges_close(server);
}
END_TEST

/* A peer that hangs up is none of our troubles: its record is in Kafka, and the next one is served. */
START_TEST(a_client_may_be_gone)
{
        Desk desk = { 0 };
        int client;

        desk_open(&desk);
        for (size_t i = 0; i < 20; i++) {
                const struct linger reset = { .l_onoff = 1 };

                client = said(&desk, "POST / HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x");
                desk_at(&desk, i);
                setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, i % 2 ? sizeof(reset) : 0);
                close(client);
                answer(desk_at(&desk, i), 200, "for nobody");
        }
        client = said(&desk, "POST / HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x");
        answer(desk_at(&desk, 20), 200, "here");
        heard_is(client, "200", "here");
        exchanges_close(desk.server);
}
END_TEST

static void busy_say(void *context, Arena *texts, ExchangeAnswer *answer)
{
        (void)context;
        answer->content_type = "application/problem+json";
        answer->body = arena_copy(texts, "busy", 4);
        answer->size = 4;
}

/* Who still waits is told to come again; who answers too late is told that nobody hears. */
START_TEST(a_close_tells_who_waits)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Desk desk = { .setup = { .refused = busy_say } };
        int clients[3];

        desk_open(&desk);
        for (size_t i = 0; i < 3; i++) {
                clients[i] = said(&desk, "POST / HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x");
                desk_at(&desk, i);
        }
        ck_assert(answer(desk_at(&desk, 0), 200, "done"));
        exchanges_close(desk.server);
        heard_is(clients[0], "200", "done");
        for (size_t i = 1; i < 3; i++) {
                buffer_clear(&heard);
                client_hear(clients[i], &heard);
                close(clients[i]);
                status_is(&heard, "503");
                ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nRetry-After: "));
                ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nContent-Type: application/problem+json\r\n"));
                ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\n\r\nbusy"));
                ck_assert(!answer(desk_at(&desk, i), 200, "late"));
        }
        exchanges_close(NULL);
}
END_TEST

/* Clients that never finish take no seat from one that waits for its answer, nor from a newcomer. */
START_TEST(slow_clients_give_way)
{
        enum { SEATS = 4, SLOW = 20 };
        Desk desk = { .setup = { .connections_most = SEATS } };
        int waiting, slow[SLOW], client;

        desk_open(&desk);
        waiting = said(&desk, "POST / HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x");
        desk_at(&desk, 0);
        for (int i = 0; i < SLOW; i++)
                slow[i] = said(&desk, "POST / HTTP/1.1\r\nX: ");
        client = said(&desk, "POST / HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "y");
        ck_assert(answer(desk_at(&desk, 1), 200, "new"));
        heard_is(client, "200", "new");
        ck_assert(answer(desk_at(&desk, 0), 200, "old"));
        heard_is(waiting, "200", "old");
        for (int i = 0; i < SLOW; i++)
                close(slow[i]);
        exchanges_close(desk.server);
}
END_TEST

static void pem_read(const char *folder, const char *name, Buffer *out)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", folder, name);
        char bytes[8192];
        FILE *file = fopen(path, "r");

        ck_assert_ptr_nonnull(file);
        buffer_add(out, bytes, fread(bytes, 1, sizeof(bytes), file));
        fclose(file);
}

START_TEST(tls_is_spoken)
{
        char folder[64], heard[64] = "";
        CLEANUP(mem_drop)
        char *make = text_format("cd %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
                                 "-keyout key.pem -out cert.pem -days 2 -subj /CN=127.0.0.1 "
                                 "-addext subjectAltName=IP:127.0.0.1 2>/dev/null",
                                 test_folder(folder));
        CLEANUP(buffer_free) Buffer certificate = { 0 }, key = { 0 }, plain = { 0 };
        ExchangesSetup setup = { .listen = "127.0.0.1:0", .take = take_at_once };
        CLEANUP(mem_drop) char *ask = NULL;
        Error err = { 0 };
        Exchanges *server;
        FILE *curl;

        ck_assert_int_eq(system(make), 0);
        pem_read(folder, "cert.pem", &certificate);
        pem_read(folder, "key.pem", &key);
        setup.certificate = certificate.bytes;
        ck_assert_ptr_null(exchanges_open(&setup, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        setup.key = "no key";
        ck_assert_ptr_null(exchanges_open(&setup, &err));
        ck_assert_int_eq(err.kind, ERR_FATAL);
        setup.key = key.bytes;
        server = exchanges_open(&setup, &err);
        ck_assert_msg(server != NULL, "%s", err.text);
        ask = text_format("curl -s --noproxy '*' --max-time 20 --cacert %s/cert.pem --data secret https://%s/", folder,
                          exchanges_address(server));
        curl = popen(ask, "r");
        ck_assert_ptr_nonnull(fgets(heard, sizeof(heard), curl));
        ck_assert_int_eq(pclose(curl), 0);
        ck_assert_str_eq(heard, "secret");
        client_ask(exchanges_address(server), "POST / HTTP/1.1\r\nContent-Length: 0\r\n" CLOSE, &plain);
        ck_assert_ptr_null(strstr(plain.bytes, " 200 "));
        exchanges_close(server);
        test_folder_remove(folder);
}
END_TEST

RUN("exchange", a_request_is_handed_whole, a_connection_is_used_again, bodies_are_bounded, bodies_are_bounded_together,
    a_slow_request_ends, answers_come_from_any_thread, an_answer_may_come_at_once, a_client_may_be_gone,
    a_close_tells_who_waits, slow_clients_give_way, tls_is_spoken)
