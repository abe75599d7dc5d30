#pragma once

/* The settings of http_poll. */

#include "hub/base/options.h"

typedef enum { METHOD_GET, METHOD_POST } HttpMethod;
typedef enum { BODY_FORM, BODY_JSON } HttpBody;
typedef enum { TIME_SHANGHAI, TIME_RFC3339, TIME_EPOCH_S, TIME_EPOCH_MS, TIME_HOUR } HttpTimeForm;

typedef struct {
        char *url, *ca_file;
        int method, time_form, body, login_body;
        TextTable form, headers, login_form;
        int64_t interval, overlap, first_window, recheck, recheck_every, timeout, byte_cap;
        char *start_parameter, *end_parameter, *page_parameter, *size_parameter;
        int64_t page_first, page_size, pages_most;
        TextList end;
        char *items, *id, *total, *next;
        char *login_url, *token, *user, *password_file;
} HttpOptions;

enum { HTTP_OPTIONS = 32 };
extern const Option http_options[HTTP_OPTIONS];

bool http_options_ends(const HttpOptions *of,
                       long status);                 /* `end` names it: behind the last page the server says so */
bool http_options_short_ends(const HttpOptions *of); /* `end` names "short" */
bool http_options_check(const void *options, Error *err);
