#pragma once

/* The settings of an http_poll source. */

#include "hub/base/options.h"

typedef enum { TIME_FORM_RFC3339, TIME_FORM_LOCAL, TIME_FORM_EPOCH_S, TIME_FORM_EPOCH_MS } TimeForm;
typedef enum { HTTP_GET, HTTP_POST } HttpMethod;

typedef struct {
        char *url;
        int method;                             /* HttpMethod */
        TextTable form, headers, header_files;
        int64_t interval_ms, overlap_ms, first_window_ms, timeout_ms, byte_cap;
        char *start_parameter, *end_parameter;
        int time_form;                          /* TimeForm */
        char *page_parameter, *size_parameter;
        int64_t page_first, page_size;
        char *items, *id;
        char *login_url, *user_field, *password_field, *user, *password_file;
        TextTable login_form;
        char *ca_file;
} HttpOptions;

enum { HTTP_OPTIONS = 25 };
extern const Option http_options[HTTP_OPTIONS];

bool http_options_check(const void *options, Error *err);
bool http_is_loopback(const char *url);         /* the host is 127.0.0.0/8, [::1] or localhost */
