#include "hub/http/exchange_private.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/base/thread.h"
#include "hub/base/time.h"
#include "hub/http/seats.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
        BODY_MOST = 16 * 1024 * 1024,
        BODIES_MOST = 64 * 1024 * 1024,
        CONNECTIONS_MOST = 64,
        SILENCE_S = 10,
        REQUEST_MS = 30 * 1000,
        HEAD_MOST = 32 * 1024,
        NONCES_MOST = 1024,
        CLOSE_S = 2, /* so long a close waits for who still reads its answer */
};

struct Exchanges {
        ExchangesSetup setup;
        char address[ADDRESS_TEXT_SIZE];
        struct MHD_Daemon *daemon;
        char seed[32]; /* of Digest's nonces */
        Seats seats;
        size_t held; /* bytes of bodies */
        pthread_mutex_t lock;
        pthread_cond_t left;
        Exchange **open; /* taken and not over; under the lock, as is closing */
        size_t open_size;
        bool is_closing;
};

static void connection_note(void *context, struct MHD_Connection *connection, void **of_connection,
                            enum MHD_ConnectionNotificationCode code)
{
        Exchanges *exchanges = context;

        (void)of_connection;
        seats_note(&exchanges->seats, connection, code);
}

/* ---- a request ---- */

static unsigned head_check(const Exchanges *exchanges, struct MHD_Connection *connection)
{
        const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
        const ExchangesSetup *setup = &exchanges->setup;
        int64_t size = 0;

        if (length && MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding"))
                return MHD_HTTP_BAD_REQUEST; /* how requests are smuggled past a proxy */
        if (length && (!text_read_integer(length, &size) || size < 0))
                return MHD_HTTP_BAD_REQUEST;
        if ((uint64_t)size > setup->body_most)
                return MHD_HTTP_CONTENT_TOO_LARGE;
        return exchanges->held + (uint64_t)size > setup->bodies_most ? MHD_HTTP_SERVICE_UNAVAILABLE : 0;
}

static enum MHD_Result refuse(const Exchanges *exchanges, Exchange *exchange)
{
        return exchange_refuse(exchange, &exchanges->setup);
}

/* A stranger's body is read and dropped, so that he hears why: of who sends on against a closed door, the answer is lost. */
static enum MHD_Result request_begin(Exchanges *exchanges, Exchange *exchange)
{
        struct MHD_Connection *connection = exchange->connection;

        exchange->refused = head_check(exchanges, connection);
        if (exchange->refused)
                return refuse(exchanges, exchange);
        exchange->refused = auth_judge(&exchanges->setup.auth, connection, &exchange->is_stale);
        if (exchange->refused && MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Expect"))
                return refuse(exchanges, exchange);
        return MHD_YES;
}

/* libmicrohttpd 0.9.75 queues no answer in the middle of a body, nor of a suspended one's: what is refused there is read on, so far. */
static enum MHD_Result body_take(Exchanges *exchanges, Exchange *exchange, const char *bytes, size_t *size)
{
        const ExchangesSetup *setup = &exchanges->setup;

        if (time_monotonic() - exchange->begun > setup->request_ms)
                return MHD_NO;
        if (!exchange->refused && exchange->body.size + *size > setup->body_most)
                exchange->refused = MHD_HTTP_CONTENT_TOO_LARGE;
        if (!exchange->refused && exchanges->held + *size > setup->bodies_most)
                exchange->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
        if (exchange->refused) {
                exchange->dropped += *size;
        } else {
                buffer_add(&exchange->body, bytes, *size);
                exchanges->held += *size;
        }
        *size = 0;
        return exchange->dropped <= setup->body_most ? MHD_YES : MHD_NO;
}

static bool open_add(Exchanges *exchanges, Exchange *exchange)
{
        bool is_open;

        pthread_mutex_lock(&exchanges->lock);
        is_open = !exchanges->is_closing;
        if (is_open)
                exchanges->open[exchanges->open_size++] = exchange;
        pthread_mutex_unlock(&exchanges->lock);
        return is_open;
}

static void open_drop(Exchanges *exchanges, const Exchange *exchange)
{
        pthread_mutex_lock(&exchanges->lock);
        for (size_t i = 0; i < exchanges->open_size; i++)
                if (exchanges->open[i] == exchange)
                        exchanges->open[i--] = exchanges->open[--exchanges->open_size];
        pthread_cond_signal(&exchanges->left);
        pthread_mutex_unlock(&exchanges->lock);
}

/* Suspended before it is handed over: the answer may come before take() returns. */
static enum MHD_Result request_hand(Exchanges *exchanges, Exchange *exchange)
{
        if (!open_add(exchanges, exchange)) {
                exchange->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
                return refuse(exchanges, exchange);
        }
        exchange_whole(exchange);
        seats_mark(&exchanges->seats, exchange->connection, true);
        MHD_suspend_connection(exchange->connection);
        exchanges->setup.take(exchanges->setup.context, exchange);
        return MHD_YES;
}

static enum MHD_Result request_serve(void *context, struct MHD_Connection *connection, const char *path,
                                     const char *method, const char *version, const char *upload, size_t *upload_size,
                                     void **state)
{
        Exchanges *exchanges = context;
        Exchange *exchange = *state;

        (void)version;
        if (!exchange) {
                *state = exchange = exchange_new(connection, method, path);
                return request_begin(exchanges, exchange);
        }
        if (*upload_size)
                return body_take(exchanges, exchange, upload, upload_size);
        if (exchange->refused)
                return refuse(exchanges, exchange);
        return exchange->is_taken ? exchange_send(exchange) : request_hand(exchanges, exchange);
}

static void request_end(void *context, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode code)
{
        Exchanges *exchanges = context;
        Exchange *exchange = *state;

        (void)code;
        if (!exchange)
                return;
        *state = NULL;
        seats_mark(&exchanges->seats, connection, false);
        exchanges->held -= exchange->body.size;
        open_drop(exchanges, exchange);
        exchange_leave(exchange);
}

/* ---- open ---- */

static void defaults_fill(ExchangesSetup *setup)
{
        setup->body_most = setup->body_most ? setup->body_most : BODY_MOST;
        setup->bodies_most = setup->bodies_most ? setup->bodies_most : BODIES_MOST;
        setup->connections_most = setup->connections_most ? setup->connections_most : CONNECTIONS_MOST;
        setup->peer_most = setup->peer_most ? setup->peer_most : setup->connections_most;
        setup->silence_s = setup->silence_s ? setup->silence_s : SILENCE_S;
        setup->request_ms = setup->request_ms ? setup->request_ms : REQUEST_MS;
}

/* Signals are for the thread that opened us: the server's gets none. */
static struct MHD_Daemon *daemon_start(Exchanges *exchanges, int descriptor)
{
        const ExchangesSetup *setup = &exchanges->setup;
        const bool is_tls = setup->certificate;
        union {
                const char *lent;
                void *given;
        } certificate = { setup->certificate }, key = { setup->key };
        struct MHD_OptionItem tls[] = { { is_tls ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END, 0, certificate.given },
                                        { MHD_OPTION_HTTPS_MEM_KEY, 0, key.given },
                                        { MHD_OPTION_END, 0, NULL } };
        struct MHD_Daemon *daemon;
        sigset_t before;

        thread_signals_off(&before);
        daemon = MHD_start_daemon(
                MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (is_tls ? MHD_USE_TLS : 0U), 0, NULL, NULL,
                request_serve, exchanges, MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_CONNECTION_LIMIT,
                setup->connections_most + SEATS_SPARE, MHD_OPTION_CONNECTION_TIMEOUT, setup->silence_s,
                MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_MOST, MHD_OPTION_STRICT_FOR_CLIENT, 1,
                MHD_OPTION_NOTIFY_CONNECTION, connection_note, exchanges, MHD_OPTION_NOTIFY_COMPLETED, request_end,
                exchanges, MHD_OPTION_DIGEST_AUTH_RANDOM, sizeof(exchanges->seed), exchanges->seed,
                MHD_OPTION_NONCE_NC_SIZE, (unsigned)NONCES_MOST, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
        thread_signals_back(&before);
        return daemon;
}

static void exchanges_free(Exchanges *exchanges)
{
        pthread_mutex_destroy(&exchanges->lock);
        pthread_cond_destroy(&exchanges->left);
        seats_free(&exchanges->seats);
        free(exchanges->open);
        free(exchanges);
}

Exchanges *exchanges_open(const ExchangesSetup *setup, Error *err)
{
        Exchanges *exchanges;
        Address address;
        int descriptor;

        if (!setup->certificate != !setup->key) {
                (void)error_set(err, ERR_FATAL, NULL, "TLS needs both a certificate and its key");
                return NULL;
        }
        if (!address_read(setup->listen, &address, err) || !address_listen(&address, &descriptor, err))
                return NULL;
        exchanges = mem_new(sizeof(Exchanges));
        exchanges->setup = *setup;
        defaults_fill(&exchanges->setup);
        seats_open(&exchanges->seats, exchanges->setup.connections_most, exchanges->setup.peer_most);
        exchanges->open = mem_new((exchanges->setup.connections_most + SEATS_SPARE) * sizeof(Exchange *));
        pthread_mutex_init(&exchanges->lock, NULL);
        pthread_cond_init(&exchanges->left, NULL);
        address_text(&address, exchanges->address);
        random_bytes(exchanges->seed, sizeof(exchanges->seed));
        exchanges->daemon = daemon_start(exchanges, descriptor);
        if (exchanges->daemon)
                return exchanges;
        (void)error_set(err, setup->certificate ? ERR_FATAL : ERR_RETRY, NULL, "%s: the HTTP server does not start%s",
                        exchanges->address, setup->certificate ? ": is it the key of the certificate?" : "");
        close(descriptor);
        exchanges_free(exchanges);
        return NULL;
}

const char *exchanges_address(const Exchanges *exchanges)
{
        return exchanges->address;
}

void exchanges_close(Exchanges *exchanges)
{
        struct timespec until;
        int descriptor;

        if (!exchanges)
                return;
        descriptor = MHD_quiesce_daemon(exchanges->daemon);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += CLOSE_S;
        pthread_mutex_lock(&exchanges->lock);
        exchanges->is_closing = true;
        for (size_t i = 0; i < exchanges->open_size; i++)
                exchange_give_up(exchanges->open[i], &exchanges->setup);
        while (exchanges->open_size && pthread_cond_timedwait(&exchanges->left, &exchanges->lock, &until) != ETIMEDOUT)
                ;
        pthread_mutex_unlock(&exchanges->lock);
        MHD_stop_daemon(exchanges->daemon);
        if (descriptor >= 0)
                close(descriptor);
        exchanges_free(exchanges);
}
