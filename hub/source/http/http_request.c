#include "hub/source/http/http_request.h"

#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND = 1000, SHANGHAI = 8 * 3600 * SECOND };

static SecretNames names(const HttpOptions *of)
{
        return (SecretNames){ .user = of->user, .password_file = of->password_file };
}

/* ---- parameters ---- */

/* RFC 3986 section 2.3: everything but unreserved bytes is escaped. */
static void escape_add(Buffer *out, const char *text, size_t size)
{
        static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

        for (size_t i = 0; i < size; i++) {
                if (text[i] && strchr(plain, text[i]))
                        buffer_byte(out, text[i]);
                else
                        buffer_format(out, "%%%02X", (unsigned)(unsigned char)text[i]);
        }
}

static void parameter_add(Buffer *out, const char *name, const char *value, size_t size)
{
        if (out->size)
                buffer_byte(out, '&');
        escape_add(out, name, strlen(name));
        buffer_byte(out, '=');
        escape_add(out, value, size);
}

static void integer_add(Buffer *out, const char *name, int64_t value)
{
        char text[24];

        snprintf(text, sizeof(text), "%lld", (long long)value);
        parameter_add(out, name, text, strlen(text));
}

/* Whole seconds: what a fraction does to a server is not worth finding out. */
static void time_add(Buffer *out, const char *name, HttpTimeForm form, int64_t ms)
{
        const size_t seconds = strlen("2023-12-05T00:42:10");
        char text[TIME_TEXT_SIZE];

        if (form == TIME_EPOCH_S || form == TIME_EPOCH_MS) {
                integer_add(out, name, form == TIME_EPOCH_S ? ms / SECOND : ms);
                return;
        }
        time_text(form == TIME_SHANGHAI ? ms + SHANGHAI : ms, text);
        if (form == TIME_SHANGHAI)
                text[strlen("2023-12-05")] = ' ';
        else
                text[seconds] = 'Z';
        parameter_add(out, name, text, form == TIME_SHANGHAI ? seconds : seconds + 1);
}

static bool table_add(const HttpOptions *of, const TextTable *table, Buffer *out, Error *err)
{
        const SecretNames known = names(of);

        for (size_t i = 0; i < table->size; i++) {
                CLEANUP(secret_free) Buffer value = { 0 };

                if (!secret_fill(&value, table->values[i], &known, err))
                        return error_add(err, "%s", table->keys[i]);
                parameter_add(out, table->keys[i], value.bytes ? value.bytes : "", value.size);
        }
        return true;
}

static bool parameters_add(const HttpOptions *of, const HttpAsked *asked, Buffer *out, Error *err)
{
        if (!table_add(of, &of->form, out, err))
                return false;
        if (of->start_parameter)
                time_add(out, of->start_parameter, (HttpTimeForm)of->time_form, asked->start);
        if (of->end_parameter)
                time_add(out, of->end_parameter, (HttpTimeForm)of->time_form, asked->end);
        if (of->page_parameter)
                integer_add(out, of->page_parameter, of->page_first + asked->page);
        if (of->size_parameter)
                integer_add(out, of->size_parameter, of->page_size);
        return true;
}

/* With GET in the query, with POST in the form. */
static bool page_build(const HttpOptions *of, const HttpAsked *asked, Buffer *url, Buffer *form, Error *err)
{
        CLEANUP(secret_free) Buffer query = { 0 };
        size_t base = strcspn(of->url, "#");

        buffer_add(url, of->url, base);
        buffer_text(form, "");
        if (of->method == METHOD_POST)
                return parameters_add(of, asked, form, err);
        if (!parameters_add(of, asked, &query, err))
                return false;
        if (query.size)
                buffer_byte(url, memchr(of->url, '?', base) ? '&' : '?');
        buffer_add(url, query.bytes ? query.bytes : "", query.size);
        return true;
}

/* ---- headers ---- */

typedef struct {
        char **lines; /* ends with NULL; with secrets in them */
        size_t size;
} Headers;

static void headers_drop(Headers *headers)
{
        for (size_t i = 0; i < headers->size; i++) {
                explicit_bzero(headers->lines[i], strlen(headers->lines[i]));
                free(headers->lines[i]);
        }
        free(headers->lines);
}

static bool headers_build(const HttpOptions *of, const char *etag, Headers *headers, Error *err)
{
        const SecretNames known = names(of);

        headers->lines = mem_new((of->headers.size + 2) * sizeof(char *));
        for (size_t i = 0; i < of->headers.size; i++) {
                CLEANUP(secret_free) Buffer line = { 0 };

                buffer_format(&line, "%s: ", of->headers.keys[i]);
                if (!secret_fill(&line, of->headers.values[i], &known, err))
                        return error_add(err, "headers: %s", of->headers.keys[i]);
                headers->lines[headers->size++] = text_copy(line.bytes);
        }
        if (etag)
                headers->lines[headers->size++] = text_format("If-None-Match: %s", etag);
        return true;
}

/* ---- requests ---- */

bool http_ask_page(HttpClient *client, const HttpOptions *of, const HttpAsked *asked, Error *err)
{
        CLEANUP(secret_free) Buffer url = { 0 };
        CLEANUP(secret_free) Buffer form = { 0 };
        CLEANUP(headers_drop) Headers headers = { 0 };
        HttpRequest request = { 0 };

        if (!page_build(of, asked, &url, &form, err) || !headers_build(of, asked->etag, &headers, err))
                return false;
        request.url = url.bytes;
        request.form = of->method == METHOD_POST ? form.bytes : NULL;
        request.headers = (const char *const *)headers.lines;
        http_start(client, &request);
        return true;
}

bool http_ask_login(HttpClient *client, const HttpOptions *of, Error *err)
{
        CLEANUP(secret_free) Buffer form = { 0 };
        CLEANUP(headers_drop) Headers headers = { 0 };
        HttpRequest request = { .url = of->login_url };

        buffer_text(&form, "");
        if (!table_add(of, &of->login_form, &form, err))
                return error_add(err, "login_form");
        if (!headers_build(of, NULL, &headers, err))
                return false;
        request.form = form.bytes;
        request.headers = (const char *const *)headers.lines;
        http_start(client, &request);
        return true;
}
