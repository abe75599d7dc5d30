#pragma once

/*
 * One HTTP request at a time, over libcurl, without blocking for longer than asked. Only HTTPS, but for this very machine
 * (also by the address that a name resolves to); no redirects, no proxy of the environment. Cookies live in memory. gzip is
 * asked for, and whatever libcurl can decode is decoded, also gzip that nobody announced. A body longer than the cap (as it
 * came, or unpacked), shorter than its Content-Length or its last chunk, or late is trouble, not an answer.
 *
 * Errors are ERR_RETRY and name the URL without user, query and fragment.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <stdint.h>

typedef struct {
        const char *ca_file; /* NULL: the system's */
        int64_t timeout_ms, byte_cap;
} HttpSetup;

typedef struct {
        const char *url;
        const char *body;           /* POST it, as a form where no header says otherwise; NULL: GET */
        const char *const *headers; /* "Name: value", ends with NULL */
} HttpRequest;

typedef struct {
        long status;
        Buffer body;
        char *content_type, *etag, *modified, *location; /* NULL: none; modified: of Last-Modified, as it was told */
        int64_t date_ms;                                 /* TIME_NONE: none */
        int64_t wait_ms;                                 /* of Retry-After, -1: none */
} HttpAnswer;

typedef enum { HTTP_BUSY, HTTP_ANSWERED, HTTP_FAILED } HttpResult;

typedef struct HttpClient HttpClient;

HttpClient *http_open(const HttpSetup *setup);
void http_start(HttpClient *client, const HttpRequest *request); /* texts are copied; ends what runs */
HttpResult http_wait(HttpClient *client, int wait_ms, Error *err);
const HttpAnswer *http_answer(const HttpClient *client); /* borrowed until the next http_start() */
void http_forget(HttpClient *client);                    /* all cookies */
void http_close(HttpClient *client);

/* Seconds, or a date, which is seen from `now` (the answer's own Date, if any): RFC 9110 section 10.2.3. -1: neither. */
int64_t http_retry_after(const char *text, int64_t now);

char *http_url_public(const char *url);           /* owned: without user, query and fragment, for people and channels */
bool http_url_check(const char *url, Error *err); /* ERR_FATAL: no URL, HTTP to another machine, a user in it */
char *http_url_host(const char *url);             /* owned: host and port, NULL: none */
