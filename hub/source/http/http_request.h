#pragma once

/*
 * The requests of http_poll: parameters, as a query, a form or a JSON object, and headers, with secrets read from their files
 * for each request and wiped after it.
 * Errors are ERR_FATAL: a file that cannot be read.
 */

#include "hub/source/http/http_client.h"
#include "hub/source/http/http_options.h"

typedef struct {
        int64_t start, end;   /* of the window */
        int64_t page;         /* from 0 */
        const char *url;      /* of a page that the one before it named, NULL: the list's */
        const char *etag;     /* of what we have, NULL: of nothing */
        const char *modified; /* the same by its time */
        const char *token;    /* of the login, NULL: none */
} HttpAsked;

bool http_ask_page(HttpClient *client, const HttpOptions *options, const HttpAsked *asked, Error *err);
bool http_ask_login(HttpClient *client, const HttpOptions *options, Error *err);
