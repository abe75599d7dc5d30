#include "hub/source/http_push/push_source.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "tests/unit/base/run.h"
#include "tests/unit/http/client.h"
#include "tests/unit/pipe/folder.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>

enum { SETTINGS = 24, TURNS = 600, TURN_MS = 50 };

#define CLOSE "Host: hub\r\nConnection: close\r\n\r\n"
#define KEY   "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

typedef struct {
        char folder[64];
        PushOptions options;
        Source *source;
        const char *address;
        SourceRecord read;
        Error err;
} World;

static void file_put(const World *world, const char *name, const char *text)
{
        CLEANUP(mem_drop) char *path = text_format("%s/%s", world->folder, name);
        int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0400);

        ck_assert_int_ge(file, 0);
        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
}

static void source_start(World *world, bool trial)
{
        const SourceSetup setup = {
                .instance = "hook", .folder = world->folder, .options = &world->options, .trial = trial
        };

        world->source = source_http_push.open(&setup, &world->err);
        ck_assert_int_eq(source_http_push.read(world->source, 0, &world->read, &world->err), SOURCE_IDLE);
        world->address = exchanges_address(world->source->server);
}

static void options_take(World *world, const char *const *settings)
{
        const char *all[SETTINGS] = { "listen=127.0.0.1:0" };
        size_t size = 1;

        for (; settings && *settings; settings++)
                all[size++] = *settings;
        ck_assert_msg(options_set(push_options, PUSH_OPTIONS, all, size, world->folder, &world->options, &world->err),
                      "%s", world->err.text);
}

static void world_open(World *world, const char *const *settings)
{
        *world = (World){ 0 };
        test_folder(world->folder);
        file_put(world, "keys", KEY "\n");
        file_put(world, "password", "old-word\nnew-word\n");
        options_take(world, settings);
        ck_assert_msg(push_options_check(&world->options, &world->err), "%s", world->err.text);
        source_start(world, false);
}

static void world_close(World *world)
{
        source_http_push.close(world->source);
        options_free(push_options, PUSH_OPTIONS, &world->options);
        test_folder_remove(world->folder);
}

static int said(const World *world, const char *request)
{
        int client = client_open(world->address);

        client_say(client, request);
        return client;
}

static const Record *record_next(World *world)
{
        SourceResult result = SOURCE_IDLE;

        for (int turn = 0; result == SOURCE_IDLE && turn < TURNS; turn++)
                result = source_http_push.read(world->source, TURN_MS, &world->read, &world->err);
        ck_assert_int_eq(result, SOURCE_RECORD);
        return &world->read.record;
}

static void nothing_comes(World *world)
{
        ck_assert_int_eq(source_http_push.read(world->source, 0, &world->read, &world->err), SOURCE_IDLE);
}

/* As the runner does: answered, then acknowledged. */
static bool settled(World *world, uint64_t token, unsigned status, const char *body)
{
        const Reply reply = { .status = status, .content_type = "text/x", .body = body, .size = strlen(body) };
        const bool is_heard = source_http_push.answer(world->source, token, &reply, &world->err);

        ck_assert(source_http_push.acknowledge(world->source, token, &world->err));
        return is_heard;
}

static void heard(int client, const char *status, Buffer *into)
{
        client_hear(client, into);
        close(client);
        ck_assert_msg(into->size > 12 && strncmp(into->bytes + 9, status, 3) == 0, "not %s: %.200s", status,
                      into->bytes);
}

static void heard_is(int client, const char *status, const char *part)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        heard(client, status, &text);
        ck_assert_msg(strstr(text.bytes, part), "without %s: %.400s", part, text.bytes);
}

static bool is_silent(int client)
{
        struct pollfd peer = { .fd = client, .events = POLLIN };

        return poll(&peer, 1, 0) == 0;
}

/* What a platform sends is all there, what says who it is stays with us, and nobody is answered before it is settled. */
START_TEST(a_request_is_a_record_that_is_answered_when_it_is_settled)
{
        World world;
        const Record *record;
        int first, second;
        uint64_t token;

        world_open(&world, (const char *[]){ "path=/VIID/*", NULL });
        first = said(&world, "POST /VIID/Faces?x=1&y=%41 HTTP/1.1\r\nContent-Type: application/VIID+JSON\r\n"
                             "User-Identify: 35020000001190000001\r\nAuthorization: Basic c2VjcmV0\r\n"
                             "Cookie: s=1\r\nContent-Length: 4\r\n" CLOSE "{\"a\"");
        record = record_next(&world);
        token = world.read.token;
        ck_assert_int_eq(world.read.refusal.kind, ERR_NONE);
        ck_assert_str_eq(record->bytes, "{\"a\"");
        ck_assert_uint_eq(record->size, 4);
        ck_assert_str_eq(record->channel, "/VIID/Faces");
        ck_assert_str_eq(record->method, "POST");
        ck_assert_str_eq(record->content_type, "application/VIID+JSON");
        ck_assert_str_eq(record_header(record, "user-identify"), "35020000001190000001");
        ck_assert_str_eq(record_header(record, "?x"), "1");
        ck_assert_str_eq(record_header(record, "?y"), "A");
        ck_assert_ptr_null(record_header(record, "authorization"));
        ck_assert_ptr_null(record_header(record, "cookie"));
        /* hashlib.sha256(b'{"a"').hexdigest()[:16] */
        ck_assert_str_eq(record->position, "POST /VIID/Faces de9ce9008704dd0a");
        second = said(&world, "GET /VIID/System/Time HTTP/1.1\r\n" CLOSE);
        record = record_next(&world);
        ck_assert_str_eq(record->method, "GET");
        ck_assert_uint_eq(record->size, 0);
        ck_assert(is_silent(first) && is_silent(second));
        ck_assert(settled(&world, token, 201, "stored"));
        heard_is(first, "201", "\r\n\r\nstored");
        ck_assert(is_silent(second));
        ck_assert(settled(&world, world.read.token, 200, "now"));
        heard_is(second, "200", "Content-Type: text/x\r\n");
        world_close(&world);
}
END_TEST

START_TEST(what_is_none_of_ours_is_turned_away)
{
        static const struct {
                const char *request, *status, *part;
        } cases[] = {
                { "POST /other HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x", "404", "" },
                { "POST /hook/more HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x", "404", "" },
                { "DELETE /hook HTTP/1.1\r\n" CLOSE, "405", "Allow: POST, PUT\r\n" },
                { "POST /b/%0a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x", "400", "" },
                { "POST /b/%ff HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x", "400", "" },
                { "POST /hook HTTP/1.1\r\nContent-Length: 1025\r\n" CLOSE, "413", "" },
        };
        World world;

        world_open(&world, (const char *[]){ "path=/hook,/b/*", "methods=POST,PUT", "byte_cap=1024", NULL });
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                heard_is(said(&world, cases[i].request), cases[i].status, cases[i].part);
        nothing_comes(&world);
        ck_assert_int_eq(source_http_push.refused(world.source), sizeof(cases) / sizeof(cases[0]));
        world_close(&world);
}
END_TEST

/* Read by nobody, it is no record; read, it goes on, and comes again. Either way its peer is told when to send again. */
START_TEST(who_waits_too_long_is_told_to_come_again)
{
        static const char request[] = "POST /a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x";
        World world;

        world_open(&world, (const char *[]){ "patience=100ms", "retry_after=7s", NULL });
        heard_is(said(&world, request), "503", "Retry-After: 7\r\n");
        nothing_comes(&world);

        int client = said(&world, request);

        (void)record_next(&world);
        heard_is(client, "503", "Retry-After: 7\r\n");
        ck_assert_str_eq(world.read.record.bytes, "x"); /* it is being translated */
        pthread_mutex_lock(&world.source->lock);
        world.options.patience = INT64_C(3600000);
        pthread_mutex_unlock(&world.source->lock);
        heard_is(said(&world, request), "503", "Retry-After: 7\r\n"); /* nor does anybody wait behind it */
        nothing_comes(&world);
        ck_assert(!settled(&world, world.read.token, 200, "late"));
        ck_assert_int_eq(world.err.kind, ERR_RETRY);
        world_close(&world);
}
END_TEST

/* Kafka away, bus full, paused: the runner asks for nothing. Who pushes then need not wait to hear it. */
START_TEST(while_nothing_is_read_nobody_waits)
{
        World world;

        world_open(&world, (const char *[]){ "patience=1h", NULL });
        pthread_mutex_lock(&world.source->lock);
        world.source->read_at -= 3000;
        pthread_mutex_unlock(&world.source->lock);
        heard_is(said(&world, "POST /a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x"), "503", "Retry-After: 5\r\n");
        nothing_comes(&world);
        int client = said(&world, "POST /a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "y");

        ck_assert_str_eq(record_next(&world)->bytes, "y");
        ck_assert(settled(&world, world.read.token, 200, ""));
        heard_is(client, "200", "");
        world_close(&world);
}
END_TEST

START_TEST(one_peer_has_so_many_that_wait)
{
        static const char request[] = "POST /a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x";
        World world;
        uint64_t token;
        int clients[2];

        world_open(&world, (const char *[]){ "connections_per_peer=2", NULL });
        clients[0] = said(&world, request);
        (void)record_next(&world);
        token = world.read.token;
        clients[1] = said(&world, request);
        (void)record_next(&world);
        heard_is(said(&world, request), "429", "Retry-After: 5\r\n");
        ck_assert(settled(&world, token, 200, ""));
        heard_is(clients[0], "200", "");
        ck_assert(settled(&world, world.read.token, 200, ""));
        heard_is(clients[1], "200", "");
        world_close(&world);
}
END_TEST

/* Its record is there, whether or not it waits for us. */
START_TEST(a_peer_may_go_away)
{
        World world;
        int client;

        world_open(&world, NULL);
        client = said(&world, "POST /a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x");
        (void)record_next(&world);
        close(client);
        ck_assert_str_eq(world.read.record.bytes, "x");
        (void)settled(&world, world.read.token, 200, "");
        client = said(&world, "POST /a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x");
        (void)record_next(&world);
        ck_assert(settled(&world, world.read.token, 200, ""));
        heard_is(client, "200", "");
        world_close(&world);
}
END_TEST

/* ---- signed ---- */

static char *signed_request(const char *id, int64_t ms, const char *body)
{
        CLEANUP(buffer_free) Buffer key = { 0 };
        char *text = text_format("%s.%lld.%s", id, (long long)(ms / 1000), body);
        static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        uint8_t mac[SHA256_SIZE + 1] = { 0 };
        char coded[45] = "", *request;

        ck_assert(base64_read(&KEY[6], strlen(&KEY[6]), &key));
        hmac_sha256(key.bytes, key.size, text, strlen(text), mac);
        for (size_t i = 0; i < 11; i++) {
                const uint32_t bits =
                        (uint32_t)mac[3 * i] << 16 | (uint32_t)mac[3 * i + 1] << 8 | (i < 10 ? mac[3 * i + 2] : 0U);

                for (int shift = 18, j = 0; shift >= 0; shift -= 6, j++)
                        coded[4 * i + (size_t)j] = alphabet[bits >> shift & 63];
        }
        coded[43] = '=';
        request = text_format("POST /hook HTTP/1.1\r\nwebhook-id: %s\r\nwebhook-timestamp: %lld\r\n"
                              "webhook-signature: v1,%s\r\nContent-Length: %zu\r\n" CLOSE "%s",
                              id, (long long)(ms / 1000), coded, strlen(body), body);
        free(text);
        return request;
}

#define SIGNED "signature=standard-webhooks", "secret_file=keys"

/* It is kept, rejected, and told 401 whatever the adapter would say; but nobody fills our disk so. */
START_TEST(what_is_wrongly_signed_reaches_no_adapter)
{
        static const char bare[] = "POST /hook HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x";
        World world;
        int kept = 0;

        world_open(&world, (const char *[]){ SIGNED, "connections=4", "connections_per_peer=4", NULL });
        CLEANUP(mem_drop) char *stale = signed_request("msg_1", time_now() - 301000, "{}");
        int client = said(&world, stale);

        (void)record_next(&world);
        ck_assert_int_eq(world.read.refusal.kind, ERR_INPUT);
        ck_assert_str_eq(world.read.refusal.reason, "stale_signature");
        ck_assert(settled(&world, world.read.token, 200, "ok"));
        heard_is(client, "401", "Content-Length: 0\r\n");
        for (int i = 0; i < 200; i++) {
                client = said(&world, bare);
                while (source_http_push.read(world.source, 1, &world.read, &world.err) != SOURCE_RECORD)
                        if (!is_silent(client))
                                break;
                if (world.read.token) {
                        ck_assert_str_eq(world.read.refusal.reason, "bad_signature");
                        ck_assert(settled(&world, world.read.token, 400, ""));
                        kept++;
                        world.read.token = 0;
                }
                heard_is(client, "401", "Content-Length: 0\r\n");
        }
        ck_assert_int_ge(kept, 59);
        ck_assert_int_lt(kept, 150);
        world_close(&world);
}
END_TEST

/* The peer did not hear us, or somebody recorded it: the same answer, and no second record. */
START_TEST(what_was_told_is_told_again)
{
        World world;
        int client;

        world_open(&world, (const char *[]){ SIGNED, NULL });
        CLEANUP(mem_drop) char *one = signed_request("msg_1", time_now(), "{}");
        CLEANUP(mem_drop) char *later = signed_request("msg_1", time_now() + 2000, "{}");
        CLEANUP(mem_drop) char *other = signed_request("msg_1", time_now(), "{1}");

        client = said(&world, one);
        (void)record_next(&world);
        ck_assert_int_eq(world.read.refusal.kind, ERR_NONE);
        ck_assert(settled(&world, world.read.token, 503, "not yet")); /* no promise: it comes again */
        heard_is(client, "503", "not yet");
        client = said(&world, one);
        (void)record_next(&world);
        ck_assert(settled(&world, world.read.token, 202, "taken"));
        heard_is(client, "202", "\r\n\r\ntaken");
        heard_is(said(&world, one), "202", "\r\n\r\ntaken");
        heard_is(said(&world, later), "202", "Content-Type: text/x\r\n");
        nothing_comes(&world);
        client = said(&world, other);
        ck_assert_str_eq(record_next(&world)->bytes, "{1}");
        ck_assert(settled(&world, world.read.token, 200, ""));
        heard_is(client, "200", "");
        world_close(&world);
}
END_TEST

/* ---- who may ---- */

START_TEST(both_words_of_the_file_open_the_door)
{
        static const struct {
                const char *header;
                bool is_welcome;
        } cases[] = {
                { "Authorization: Bearer old-word\r\n", true },     { "Authorization: bearer  new-word\r\n", true },
                { "Authorization: Bearer old-wor\r\n", false },     { "Authorization: Bearer old-wordd\r\n", false },
                { "Authorization: Basic old-word\r\n", false },     { "Authorization: Bearer\r\n", false },
                { "Authorization: Bearer old-word\nx\r\n", false }, { "", false }
        };
        World world;

        world_open(&world, (const char *[]){ "auth=token", "password_file=password", NULL });
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                CLEANUP(mem_drop)
                char *request = text_format("POST /a HTTP/1.1\r\n%sContent-Length: 1\r\n" CLOSE "x", cases[i].header);

                if (!cases[i].is_welcome) {
                        CLEANUP(buffer_free) Buffer text = { 0 };

                        client_ask(world.address, request, &text);
                        ck_assert_msg(strncmp(text.bytes + 9, "401", 3) == 0 || strncmp(text.bytes + 9, "400", 3) == 0,
                                      "case %zu: %.100s", i, text.bytes);
                        continue;
                }
                int client = said(&world, request);

                (void)record_next(&world);
                ck_assert(settled(&world, world.read.token, 200, ""));
                heard_is(client, "200", "");
        }
        nothing_comes(&world);
        world_close(&world);
}
END_TEST

START_TEST(a_token_has_a_header_of_its_own)
{
        World world;
        int client;

        world_open(&world, (const char *[]){ "auth=token", "password_file=password", "token_header=X-Token", NULL });
        heard_is(said(&world, "POST /a HTTP/1.1\r\nAuthorization: Bearer old-word\r\nContent-Length: 1\r\n" CLOSE "x"),
                 "401", "Content-Length: 0\r\n");
        client = said(&world, "POST /a HTTP/1.1\r\nx-token: new-word\r\nContent-Length: 1\r\n" CLOSE "x");
        ck_assert_ptr_null(record_header(record_next(&world), "X-Token"));
        ck_assert(settled(&world, world.read.token, 200, ""));
        heard_is(client, "200", "");
        world_close(&world);
}
END_TEST

/* ---- how it stands in the world ---- */

START_TEST(a_busy_port_is_waited_for)
{
        World world, other = { 0 };
        SourceSetup setup = { .instance = "other", .options = &other.options };

        world_open(&world, NULL);
        CLEANUP(mem_drop) char *listen = text_format("listen=%s", world.address);
        Source *source;

        ck_assert(options_set(push_options, PUSH_OPTIONS, (const char *[]){ listen }, 1, NULL, &other.options,
                              &other.err));
        ck_assert(!source_http_push.connect_check(&other.options, &other.err));
        ck_assert_int_eq(other.err.kind, ERR_RETRY);
        source = source_http_push.open(&setup, &other.err);
        ck_assert_int_eq(source_http_push.read(source, 0, &other.read, &other.err), SOURCE_AWAY);
        ck_assert_ptr_nonnull(strstr(other.err.text, "in use"));
        world_close(&world);
        ck_assert(source_http_push.connect_check(&other.options, &other.err));
        source->open_at = 0;
        ck_assert_int_eq(source_http_push.read(source, 0, &other.read, &other.err), SOURCE_IDLE);
        source_http_push.close(source);
        options_free(push_options, PUSH_OPTIONS, &other.options);
}
END_TEST

/* A trial keeps nothing that counts: its 2xx would be a lie. */
START_TEST(a_trial_promises_nothing)
{
        World world;
        int client;

        world_open(&world, NULL);
        source_http_push.close(world.source);
        source_start(&world, true);
        client = said(&world, "POST /a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x");
        (void)record_next(&world);
        ck_assert(settled(&world, world.read.token, 200, ""));
        heard_is(client, "503", "Retry-After: 5\r\n");
        world_close(&world);
}
END_TEST

START_TEST(a_close_tells_all)
{
        static const char request[] = "POST /a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x";
        World world;
        int taken, unread;

        world_open(&world, NULL);
        taken = said(&world, request);
        (void)record_next(&world);
        unread = said(&world, request);
        for (int turn = 0; source_http_push.lag(world.source) == 0 && turn < TURNS; turn++)
                poll(NULL, 0, TURN_MS);
        ck_assert_int_eq(source_http_push.lag(world.source), 1);
        world_close(&world);
        heard_is(taken, "503", "Retry-After: 5\r\n");
        heard_is(unread, "503", "Retry-After: 5\r\n");
}
END_TEST

/* Some hundred that send a head and never end it. */
START_TEST(slow_clients_do_not_keep_an_honest_one_out)
{
        enum { SLOW = 300 };
        World world;
        int slow[SLOW], client;

        world_open(&world, (const char *[]){ "connections=64", "connections_per_peer=64", NULL });
        for (int i = 0; i < SLOW; i++)
                slow[i] = said(&world, "POST /a HTTP/1.1\r\nContent-Length: 9\r\nX: ");
        client = said(&world, "POST /a HTTP/1.1\r\nContent-Length: 1\r\n" CLOSE "x");
        ck_assert_str_eq(record_next(&world)->bytes, "x");
        ck_assert(settled(&world, world.read.token, 200, ""));
        heard_is(client, "200", "");
        for (int i = 0; i < SLOW; i++)
                close(slow[i]);
        world_close(&world);
}
END_TEST

START_TEST(what_the_table_cannot_say)
{
        static const struct {
                const char *settings[5];
                const char *says;
        } cases[] = {
                { { "listen=hub.example:80" }, "listen" },
                { { "auth=token" }, "needs password_file" },
                { { "password_file=password" }, "password_file needs auth" },
                { { "auth=basic", "password_file=password" }, "needs user" },
                { { "auth=digest", "password_file=none", "user=a" }, "No such file" },
                { { "auth=digest", "password_file=open", "user=a" }, "0400" },
                { { "auth=basic", "password_file=password", "user=a", "listen=0.0.0.0:80" },
                  "without tls_certificate" },
                { { "auth=digest", "password_file=password", "user=a", "listen=0.0.0.0:80" }, NULL },
                { { "signature=standard-webhooks" }, "needs secret_file" },
                { { "secret_file=keys" }, "needs signature" },
                { { "signature=standard-webhooks", "secret_file=password" }, "whsec_" },
                { { "signature=standard-webhooks", "secret_file=keys" }, NULL },
                { { "tls_key=keys" }, "need each other" },
                { { "path=hook" }, "does not begin with /" },
                { { "methods=POST,BREW" }, "BREW" },
        };
        World world = { 0 };

        test_folder(world.folder);
        file_put(&world, "keys", KEY "\n");
        file_put(&world, "password", "word\n");
        file_put(&world, "open", "word\n");
        CLEANUP(mem_drop) char *open = text_format("%s/open", world.folder);

        ck_assert_int_eq(chmod(open, 0444), 0);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                world.err = (Error){ 0 };
                options_take(&world, cases[i].settings);
                ck_assert_msg(push_options_check(&world.options, &world.err) == !cases[i].says, "case %zu: %s", i,
                              world.err.text);
                ck_assert_msg(!cases[i].says || strstr(world.err.text, cases[i].says), "case %zu: %s", i,
                              world.err.text);
                options_free(push_options, PUSH_OPTIONS, &world.options);
                world.options = (PushOptions){ 0 };
        }
        test_folder_remove(world.folder);
}
END_TEST

RUN("push", a_request_is_a_record_that_is_answered_when_it_is_settled, what_is_none_of_ours_is_turned_away,
    who_waits_too_long_is_told_to_come_again, while_nothing_is_read_nobody_waits, one_peer_has_so_many_that_wait,
    a_peer_may_go_away, what_is_wrongly_signed_reaches_no_adapter, what_was_told_is_told_again,
    both_words_of_the_file_open_the_door, a_token_has_a_header_of_its_own, a_busy_port_is_waited_for,
    a_trial_promises_nothing, a_close_tells_all, slow_clients_do_not_keep_an_honest_one_out, what_the_table_cannot_say)
