#include "hub/http/http_server.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/thread.h"
#include "hub/http/address.h"
#include "hub/http/seats.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY_MOST = 16 * 1024, SILENCE_S = 10 };

struct HttpServer {
        HttpSetup setup;
        char address[ADDRESS_TEXT_SIZE];
        struct MHD_Daemon *daemon;
        Seats seats;
};

static void connection_note(void *context, struct MHD_Connection *connection, void **of_connection,
                            enum MHD_ConnectionNotificationCode code)
{
        HttpServer *server = context;

        (void)of_connection;
        seats_note(&server->seats, connection, code);
}

/* ---- requests ---- */

/* The body becomes the response's: what malloc gave, its free takes. */
static enum MHD_Result answer_send(struct MHD_Connection *connection, HttpAnswer *answer)
{
        struct MHD_Response *response =
                MHD_create_response_from_buffer(answer->body.size, answer->body.bytes, MHD_RESPMEM_MUST_FREE);
        enum MHD_Result result;

        if (!response)
                return MHD_NO;
        answer->body = (Buffer){ 0 };
        MHD_add_response_header(response, "Content-Type", answer->content_type);
        MHD_add_response_header(response, "Cache-Control", "no-store");
        MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
        if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED)
                MHD_add_response_header(response, "Allow", "GET, HEAD");
        if (answer->status >= MHD_HTTP_BAD_REQUEST)
                MHD_add_response_header(response, "Connection", "close");
        result = MHD_queue_response(connection, answer->status, response);
        MHD_destroy_response(response);
        return result;
}

/* Both headers at once are how requests are smuggled past a proxy; we want neither. */
static bool has_body(struct MHD_Connection *connection)
{
        const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");

        return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding") ||
               (length && !text_same(length, "0"));
}

static void answer_drop(HttpAnswer *answer)
{
        buffer_free(&answer->body);
}

static enum MHD_Result request_refuse(struct MHD_Connection *connection, unsigned status, const char *why)
{
        CLEANUP(answer_drop) HttpAnswer answer = { .status = status, .content_type = "text/plain; charset=utf-8" };

        buffer_text(&answer.body, why);
        return answer_send(connection, &answer);
}

/* Called with the headers, then again when the (absent) body is read: only the second answer may keep the connection. */
static enum MHD_Result request_serve(void *context, struct MHD_Connection *connection, const char *path,
                                     const char *method, const char *version, const char *upload, size_t *upload_size,
                                     void **state)
{
        HttpServer *server = context;
        const HttpRequest request = { .method = method, .path = path };
        CLEANUP(answer_drop)
        HttpAnswer answer = { .status = MHD_HTTP_NOT_FOUND, .content_type = "text/plain; charset=utf-8" };

        (void)version;
        (void)upload;
        if (*upload_size || has_body(connection))
                return request_refuse(connection, MHD_HTTP_CONTENT_TOO_LARGE, "no body is taken\n");
        if (!text_same(method, "GET") && !text_same(method, "HEAD"))
                return request_refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET or HEAD\n");
        if (!*state) {
                *state = server;
                return MHD_YES;
        }
        server->setup.answer(server->setup.context, &request, &answer);
        return answer_send(connection, &answer);
}

/* ---- open ---- */

bool http_server_check(const char *listen, Error *err)
{
        Address address;

        return address_read(listen, &address, err);
}

/* Signals are for the thread that opened us: the server's gets none. */
static struct MHD_Daemon *daemon_start(HttpServer *server, int descriptor)
{
        struct MHD_Daemon *daemon;
        sigset_t before;

        thread_signals_off(&before);
        daemon = MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD, 0, NULL, NULL, request_serve, server,
                                  MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_CONNECTION_LIMIT,
                                  (unsigned)HTTP_CONNECTIONS_MOST + SEATS_SPARE, MHD_OPTION_CONNECTION_TIMEOUT,
                                  (unsigned)SILENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_MOST,
                                  MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION, connection_note,
                                  server, MHD_OPTION_END);
        thread_signals_back(&before);
        return daemon;
}

HttpServer *http_server_open(const HttpSetup *setup, Error *err)
{
        Address address;
        HttpServer *server;
        int descriptor;

        if (!address_read(setup->listen, &address, err) || !address_listen(&address, &descriptor, err))
                return NULL;
        server = mem_new(sizeof(HttpServer));
        server->setup = *setup;
        seats_open(&server->seats, HTTP_CONNECTIONS_MOST, HTTP_CONNECTIONS_MOST);
        address_text(&address, server->address);
        server->daemon = daemon_start(server, descriptor);
        if (server->daemon)
                return server;
        (void)error_set(err, ERR_RETRY, NULL, "%s: the HTTP server does not start", server->address);
        close(descriptor);
        seats_free(&server->seats);
        free(server);
        return NULL;
}

const char *http_server_address(const HttpServer *server)
{
        return server->address;
}

void http_server_close(HttpServer *server)
{
        if (!server)
                return;
        MHD_stop_daemon(server->daemon);
        seats_free(&server->seats);
        free(server);
}
