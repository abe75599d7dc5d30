#include "hub/source/http_options.h"

#include "hub/base/text.h"

#include <string.h>

static const char *const methods[] = { "GET", "POST", NULL };
static const char *const time_forms[] = { "rfc3339", "local", "epoch_s", "epoch_ms", NULL };

#define FIELD(type, name) type, offsetof(HttpOptions, name)
const Option http_options[HTTP_OPTIONS] = {
        { "url", FIELD(OPTION_TEXT, url), .flags = OPTION_REQUIRED, .about = "what to ask: https://..., http:// only on loopback" },
        { "method", FIELD(OPTION_CHOICE, method), "GET", .choices = methods, .about = "GET with a query, or POST with a form" },
        { "form", FIELD(OPTION_TABLE, form), .about = "fixed parameters" },
        { "headers", FIELD(OPTION_TABLE, headers), .about = "fixed headers that are no secrets" },
        { "header_files", FIELD(OPTION_TABLE, header_files), .flags = OPTION_SECRET, .about = "headers whose value is in a file" },
        { "interval", FIELD(OPTION_DURATION, interval_ms), "60s", .least = 100, .most = 86400000, .about = "between two windows" },
        { "overlap", FIELD(OPTION_DURATION, overlap_ms), "10min", .least = 0, .most = 86400000, .about = "read again before the last end" },
        { "first_window", FIELD(OPTION_DURATION, first_window_ms), "1h", .least = 0, .most = INT64_C(31622400000),
          .about = "how far back on the first start" },
        { "start_parameter", FIELD(OPTION_TEXT, start_parameter), .about = "parameter for the window's start; none: no windows" },
        { "end_parameter", FIELD(OPTION_TEXT, end_parameter), .about = "parameter for the window's end" },
        { "time_form", FIELD(OPTION_CHOICE, time_form), "local", .choices = time_forms,
          .about = "of both: local is yyyy-MM-dd HH:mm:ss in Shanghai" },
        { "page_parameter", FIELD(OPTION_TEXT, page_parameter), .about = "parameter for the page's number; none: one page" },
        { "page_first", FIELD(OPTION_INTEGER, page_first), "1", .least = 0, .most = 1, .about = "number of the first page" },
        { "size_parameter", FIELD(OPTION_TEXT, size_parameter), .about = "parameter for the size of a page" },
        { "page_size", FIELD(OPTION_INTEGER, page_size), "100", .least = 1, .most = 10000, .about = "items of a page" },
        { "items", FIELD(OPTION_TEXT, items), "", .about = "dotted path of the array of items; empty: the document itself" },
        { "id", FIELD(OPTION_TEXT, id), .about = "dotted path of an item's id: two passes over a window must bring the same" },
        { "login_url", FIELD(OPTION_TEXT, login_url), .about = "where a session begins: POST with user and password, cookies are kept" },
        { "login_form", FIELD(OPTION_TABLE, login_form), .about = "fixed fields of the login" },
        { "user_field", FIELD(OPTION_TEXT, user_field), "username", .about = "name of the login's user field" },
        { "password_field", FIELD(OPTION_TEXT, password_field), "password", .about = "name of the login's password field" },
        { "user", FIELD(OPTION_TEXT, user), .about = "user; without login_url for HTTP Basic" },
        { "password_file", FIELD(OPTION_PATH, password_file), .flags = OPTION_SECRET, .about = "file with the password" },
        { "timeout", FIELD(OPTION_DURATION, timeout_ms), "30s", .least = 100, .most = 600000, .about = "of one request" },
        { "byte_cap", FIELD(OPTION_INTEGER, byte_cap), "16777216", .least = 1024, .most = 134217728, .about = "most bytes of a reply" },
};

/* ca_file is no option yet: the system's certificates are what a municipal platform's certificate chains to. */

bool http_is_loopback(const char *url)
{
        static const char *const hosts[] = { "127.", "localhost:", "localhost/", "[::1]" };
        const char *host = strstr(url, "://");

        for (size_t i = 0; host && i < sizeof hosts / sizeof *hosts; i++)
                if (text_starts(host + 3, hosts[i]))
                        return true;
        return host && text_same(host + 3, "localhost");
}

static bool url_check(const char *name, const char *url, Error *err)
{
        if (strchr(url, '@'))
                return error_set(err, ERR_FATAL, NULL, "%s: a user in a URL ends up in logs: use user and password_file", name);
        if (text_starts(url, "https://"))
                return true;
        if (!text_starts(url, "http://"))
                return error_set(err, ERR_FATAL, NULL, "%s: is neither https:// nor http://", name);
        return http_is_loopback(url) || error_set(err, ERR_FATAL, NULL, "%s: http:// is for loopback only, use https://", name);
}

static bool headers_check(const TextTable *headers, Error *err)
{
        for (size_t i = 0; i < headers->size; i++)
                if (strpbrk(headers->keys[i], "\r\n:") || strpbrk(headers->values[i], "\r\n"))
                        return error_set(err, ERR_FATAL, NULL, "headers: \"%s\" holds a line end or a colon", headers->keys[i]);
        return true;
}

bool http_options_check(const void *given, Error *err)
{
        const HttpOptions *options = given;

        if (!url_check("url", options->url, err) || (options->login_url && !url_check("login_url", options->login_url, err)) ||
            !headers_check(&options->headers, err) || !headers_check(&options->header_files, err))
                return false;
        if (options->end_parameter && !options->start_parameter)
                return error_set(err, ERR_FATAL, NULL, "end_parameter: without start_parameter");
        if (options->page_parameter && !options->id)
                return error_set(err, ERR_FATAL, NULL, "id: is needed with page_parameter, to know when a window was read whole");
        if (options->login_url && (!options->user || !options->password_file))
                return error_set(err, ERR_FATAL, NULL, "login_url: user and password_file are needed with it");
        return true;
}
