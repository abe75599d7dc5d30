#pragma once

/* The settings of http_poll. */

#include "hub/base/options.h"

typedef enum { METHOD_GET, METHOD_POST } HttpMethod;
typedef enum { TIME_SHANGHAI, TIME_RFC3339, TIME_EPOCH_S, TIME_EPOCH_MS } HttpTimeForm;

typedef struct {
        char *url, *ca_file;
        int method, time_form;
        TextTable form, headers, login_form;
        int64_t interval, overlap, first_window, timeout, byte_cap;
        char *start_parameter, *end_parameter, *page_parameter, *size_parameter;
        int64_t page_first, page_size;
        char *items, *id;
        char *login_url, *user, *password_file;
} HttpOptions;

enum { HTTP_OPTIONS = 23 };
extern const Option http_options[HTTP_OPTIONS];

bool http_options_check(const void *options, Error *err);
