#pragma once

/* Inside of exchanges: one of them (exchange.c), and the server that has many (exchanges.c). */

#include "hub/http/exchange.h"

#include "hub/base/memory.h"
#include "hub/http/address.h"
#include "hub/http/exchange_auth.h"

#include <microhttpd.h>
#include <pthread.h>

/* Held by the server until its connection is done with it, and by whoever took it until it is answered. */
struct Exchange {
        pthread_mutex_t lock;
        unsigned references;
        struct MHD_Connection *connection; /* NULL: gone */
        bool is_taken, is_answered;
        unsigned refused; /* status: never handed to anybody */
        bool is_stale;    /* refused, for its nonce: it may ask again with the same password */
        int64_t begun;    /* monotonic */
        size_t dropped;   /* bytes of a refused body */
        Buffer body;
        Arena *texts;
        ExchangeRequest request;
        ExchangeAnswer answer; /* its body is `told`, its texts are owned by texts */
        Buffer told;
        ExchangeStream stream; /* read NULL: it is none */
        bool is_suspended, is_woken, is_over;
};

Exchange *exchange_new(struct MHD_Connection *connection, const char *method, const char *path);
void exchange_whole(Exchange *exchange);                                /* the request is there: its texts are copied */
void exchange_give_up(Exchange *exchange, const ExchangesSetup *setup); /* the server closes: 503 for who still waits */
void exchange_leave(Exchange *exchange);                                /* its connection is done with it */
const char *exchange_text(const Exchange *exchange, const char *text);  /* copied; NULL gives NULL */
const ExchangeHeader *exchange_headers(const Exchange *exchange, const ExchangeHeader *headers);
void exchange_unlock(Exchange *exchange); /* a reference goes, perhaps with the exchange */
struct MHD_Response *exchange_stream_response(Exchange *exchange);
void exchange_stream_end(Exchange *exchange);      /* the lock is held: the server closes */
enum MHD_Result exchange_send(Exchange *exchange); /* on the server's thread, once it is answered */
/* The same, with what it was refused for. */
enum MHD_Result exchange_refuse(Exchange *exchange, const ExchangesSetup *setup);
