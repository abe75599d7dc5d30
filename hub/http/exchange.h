#pragma once

/*
 * Who asks and is answered later: an HTTP/1.1 server whose requests have bodies, and whose answers may come from any thread, once
 * what was asked for is done. A thread of its own reads all requests and writes all answers (libmicrohttpd, poll).
 *
 * Bounded against whoever knocks: `body_most` bytes a body (413: before it is read where its length is told; else at its end,
 * for no answer can be given in the middle of one, and from twice `body_most` on the connection is closed without a word),
 * `bodies_most` of all that are held (503 with Retry-After), `connections_most` at a time, `peer_most` of one address: the
 * oldest that has not finished its request gives way to a new one, those that wait for an answer do not. Silence of
 * `silence_s`, and a request that takes longer than `request_ms`, end a connection. A request that tells its length twice
 * (Content-Length and chunked) is refused: 400.
 *
 * Each exchange is answered once, also when the client is gone or the server closed meanwhile: that frees it.
 *
 * An answer may be a stream, without end: whoever tells it is asked for bytes when the client can take more, and says nothing
 * until there are some. A stream waits as long as it likes and gives way to nobody; a client that takes nothing for `silence_s` while
 * there is something for it loses its connection, and what the kernel holds for it is bounded.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/base/memory.h"

#include <stdbool.h>
#include <sys/types.h>

typedef struct Exchange Exchange;
typedef struct Exchanges Exchanges;

typedef struct {
        const char *name, *value; /* value "" where there is none */
} ExchangeHeader;

typedef struct {
        const char *method, *path;                 /* the path without query, decoded */
        const char *peer;                          /* "192.0.2.7:4711" */
        const ExchangeHeader *headers, *arguments; /* those of the query, decoded; both end with a NULL name */
        const char *body;                          /* followed by a NUL */
        size_t size;
} ExchangeRequest;

typedef struct {
        unsigned status;
        const char *content_type; /* NULL: plain text */
        const char *body;
        size_t size;
        /* More of them, ending with a NULL name; NULL: none. One named Cache-Control or X-Content-Type-Options stands for ours. */
        const ExchangeHeader *headers;
} ExchangeAnswer;

enum { EXCHANGE_NOTHING = 0, EXCHANGE_END = -1 };

typedef struct {
        unsigned status;
        const char *content_type;
        const ExchangeHeader *headers; /* as of an answer */
        /*
         * On the server's thread, which must not wait: copies up to `room` bytes and says how many; EXCHANGE_NOTHING: none now, a wake
         * says when; EXCHANGE_END: no more will come.
         */
        ssize_t (*read)(void *context, char *out, size_t room);
        void (*gone)(void *context); /* once, on the server's thread: no read() after it */
        void *context;
} ExchangeStream;

typedef enum { EXCHANGE_ANYBODY, EXCHANGE_BASIC, EXCHANGE_DIGEST, EXCHANGE_TOKEN } ExchangeAuthKind;

/* Who may ask; all others are told 401, and are handed to nobody. */
typedef struct ExchangeAuth {
        ExchangeAuthKind kind;
        const char *realm, *user; /* of Basic and Digest */
        const char *header;       /* whose value is the token; NULL: Authorization, behind "Bearer " */
        bool is_sha256;           /* Digest: else MD5, as most devices speak it */
        /* Those that are good now, from 0, NULL behind the last; on the server's thread. Digest asks for the first alone. */
        const char *(*secret)(void *context, size_t index);
        void *context;
} ExchangeAuth;

typedef struct {
        const char *listen; /* "127.0.0.1:8443"; port 0 lets the kernel choose */
        size_t body_most, bodies_most;
        unsigned connections_most, peer_most, silence_s;
        int64_t request_ms;
        const char *certificate, *key;                   /* PEM texts: TLS; NULL: none */
        void (*take)(void *context, Exchange *exchange); /* a whole request, on the server's thread: must not wait */
        /*
         * Optional, on the server's thread: one that is not handed over; on that which closes: one that still waits. Its answer has status and
         * headers; what else it shall say, or say instead of them, is put in: texts of the arena, or such that stay.
         */
        void (*refused)(void *context, Arena *texts, ExchangeAnswer *answer);
        void *context;
        ExchangeAuth auth;
} ExchangesSetup; /* 0: body 16 MiB, bodies 64 MiB, 64 connections, of one peer as many, 10 s of silence, 30 s a request */

Exchanges *exchanges_open(const ExchangesSetup *setup, Error *err); /* ERR_RETRY: the port is busy; ERR_FATAL: wrong */
const char *exchanges_address(const Exchanges *exchanges);
void exchanges_close(Exchanges *exchanges); /* who still waits is told 503; also NULL. No take() after it */

const ExchangeRequest *exchange_request(const Exchange *exchange);       /* until it is answered */
const char *exchange_header(const Exchange *exchange, const char *name); /* letters of either case; NULL: none */

/* From any thread. Its request stays beyond its answer, until it is let go as often as it was kept. */
Exchange *exchange_keep(Exchange *exchange);
void exchange_let_go(Exchange *exchange); /* also NULL */

/* From any thread, once; copied; the exchange is gone. False: nobody is there any more to be told. */
bool exchange_answer(Exchange *exchange, const ExchangeAnswer *answer);

/*
 * From any thread, once, in place of an answer: the exchange is gone for who has not kept it. Its texts are copied. False: nobody is
 * there to be told, and gone() is not called.
 */
bool exchange_stream(Exchange *exchange, const ExchangeStream *stream);

/* From any thread, of a kept exchange: read() is called again. One that comes while it reads is not lost. */
void exchange_stream_wake(Exchange *exchange);
