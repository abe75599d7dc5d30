#include "hub/http/exchange.h"
#include "tests/unit/base/run.h"
#include "tests/unit/http/client.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

enum { CLIENTS_MOST = 200, WAIT_S = 30 };

#define ASK "GET /stream HTTP/1.1\r\nHost: hub\r\n\r\n"

typedef struct Hall Hall;

/* One who listens: what there is for him lies in `text` from `at` on. */
typedef struct {
        Hall *hall;
        Exchange *exchange; /* kept */
        Buffer text;
        size_t at;
        bool is_over, is_endless; /* endless: there is always more */
        bool is_surprised;        /* something comes just when it found nothing */
        uint64_t given;
        int gone;
} Listener;

struct Hall {
        pthread_mutex_t lock;
        pthread_cond_t changed;
        Listener items[CLIENTS_MOST];
        size_t size;
        bool is_endless, is_surprised;
        ExchangesSetup setup;
        Exchanges *server;
        const char *address;
};

static ssize_t hall_read(void *context, char *out, size_t room)
{
        Listener *one = context;
        ssize_t size;

        pthread_mutex_lock(&one->hall->lock);
        ck_assert_int_eq(one->gone, 0);
        if (one->is_endless)
                buffer_text(&one->text, "more of the same and more of the same\n");
        size = (ssize_t)(one->text.size - one->at);
        size = size > (ssize_t)room ? (ssize_t)room : size;
        if (size)
                memcpy(out, one->text.bytes + one->at, (size_t)size);
        one->at += (size_t)size;
        one->given += (size_t)size;
        if (!size && one->is_over)
                size = EXCHANGE_END;
        if (!size && one->is_surprised) {
                one->is_surprised = false;
                buffer_text(&one->text, "surprise\n");
                exchange_stream_wake(one->exchange);
        }
        pthread_mutex_unlock(&one->hall->lock);
        return size;
}

static void hall_gone(void *context)
{
        Listener *one = context;

        pthread_mutex_lock(&one->hall->lock);
        one->gone++;
        pthread_cond_broadcast(&one->hall->changed);
        pthread_mutex_unlock(&one->hall->lock);
}

static void hall_take(void *context, Exchange *exchange)
{
        Hall *hall = context;
        Listener *one;

        pthread_mutex_lock(&hall->lock);
        ck_assert_uint_lt(hall->size, CLIENTS_MOST);
        one = &hall->items[hall->size];
        *one = (Listener){ .hall = hall,
                           .exchange = exchange_keep(exchange),
                           .is_endless = hall->is_endless,
                           .is_surprised = hall->is_surprised };
        pthread_mutex_unlock(&hall->lock);
        ck_assert(exchange_stream(exchange,
                                  &(ExchangeStream){ .status = 200,
                                                     .content_type = "text/event-stream",
                                                     .headers = (const ExchangeHeader[]){ { "X-Told", "yes" }, { 0 } },
                                                     .read = hall_read,
                                                     .gone = hall_gone,
                                                     .context = one }));
        pthread_mutex_lock(&hall->lock);
        hall->size++;
        pthread_cond_broadcast(&hall->changed);
        pthread_mutex_unlock(&hall->lock);
}

static void hall_open(Hall *hall)
{
        Error err = { 0 };

        pthread_mutex_init(&hall->lock, NULL);
        pthread_cond_init(&hall->changed, NULL);
        hall->setup.listen = "127.0.0.1:0";
        hall->setup.take = hall_take;
        hall->setup.context = hall;
        hall->server = exchanges_open(&hall->setup, &err);
        ck_assert_msg(hall->server != NULL, "%s", err.text);
        hall->address = exchanges_address(hall->server);
}

static void hall_close(Hall *hall)
{
        exchanges_close(hall->server);
        for (size_t i = 0; i < hall->size; i++) {
                ck_assert_int_eq(hall->items[i].gone, 1);
                exchange_let_go(hall->items[i].exchange);
                buffer_free(&hall->items[i].text);
        }
}

/* The lock is held. */
static void changed_await(Hall *hall)
{
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += WAIT_S;
        ck_assert_int_eq(pthread_cond_timedwait(&hall->changed, &hall->lock, &until), 0);
}

static Listener *hall_at(Hall *hall, size_t index)
{
        pthread_mutex_lock(&hall->lock);
        while (hall->size <= index)
                changed_await(hall);
        pthread_mutex_unlock(&hall->lock);
        return &hall->items[index];
}

static bool is_gone(Listener *one)
{
        bool gone;

        pthread_mutex_lock(&one->hall->lock);
        gone = one->gone > 0;
        pthread_mutex_unlock(&one->hall->lock);
        return gone;
}

static void gone_await(Listener *one)
{
        pthread_mutex_lock(&one->hall->lock);
        while (!one->gone)
                changed_await(one->hall);
        pthread_mutex_unlock(&one->hall->lock);
}

static void say(Listener *one, const char *text)
{
        pthread_mutex_lock(&one->hall->lock);
        buffer_text(&one->text, text);
        pthread_mutex_unlock(&one->hall->lock);
        exchange_stream_wake(one->exchange);
}

static void end(Listener *one)
{
        pthread_mutex_lock(&one->hall->lock);
        one->is_over = true;
        pthread_mutex_unlock(&one->hall->lock);
        exchange_stream_wake(one->exchange);
}

static int listening(const Hall *hall)
{
        int client = client_open(hall->address);

        client_say(client, ASK);
        return client;
}

/* Until `text` stands at the end of what was heard. */
static void hear_until(int client, Buffer *heard, const char *text)
{
        const size_t size = strlen(text);
        char byte;

        while (heard->size < size || memcmp(heard->bytes + heard->size - size, text, size) != 0) {
                ck_assert_int_eq(recv(client, &byte, 1, 0), 1);
                buffer_byte(heard, byte);
        }
}

/* The bytes of a chunked body. */
static void body_of(const Buffer *heard, Buffer *out)
{
        const char *at = strstr(heard->bytes, "\r\n\r\n");

        buffer_clear(out);
        buffer_text(out, "");
        ck_assert_ptr_nonnull(at);
        for (at += 4;;) {
                char *end;
                const size_t size = strtoul(at, &end, 16);

                ck_assert_msg(end != at, "no chunk: %.40s", at);
                if (!size)
                        return;
                buffer_add(out, end + 2, size);
                at = end + 2 + size + 2;
        }
}

/* What is said is heard at once, however long nothing was; and the connection is used again behind its end. */
START_TEST(a_stream_says_what_there_is)
{
        CLEANUP(buffer_free) Buffer heard = { 0 }, body = { 0 };
        Hall hall = { 0 };
        Listener *one;
        int client;

        hall_open(&hall);
        client = listening(&hall);
        one = hall_at(&hall, 0);
        hear_until(client, &heard, "\r\n\r\n");
        ck_assert_ptr_nonnull(strstr(heard.bytes, "HTTP/1.1 200 "));
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nContent-Type: text/event-stream\r\n"));
        ck_assert_ptr_nonnull(strstr(heard.bytes, "\r\nX-Told: yes\r\n"));
        say(one, "first\n");
        hear_until(client, &heard, "first\n");
        say(one, "second\n");
        hear_until(client, &heard, "second\n");
        end(one);
        hear_until(client, &heard, "0\r\n\r\n");
        body_of(&heard, &body);
        ck_assert_str_eq(body.bytes, "first\nsecond\n");
        client_say(client, ASK);
        end(hall_at(&hall, 1));
        hear_until(client, &heard, "\r\n\r\n0\r\n\r\n");
        close(client);
        hall_close(&hall);
}
END_TEST

enum { SAYS = 20000 };

static void *say_much(void *context)
{
        char text[16];

        for (int i = 0; i < SAYS; i++) {
                snprintf(text, sizeof(text), "%d\n", i);
                say(context, text);
        }
        end(context);
        return NULL;
}

/* A wake that falls between a reader's look and its sleep counts: else the client hears of it at the next change only. */
START_TEST(no_wake_is_lost)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Hall hall = { .is_surprised = true };
        int client;

        hall_open(&hall);
        client = listening(&hall);
        hear_until(client, &heard, "surprise\n");
        close(client);
        hall_close(&hall);
}
END_TEST

/* However many wakes come, and also when he has nothing more to say himself. */
START_TEST(all_is_heard_in_order)
{
        CLEANUP(buffer_free) Buffer heard = { 0 }, body = { 0 }, wanted = { 0 };
        Hall hall = { 0 };
        pthread_t speaker;
        int client;

        for (int i = 0; i < SAYS; i++)
                buffer_format(&wanted, "%d\n", i);
        hall_open(&hall);
        client = listening(&hall);
        hear_until(client, &heard, "\r\n\r\n");
        shutdown(client, SHUT_WR); /* he has said all that he wants; he goes on listening */
        pthread_create(&speaker, NULL, say_much, hall_at(&hall, 0));
        client_hear(client, &heard);
        pthread_join(speaker, NULL);
        body_of(&heard, &body);
        ck_assert_str_eq(body.bytes, wanted.bytes);
        close(client);
        hall_close(&hall);
}
END_TEST

/* Who hangs up is seen when something is said to him, and takes nothing from others. */
START_TEST(a_listener_may_hang_up)
{
        const struct linger reset = { .l_onoff = 1 };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Hall hall = { 0 };
        int client, other;

        hall_open(&hall);
        other = listening(&hall);
        hall_at(&hall, 0);
        for (size_t i = 1; i < 20; i++) {
                client = listening(&hall);
                hall_at(&hall, i);
                setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, i % 2 ? sizeof(reset) : 0);
                close(client);
                for (int turn = 0; turn < 200 && !is_gone(&hall.items[i]); turn++) {
                        say(&hall.items[i], "for nobody\n");
                        poll(NULL, 0, 10);
                }
                gone_await(&hall.items[i]);
        }
        say(&hall.items[0], "here\n");
        hear_until(other, &heard, "here\n");
        close(other);
        hall_close(&hall);
}
END_TEST

/* Who takes nothing is held so many bytes for, and not for ever. */
START_TEST(a_listener_that_takes_nothing_ends)
{
        enum { HELD_MOST = 1024 * 1024 };
        const int small = 4096;
        Hall hall = { .setup = { .silence_s = 1 }, .is_endless = true };
        Listener *one;
        int client;

        hall_open(&hall);
        client = client_open(hall.address);
        setsockopt(client, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
        client_say(client, ASK);
        one = hall_at(&hall, 0);
        gone_await(one);
        ck_assert_uint_lt(one->given, HELD_MOST);
        close(client);
        hall_close(&hall);
}
END_TEST

/* Silence of ours is none of theirs. */
START_TEST(a_stream_outlives_silence)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Hall hall = { .setup = { .silence_s = 1 } };
        int client;

        hall_open(&hall);
        client = listening(&hall);
        hall_at(&hall, 0);
        poll(NULL, 0, 2500);
        say(&hall.items[0], "late\n");
        hear_until(client, &heard, "late\n");
        close(client);
        hall_close(&hall);
}
END_TEST

static void *say_all(void *context)
{
        Hall *hall = context;

        for (int turn = 0; turn < 50; turn++)
                for (size_t i = 0; i < CLIENTS_MOST; i++)
                        say(&hall->items[i], "all of you\n");
        return NULL;
}

/* Many hear the same, each all of it; and a close while something is said ends each of them in order. */
START_TEST(many_listen_until_the_close)
{
        enum { SAID = 50 * 11 };
        CLEANUP(mem_drop) Hall *hall = mem_new(sizeof(Hall));
        CLEANUP(buffer_free) Buffer body = { 0 };
        int clients[CLIENTS_MOST];
        pthread_t speaker;

        hall->setup.connections_most = CLIENTS_MOST;
        hall_open(hall);
        for (size_t i = 0; i < CLIENTS_MOST; i++) {
                clients[i] = listening(hall);
                hall_at(hall, i);
        }
        pthread_create(&speaker, NULL, say_all, hall);
        pthread_join(speaker, NULL);
        for (size_t i = 0; i < CLIENTS_MOST; i += 2) /* half of them end by themselves, the others by the close */
                end(&hall->items[i]);
        for (size_t i = 0; i < CLIENTS_MOST; i++) {
                CLEANUP(buffer_free) Buffer heard = { 0 };

                if (i % 2) {
                        exchanges_close(hall->server);
                        hall->server = NULL;
                }
                hear_until(clients[i], &heard, "0\r\n\r\n");
                body_of(&heard, &body);
                ck_assert_uint_le(body.size, SAID);
                if (i % 2 == 0)
                        ck_assert_uint_eq(body.size, SAID);
                close(clients[i]);
        }
        hall_close(hall);
}
END_TEST

static ssize_t read_never(void *context, char *out, size_t room)
{
        (void)context;
        (void)out;
        (void)room;
        ck_abort_msg("nobody is there");
}

static void gone_never(void *context)
{
        (void)context;
        ck_abort_msg("nobody was there");
}

static void keep_take(void *context, Exchange *exchange)
{
        Hall *hall = context;

        pthread_mutex_lock(&hall->lock);
        hall->items[hall->size++].exchange = exchange_keep(exchange);
        pthread_cond_broadcast(&hall->changed);
        pthread_mutex_unlock(&hall->lock);
}

/* A stream that comes too late is told so, and is not told that it went. */
START_TEST(a_stream_may_come_too_late)
{
        static const ExchangeStream stream = { .status = 200, .read = read_never, .gone = gone_never };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Hall hall = { 0 };
        Exchange *exchange;
        Error err = { 0 };
        int client;

        pthread_mutex_init(&hall.lock, NULL);
        pthread_cond_init(&hall.changed, NULL);
        hall.setup = (ExchangesSetup){ .listen = "127.0.0.1:0", .take = keep_take, .context = &hall };
        hall.server = exchanges_open(&hall.setup, &err);
        ck_assert_ptr_nonnull(hall.server);
        hall.address = exchanges_address(hall.server);
        client = listening(&hall);
        exchange = hall_at(&hall, 0)->exchange;
        exchanges_close(hall.server);
        client_hear(client, &heard);
        close(client);
        ck_assert_ptr_nonnull(strstr(heard.bytes, "HTTP/1.1 503 "));
        ck_assert(!exchange_stream(exchange, &stream));
        exchange_stream_wake(exchange);
        exchange_let_go(exchange);
}
END_TEST

/* Who asks for the head alone is not kept waiting for what he does not want. */
START_TEST(a_head_ends_at_once)
{
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Hall hall = { 0 };

        hall_open(&hall);
        client_ask(hall.address, "HEAD /stream HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n", &heard);
        ck_assert_ptr_nonnull(strstr(heard.bytes, "HTTP/1.1 200 "));
        gone_await(hall_at(&hall, 0));
        hall_close(&hall);
}
END_TEST

/* A stream keeps its seat against any number of clients that never finish a request. */
START_TEST(a_stream_gives_way_to_nobody)
{
        enum { SLOW = 20 };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Hall hall = { .setup = { .connections_most = 4 } };
        int client, slow[SLOW];

        hall_open(&hall);
        client = listening(&hall);
        hall_at(&hall, 0);
        for (int i = 0; i < SLOW; i++) {
                slow[i] = client_open(hall.address);
                client_say(slow[i], "GET / HTTP/1.1\r\nX: ");
        }
        close(listening(&hall));
        hall_at(&hall, 1);
        say(&hall.items[0], "still here\n");
        hear_until(client, &heard, "still here\n");
        for (int i = 0; i < SLOW; i++)
                close(slow[i]);
        close(client);
        hall_close(&hall);
}
END_TEST

RUN("exchange stream", a_stream_says_what_there_is, no_wake_is_lost, all_is_heard_in_order, a_listener_may_hang_up,
    a_listener_that_takes_nothing_ends, a_stream_outlives_silence, many_listen_until_the_close,
    a_stream_may_come_too_late, a_head_ends_at_once, a_stream_gives_way_to_nobody)
