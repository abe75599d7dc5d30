#include "hub/source/http/http_request.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/secret.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND = 1000, SHANGHAI = 8 * 3600 * SECOND };

static SecretNames names(const HttpOptions *of, const char *token)
{
        return (SecretNames){ .user = of->user, .password_file = of->password_file, .token = token };
}

/* ---- parameters ---- */

typedef struct {
        Buffer *out;
        HttpBody body; /* a query is written as a form is */
} Parameters;

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

static void name_add(Parameters *into, const char *name)
{
        if (into->body == BODY_JSON) {
                buffer_byte(into->out, into->out->size ? ',' : '{');
                json_write_text(into->out, name, strlen(name));
                buffer_byte(into->out, ':');
                return;
        }
        if (into->out->size)
                buffer_byte(into->out, '&');
        escape_add(into->out, name, strlen(name));
        buffer_byte(into->out, '=');
}

static void text_add(Parameters *into, const char *name, const char *value, size_t size)
{
        name_add(into, name);
        if (into->body == BODY_JSON)
                json_write_text(into->out, value, size);
        else
                escape_add(into->out, value, size);
}

static void integer_add(Parameters *into, const char *name, int64_t value)
{
        name_add(into, name);
        buffer_integer(into->out, value);
}

/* Whole seconds: what a fraction does to a server is not worth finding out. */
static void time_add(Parameters *into, const char *name, HttpTimeForm form, int64_t ms)
{
        const size_t seconds = strlen("2023-12-05T00:42:10");
        char text[TIME_TEXT_SIZE];

        if (form == TIME_EPOCH_S || form == TIME_EPOCH_MS) {
                integer_add(into, name, form == TIME_EPOCH_S ? ms / SECOND : ms);
                return;
        }
        time_text(form == TIME_SHANGHAI ? ms + SHANGHAI : ms, text);
        if (form == TIME_HOUR) {
                text_add(into, name, text, strlen("2023-12-05T00"));
                return;
        }
        if (form == TIME_SHANGHAI)
                text[strlen("2023-12-05")] = ' ';
        else
                text[seconds] = 'Z';
        text_add(into, name, text, form == TIME_SHANGHAI ? seconds : seconds + 1);
}

/* What the configuration writes as JSON (7, true, {"a":1}, "\"7\"") is JSON; a secret never is. */
static bool is_json(const char *value)
{
        CLEANUP(json_drop) json_t *read = json_loads(value, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);

        return read;
}

static bool table_add(const TextTable *table, const SecretNames *known, Parameters *into, Error *err)
{
        for (size_t i = 0; i < table->size; i++) {
                CLEANUP(secret_free) Buffer value = { 0 };

                if (into->body == BODY_JSON && is_json(table->values[i])) {
                        name_add(into, table->keys[i]);
                        buffer_text(into->out, table->values[i]);
                        continue;
                }
                if (!secret_fill(&value, table->values[i], known, err))
                        return error_add(err, "%s", table->keys[i]);
                text_add(into, table->keys[i], value.bytes ? value.bytes : "", value.size);
        }
        return true;
}

static void object_end(const Parameters *into)
{
        if (into->body == BODY_JSON)
                buffer_text(into->out, into->out->size ? "}" : "{}");
}

static bool parameters_add(const HttpOptions *of, const HttpAsked *asked, Parameters *into, Error *err)
{
        const SecretNames known = names(of, asked->token);

        if (!table_add(&of->form, &known, into, err))
                return false;
        if (of->start_parameter)
                time_add(into, of->start_parameter, (HttpTimeForm)of->time_form, asked->start);
        if (of->end_parameter)
                time_add(into, of->end_parameter, (HttpTimeForm)of->time_form, asked->end);
        if (of->page_parameter)
                integer_add(into, of->page_parameter, of->page_first + asked->page);
        if (of->size_parameter)
                integer_add(into, of->size_parameter, of->page_size);
        object_end(into);
        return true;
}

/* With GET in the query, with POST in the body. */
static bool page_build(const HttpOptions *of, const HttpAsked *asked, Buffer *url, Buffer *body, Error *err)
{
        CLEANUP(secret_free) Buffer query = { 0 };
        Parameters into = { .out = of->method == METHOD_POST ? body : &query, .body = (HttpBody)of->body };
        const char *address = asked->url ? asked->url : of->url;
        size_t base = strcspn(address, "#");

        buffer_add(url, address, base);
        buffer_text(body, "");
        if (asked->url)
                return true;
        if (!parameters_add(of, asked, &into, err))
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

/* Of headers that hold the token a login has none yet. */
static bool is_early(const HttpAsked *asked, const char *value)
{
        return !asked->token && strstr(value, "{token}");
}

static bool is_named(const HttpOptions *of, const char *name)
{
        for (size_t i = 0; i < of->headers.size; i++)
                if (strcasecmp(of->headers.keys[i], name) == 0)
                        return true;
        return false;
}

static bool headers_build(const HttpOptions *of, const HttpAsked *asked, HttpBody body, Headers *headers, Error *err)
{
        const SecretNames known = names(of, asked->token);

        headers->lines = mem_new((of->headers.size + 4) * sizeof(char *));
        for (size_t i = 0; i < of->headers.size; i++) {
                CLEANUP(secret_free) Buffer line = { 0 };

                if (is_early(asked, of->headers.values[i]))
                        continue;
                buffer_format(&line, "%s: ", of->headers.keys[i]);
                if (!secret_fill(&line, of->headers.values[i], &known, err))
                        return error_add(err, "headers: %s", of->headers.keys[i]);
                headers->lines[headers->size++] = text_copy(line.bytes);
        }
        if (body == BODY_JSON && !is_named(of, "Content-Type"))
                headers->lines[headers->size++] = text_copy("Content-Type: application/json");
        if (asked->etag)
                headers->lines[headers->size++] = text_format("If-None-Match: %s", asked->etag);
        if (asked->modified)
                headers->lines[headers->size++] = text_format("If-Modified-Since: %s", asked->modified);
        return true;
}

/* ---- requests ---- */

bool http_ask_page(HttpClient *client, const HttpOptions *of, const HttpAsked *asked, Error *err)
{
        CLEANUP(secret_free) Buffer url = { 0 };
        CLEANUP(secret_free) Buffer body = { 0 };
        CLEANUP(headers_drop) Headers headers = { 0 };
        HttpRequest request = { 0 };

        if (!page_build(of, asked, &url, &body, err) || !headers_build(of, asked, (HttpBody)of->body, &headers, err))
                return false;
        request.url = url.bytes;
        request.body = of->method == METHOD_POST ? body.bytes : NULL;
        request.headers = (const char *const *)headers.lines;
        http_start(client, &request);
        return true;
}

bool http_ask_login(HttpClient *client, const HttpOptions *of, Error *err)
{
        const SecretNames known = names(of, NULL);
        const HttpAsked asked = { 0 };
        CLEANUP(secret_free) Buffer body = { 0 };
        CLEANUP(headers_drop) Headers headers = { 0 };
        Parameters into = { .out = &body, .body = (HttpBody)of->login_body };
        HttpRequest request = { .url = of->login_url };

        buffer_text(&body, "");
        if (!table_add(&of->login_form, &known, &into, err))
                return error_add(err, "login_form");
        object_end(&into);
        if (!headers_build(of, &asked, into.body, &headers, err))
                return false;
        request.body = body.bytes;
        request.headers = (const char *const *)headers.lines;
        http_start(client, &request);
        return true;
}
