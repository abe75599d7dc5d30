#include "hub/http/exchange.h"
#include "tests/unit/base/run.h"
#include "tests/unit/http/client.h"

#include <stdatomic.h>
#include <stdio.h>

#define CLOSE "Host: hub\r\nConnection: close\r\n\r\n"

#define DIGEST_OF_AN_OLD_NONCE                                                                                         \
        "-H 'Authorization: Digest username=\"camera\", realm=\"the hub\", uri=\"/x?y=1\", qop=auth, nc=00000001, "    \
        "cnonce=\"a\", nonce=\"0000000000000000000000000000000000000000\", "                                           \
        "response=\"00000000000000000000000000000000\"'"

typedef struct {
        ExchangesSetup setup;
        Exchanges *server;
        const char *address;
        atomic_int taken, refused;
} Door;

static void take_at_once(void *context, Exchange *exchange)
{
        Door *door = context;

        atomic_fetch_add(&door->taken, 1);
        (void)exchange_answer(exchange, &(ExchangeAnswer){ .status = 200, .body = "in", .size = 2 });
}

static void note_refused(void *context, Arena *texts, ExchangeAnswer *answer)
{
        Door *door = context;

        (void)texts;
        (void)answer;
        atomic_fetch_add(&door->refused, 1);
}

static const char *word_at(void *context, size_t index)
{
        static const char *const words[] = { "old-word", "new-word", NULL };

        (void)context;
        return words[index];
}

static void door_open(Door *door)
{
        Error err = { 0 };

        door->setup.listen = "127.0.0.1:0";
        door->setup.take = take_at_once;
        door->setup.refused = note_refused;
        door->setup.context = door;
        door->setup.auth.realm = "the hub";
        door->setup.auth.user = "camera";
        door->setup.auth.secret = word_at;
        door->server = exchanges_open(&door->setup, &err);
        ck_assert_msg(door->server != NULL, "%s", err.text);
        door->address = exchanges_address(door->server);
}

/* curl's own exit says nothing of 401: what counts is the status. */
static int curl(const Door *door, const char *how)
{
        char *line = text_format("head -c 2000000 /dev/zero | curl -s -o /dev/null -w '%%{http_code}' --noproxy '*' "
                                 "--max-time 20 -H 'Content-Type: a/b' %s --data-binary @- http://%s/x?y=1",
                                 how, door->address);
        FILE *client = popen(line, "r");
        char status[16] = "";

        free(line);
        ck_assert_ptr_nonnull(fgets(status, sizeof(status), client));
        pclose(client);
        return atoi(status);
}

/* Nobody hears more than how to ask; a body that nobody may send is read, so that the answer arrives, and kept by nobody. */
START_TEST(strangers_are_told_how_to_ask)
{
        static const struct {
                ExchangeAuth auth;
                const char *challenge;
        } cases[] = {
                { { .kind = EXCHANGE_BASIC }, "\r\nWWW-Authenticate: Basic realm=\"the hub\"" },
                { { .kind = EXCHANGE_DIGEST }, "\r\nWWW-Authenticate: Digest realm=\"the hub\",qop=\"auth\",nonce=\"" },
                { { .kind = EXCHANGE_TOKEN }, "\r\nWWW-Authenticate: Bearer\r\n" },
                { { .kind = EXCHANGE_TOKEN, .header = "X-Token" }, "HTTP/1.1 401 " },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                CLEANUP(buffer_free) Buffer heard = { 0 };
                Door door = { .setup = { .auth = cases[i].auth, .body_most = 4000000, .bodies_most = 100 } };

                door_open(&door);
                client_ask(door.address, "POST / HTTP/1.1\r\nContent-Length: 5\r\n" CLOSE "hello", &heard);
                ck_assert_int_eq(strncmp(heard.bytes, "HTTP/1.1 401 ", 13), 0);
                ck_assert_msg(strstr(heard.bytes, cases[i].challenge), "case %zu: %s", i, heard.bytes);
                ck_assert_int_eq(curl(&door, "-H Expect: -H 'Transfer-Encoding: chunked'"), 401);
                ck_assert_int_eq(door.taken, 0);
                ck_assert_int_eq(door.refused, 2);
                exchanges_close(door.server);
        }
}
END_TEST

START_TEST(who_knows_the_word_comes_in)
{
        static const struct {
                ExchangeAuth auth;
                const char *how;
                int status;
        } cases[] = {
                { { .kind = EXCHANGE_ANYBODY }, "", 200 },
                { { .kind = EXCHANGE_BASIC }, "--basic -u camera:old-word", 200 },
                { { .kind = EXCHANGE_BASIC }, "--basic -u camera:new-word", 200 },
                { { .kind = EXCHANGE_BASIC }, "--basic -u camera:new-wore", 401 },
                { { .kind = EXCHANGE_BASIC }, "--basic -u camerb:new-word", 401 },
                { { .kind = EXCHANGE_BASIC }, "--basic -u camera:", 401 },
                { { .kind = EXCHANGE_BASIC }, "-H 'Authorization: Basic *'", 401 },
                { { .kind = EXCHANGE_BASIC }, "-H 'Authorization: Basic Y2FtZXJh'", 401 },
                { { .kind = EXCHANGE_DIGEST }, "--digest -u camera:old-word", 200 },
                { { .kind = EXCHANGE_DIGEST, .is_sha256 = true }, "--digest -u camera:old-word", 200 },
                { { .kind = EXCHANGE_DIGEST }, "--digest -u camera:old-wore", 401 },
                { { .kind = EXCHANGE_DIGEST }, "--digest -u camerb:old-word", 401 },
                { { .kind = EXCHANGE_DIGEST }, "--basic -u camera:old-word", 401 },
                { { .kind = EXCHANGE_DIGEST }, DIGEST_OF_AN_OLD_NONCE, 401 },
                { { .kind = EXCHANGE_TOKEN }, "-H 'Authorization: Bearer old-word'", 200 },
                { { .kind = EXCHANGE_TOKEN }, "-H 'Authorization: Bearer old-wore'", 401 },
                { { .kind = EXCHANGE_TOKEN, .header = "X-Token" }, "-H 'X-Token: new-word'", 200 },
                { { .kind = EXCHANGE_TOKEN, .header = "X-Token" }, "-H 'X-Token: new-wor'", 401 },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                Door door = { .setup = { .auth = cases[i].auth } };
                int status;

                door_open(&door);
                status = curl(&door, cases[i].how);
                ck_assert_msg(status == cases[i].status, "case %zu: %d", i, status);
                ck_assert_int_eq(door.taken, status == 200);
                exchanges_close(door.server);
        }
}
END_TEST

static int client_from(const Door *door, const char *own)
{
        struct sockaddr_in from = { .sin_family = AF_INET }, to = { .sin_family = AF_INET };
        struct timeval wait = { .tv_sec = CLIENT_WAIT_S };
        int client = socket(AF_INET, SOCK_STREAM, 0);

        ck_assert_int_eq(inet_pton(AF_INET, own, &from.sin_addr), 1);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons((uint16_t)strtoul(strrchr(door->address, ':') + 1, NULL, 10));
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
        ck_assert_int_eq(bind(client, (const struct sockaddr *)&from, sizeof(from)), 0);
        ck_assert_int_eq(connect(client, (const struct sockaddr *)&to, sizeof(to)), 0);
        return client;
}

/* One address with many connections takes seats from itself alone: who takes his time elsewhere keeps his. */
START_TEST(one_peer_pushes_no_other_out)
{
        enum { SLOW = 100 };
        CLEANUP(buffer_free) Buffer heard = { 0 };
        Door door = { .setup = { .connections_most = 16, .peer_most = 8 } };
        int slow[SLOW], client;

        door_open(&door);
        client = client_from(&door, "127.0.0.2");
        client_say(client, "POST / HTTP/1.1\r\nContent-Le");
        for (int i = 0; i < SLOW; i++) {
                slow[i] = client_open(door.address);
                client_say(slow[i], "POST / HTTP/1.1\r\nX: ");
        }
        client_ask(door.address, "POST / HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x", &heard); /* all were seen */
        client_say(client, "ngth: 1\r\n" CLOSE "x");
        buffer_clear(&heard);
        client_hear(client, &heard);
        ck_assert_int_eq(strncmp(heard.bytes, "HTTP/1.1 200 ", 13), 0);
        close(client);
        for (int i = 0; i < SLOW; i++)
                close(slow[i]);
        exchanges_close(door.server);
}
END_TEST

RUN("exchange-auth", strangers_are_told_how_to_ask, who_knows_the_word_comes_in, one_peer_pushes_no_other_out)
