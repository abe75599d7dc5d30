#pragma once

/* A server of source tcp on a port of its own, a dialect for it, and who calls it. */

#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/http/address.h"
#include "hub/source/source.h"
#include "hub/source/tcp/tcp_options.h"
#include "tests/unit/base/run.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CAP = 64, TURN_MS = 50, PATIENCE_MS = 30 * 1000 };

/* ---- a dialect: "<", a digit that says how many bytes follow, and those; whatever is inside, as HJ 212-2025 may hold ---- */

static inline FrameResult counted_frame(const char *bytes, size_t size, size_t *used)
{
        const char *next = memchr(bytes, '<', size);

        if (bytes[0] != '<' || (size > 1 && (bytes[1] < '0' || bytes[1] > '9'))) {
                next = bytes[0] == '<' ? memchr(bytes + 1, '<', size - 1) : next;
                *used = next ? (size_t)(next - bytes) : size;
                return FRAME_JUNK;
        }
        if (size < 2 || size < 2 + (size_t)(bytes[1] - '0'))
                return FRAME_MORE;
        *used = 2 + (size_t)(bytes[1] - '0');
        return FRAME_WHOLE;
}

/* Never ends: a frame of any length. */
static inline FrameResult endless_frame(const char *bytes, size_t size, size_t *used)
{
        (void)bytes;
        (void)size;
        (void)used;
        return FRAME_MORE;
}

/* ---- a server and who calls it ---- */

typedef struct {
        char listen[ADDRESS_TEXT_SIZE];
        TcpOptions options;
        FrameResult (*frame)(const char *bytes, size_t size, size_t *used);
        bool once, trial;
        Source *source;
        uint64_t token; /* of the last record */
        Buffer got;     /* "(whole)[junk]" of all records so far */
        size_t records;
} Server;

static inline void server_new(Server *server)
{
        Address address;
        Error err = { 0 };
        int descriptor;

        *server = (Server){ .frame = counted_frame,
                            .options = { .idle = INT64_C(3600) * 1000,
                                         .byte_cap = CAP,
                                         .connections = 16,
                                         .connections_per_peer = 16 } };
        ck_assert(address_read("127.0.0.1:0", &address, &err));
        ck_assert(address_listen(&address, &descriptor, &err));
        address_text(&address, server->listen);
        close(descriptor);
        server->options.listen = server->listen;
}

static inline void server_open(Server *server)
{
        Error err = { 0 };
        const SourceSetup setup = { .instance = "test",
                                    .options = &server->options,
                                    .frame = server->frame,
                                    .once = server->once,
                                    .trial = server->trial };

        server->source = source_tcp.open(&setup, &err);
        ck_assert_msg(server->source != NULL, "%s", err.text);
}

static inline void server_free(Server *server)
{
        if (server->source)
                source_tcp.close(server->source);
        buffer_free(&server->got);
}

static inline SourceResult turn(Server *server, SourceRecord *record)
{
        Error err = { 0 };
        const SourceResult result = source_tcp.read(server->source, TURN_MS, record, &err);
        const bool is_junk = record->refusal.kind != ERR_NONE;

        if (result != SOURCE_RECORD)
                return result;
        ck_assert_uint_eq(record->token, server->token + 1);
        ck_assert_int_eq(record->record.bytes[record->record.size], '\0');
        if (is_junk)
                ck_assert_str_eq(record->refusal.reason, "bad_length");
        server->token = record->token;
        server->records++;
        buffer_byte(&server->got, is_junk ? '[' : '(');
        buffer_add(&server->got, record->record.bytes, record->record.size);
        buffer_byte(&server->got, is_junk ? ']' : ')');
        return result;
}

/* Reads until so many records came, in all. */
static inline void records_await(Server *server, size_t records)
{
        const int64_t until = time_monotonic() + PATIENCE_MS;

        while (server->records < records && time_monotonic() < until) {
                SourceRecord record = { 0 };

                (void)turn(server, &record);
        }
        ck_assert_uint_eq(server->records, records);
}

static inline void turns(Server *server, int count)
{
        while (count--) {
                SourceRecord record = { 0 };

                (void)turn(server, &record);
        }
}

static inline void settle(Server *server, uint64_t token)
{
        Error err = { 0 };

        ck_assert(source_tcp.acknowledge(server->source, token, &err));
}

static inline bool answer(Server *server, uint64_t token, const char *text)
{
        const Reply reply = { .body = text, .size = strlen(text) };
        Error err = { 0 };
        const bool answered = source_tcp.answer(server->source, token, &reply, &err);

        ck_assert(answered || err.kind == ERR_RETRY);
        return answered;
}

/* The first turn of a server begins to listen. */
static inline int call(Server *server)
{
        const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        Address address;
        Error err = { 0 };

        if (!server->source)
                server_open(server);
        turns(server, 1);
        ck_assert(address_read(server->listen, &address, &err));
        ck_assert_int_eq(connect(descriptor, (const struct sockaddr *)&address.bytes, address.size), 0);
        return descriptor;
}

static inline void say(int descriptor, const char *text)
{
        ck_assert_int_eq(send(descriptor, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* What the server says until there is as much as that, or it hangs up. */
static inline void hear(Server *server, int descriptor, const char *expected)
{
        const int64_t until = time_monotonic() + PATIENCE_MS;
        char got[256] = "";
        size_t size = 0;

        while (size < strlen(expected) && time_monotonic() < until) {
                const ssize_t more = recv(descriptor, got + size, sizeof(got) - 1 - size, MSG_DONTWAIT);

                ck_assert_int_ne(more, 0);
                size += more > 0 ? (size_t)more : 0;
                turns(server, more > 0 ? 0 : 1);
        }
        ck_assert_str_eq(got, expected);
}

static inline bool is_hung_up(int descriptor)
{
        char byte;
        const ssize_t got = recv(descriptor, &byte, 1, MSG_DONTWAIT);

        return got == 0 || (got < 0 && errno == ECONNRESET);
}

static inline void hang_up_await(Server *server, int descriptor)
{
        const int64_t until = time_monotonic() + PATIENCE_MS;

        while (!is_hung_up(descriptor) && time_monotonic() < until)
                turns(server, 1);
        ck_assert(is_hung_up(descriptor));
}
