#pragma once

/*
 * One HTTP client over libcurl: a session with cookies in memory; HTTPS, or HTTP to loopback; no redirects (a Location that
 * leads elsewhere is an error that names the host); a cap on the body; a total timeout. Bodies cut short are errors.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/source/http_options.h"

typedef struct HttpClient HttpClient;

typedef struct {
        long status;
        Buffer body;                    /* followed by a NUL */
        char content_type[128], etag[128];      /* "" when absent */
        int64_t date_ms;                /* of the Date header; TIME_NONE when absent */
        int64_t retry_after_ms;         /* -1 when absent */
} HttpReply;

HttpClient *http_client_open(const HttpOptions *options, Error *err);
void http_client_close(HttpClient *client);

/* POSTs the login form; cookies of the reply are kept. ERR_RETRY when it is refused. */
bool http_client_login(HttpClient *client, HttpReply *reply, Error *err);

/*
 * Asks options.url with the parameters (GET: as query, POST: as form). etag may be NULL. False with ERR_RETRY when no whole
 * reply came; a reply with any status is true.
 */
bool http_client_ask(HttpClient *client, const TextTable *parameters, const char *etag, HttpReply *reply, Error *err);
void http_reply_free(HttpReply *reply);
