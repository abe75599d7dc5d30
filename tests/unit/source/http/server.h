#pragma once

/*
 * An HTTP server inside the test, on a loopback port: each request is written down and answered by the test's own function
 * with raw bytes; then the connection is closed.
 */

#include "hub/base/buffer.h"
#include "hub/base/memory.h"

#include <arpa/inet.h>
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SERVER_ASKED = 64 };

typedef struct Server Server;

struct Server {
        /* Appends the answer to request number `number`, from 0. */
        void (*answer)(const char *asked, size_t number, Buffer *out);
        int listening, port;
        pthread_t thread;
        pthread_mutex_t lock;
        char *asked[SERVER_ASKED]; /* whole requests */
        size_t size;
};

/* Head, and body as its Content-Length says. */
static char *server_read(int connection)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        const char *body, *length;
        char bytes[4096];
        ssize_t got;

        while ((got = read(connection, bytes, sizeof(bytes))) > 0) {
                buffer_add(&text, bytes, (size_t)got);
                body = strstr(text.bytes, "\r\n\r\n");
                length = strcasestr(text.bytes, "content-length:");
                if (body &&
                    text.size >= (size_t)(body + 4 - text.bytes) + (length ? strtoul(length + 15, NULL, 10) : 0))
                        return text_copy(text.bytes);
        }
        return NULL;
}

static void *server_serve(void *context)
{
        Server *server = context;
        int connection;

        while ((connection = accept(server->listening, NULL, NULL)) >= 0) {
                CLEANUP(buffer_free) Buffer out = { 0 };
                char *asked = server_read(connection);

                if (asked) {
                        server->answer(asked, server->size, &out);
                        pthread_mutex_lock(&server->lock);
                        ck_assert_uint_lt(server->size, SERVER_ASKED);
                        server->asked[server->size++] = asked;
                        pthread_mutex_unlock(&server->lock);
                }
                for (size_t at = 0; at < out.size;) {
                        ssize_t put = send(connection, out.bytes + at, out.size - at, MSG_NOSIGNAL);

                        if (put <= 0)
                                break;
                        at += (size_t)put;
                }
                close(connection);
        }
        return NULL;
}

static void server_open(Server *server, void (*answer)(const char *asked, size_t number, Buffer *out))
{
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t size = sizeof(address);

        *server = (Server){ .answer = answer };
        pthread_mutex_init(&server->lock, NULL);
        server->listening = socket(AF_INET, SOCK_STREAM, 0);
        ck_assert_int_eq(bind(server->listening, (const struct sockaddr *)&address, size), 0);
        ck_assert_int_eq(listen(server->listening, 16), 0);
        ck_assert_int_eq(getsockname(server->listening, (struct sockaddr *)&address, &size), 0);
        server->port = ntohs(address.sin_port);
        ck_assert_int_eq(pthread_create(&server->thread, NULL, server_serve, server), 0);
}

static inline size_t server_size(Server *server)
{
        size_t size;

        pthread_mutex_lock(&server->lock);
        size = server->size;
        pthread_mutex_unlock(&server->lock);
        return size;
}

/* Request `number` holds text; also while more come. */
static bool server_asked(Server *server, size_t number, const char *text)
{
        bool found;

        pthread_mutex_lock(&server->lock);
        found = number < server->size && strstr(server->asked[number], text);
        pthread_mutex_unlock(&server->lock);
        return found;
}

static void server_close(Server *server)
{
        shutdown(server->listening, SHUT_RDWR);
        pthread_join(server->thread, NULL);
        close(server->listening);
        for (size_t i = 0; i < server->size; i++)
                free(server->asked[i]);
        pthread_mutex_destroy(&server->lock);
}

/* A whole answer; headers end with \r\n each, or are "". */
static void answer_write(Buffer *out, const char *status, const char *headers, const char *body)
{
        buffer_format(out, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n%s", status, strlen(body),
                      headers, body);
}

/* The same with a body that holds NUL bytes. */
static inline void answer_bytes(Buffer *out, const char *headers, const char *body, size_t size)
{
        buffer_format(out, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n", size, headers);
        buffer_add(out, body, size);
}
