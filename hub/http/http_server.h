#pragma once

/*
 * An HTTP/1.1 server, thinly: the only folder that includes libmicrohttpd. GET and HEAD only; a request with a body is refused
 * before its body is read: hub/http/exchange.h is for those. One thread of its own serves all connections (poll: the epoll mode
 * of 0.9.75 stalls when exactly 128 sockets are ready).
 *
 * Bounded against whoever knocks: HTTP_CONNECTIONS_MOST at a time, and the oldest gives way to a new one, so that clients that
 * send a byte a second cannot keep others out; 16 KiB of memory for each, headers included; 10 s of silence end one.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

enum { HTTP_CONNECTIONS_MOST = 16 };

typedef struct {
        const char *method, *path; /* the path without query, decoded; borrowed */
} HttpRequest;

typedef struct {
        unsigned status;          /* 404 unless set */
        const char *content_type; /* static; text/plain unless set */
        Buffer body;
} HttpAnswer;

typedef struct {
        const char *listen; /* "127.0.0.1:9464", "[::1]:0": addresses are numbers, port 0 lets the kernel choose */
        void (*answer)(void *context, const HttpRequest *request, HttpAnswer *answer); /* on the server's thread */
        void *context;
} HttpSetup;

typedef struct HttpServer HttpServer;

bool http_server_check(const char *listen, Error *err);           /* ERR_FATAL: not of that form */
HttpServer *http_server_open(const HttpSetup *setup, Error *err); /* ERR_RETRY: the port is busy, and the like */
const char *http_server_address(const HttpServer *server);        /* "127.0.0.1:43121", with the port that it got */
void http_server_close(HttpServer *server);                       /* also NULL; after it no answer() runs */
