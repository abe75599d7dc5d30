#include "hub/source/http_client.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/secret.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

enum { CONNECT_MS = 10000, CONNECTION_LIFE_S = 600, RETRY_AFTER_MOST_S = 3600 };

struct HttpClient {
        const HttpOptions *options;
        Buffer password;
        CURL *curl;
        struct curl_slist *headers;
        char reason[CURL_ERROR_SIZE];
        size_t cap;
        bool over_cap;
};

typedef struct {
        HttpClient *client;
        HttpReply *reply;
} Transfer;

static size_t body_take(char *bytes, size_t size, size_t count, void *context)
{
        Transfer *transfer = context;

        if (transfer->reply->body.size + size * count > transfer->client->cap) {
                transfer->client->over_cap = true;
                return 0;
        }
        buffer_add(&transfer->reply->body, bytes, size * count);
        return size * count;
}

/* The value of a header line if it has this name: borrowed, ends trimmed into out. */
static bool header_is(const char *line, size_t size, const char *name, char *out, size_t room)
{
        const size_t length = strlen(name);

        if (size <= length || line[length] != ':' || strncasecmp(line, name, length) != 0)
                return false;
        const char *from = line + length + 1, *to = line + size;
        while (from < to && (*from == ' ' || *from == '\t'))
                from++;
        while (to > from && (to[-1] == '\r' || to[-1] == '\n' || to[-1] == ' '))
                to--;
        snprintf(out, room, "%.*s", (int)(to - from), from);
        return true;
}

/* RFC 9110 section 10.2.3: seconds, or a date. */
static int64_t retry_after_read(const char *text)
{
        int64_t seconds;

        if (!text_read_integer(text, &seconds)) {
                const time_t at = curl_getdate(text, NULL);

                if (at < 0)
                        return -1;
                seconds = (int64_t)at - time_now() / 1000;
        }
        return (seconds < 0 ? 0 : seconds > RETRY_AFTER_MOST_S ? RETRY_AFTER_MOST_S : seconds) * 1000;
}

static size_t header_take(char *line, size_t size, size_t count, void *context)
{
        HttpReply *reply = ((Transfer *)context)->reply;
        char value[128];

        if (header_is(line, size * count, "Date", value, sizeof value)) {
                const time_t at = curl_getdate(value, NULL);

                reply->date_ms = at < 0 ? TIME_NONE : (int64_t)at * 1000;
        }
        if (header_is(line, size * count, "Retry-After", value, sizeof value))
                reply->retry_after_ms = retry_after_read(value);
        header_is(line, size * count, "Content-Type", reply->content_type, sizeof reply->content_type);
        header_is(line, size * count, "ETag", reply->etag, sizeof reply->etag);
        return size * count;
}

/* A name that was loopback when it was checked must still be when it is used. */
static curl_socket_t socket_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
        const struct sockaddr *peer = &address->addr;
        bool fine = false;

        (void)context;
        (void)purpose;
        if (peer->sa_family == AF_INET) {
                struct sockaddr_in four;

                memcpy(&four, peer, sizeof four);
                fine = ntohl(four.sin_addr.s_addr) >> 24 == 127;
        } else if (peer->sa_family == AF_INET6) {
                struct sockaddr_in6 six;

                memcpy(&six, peer, sizeof six);
                fine = IN6_IS_ADDR_LOOPBACK(&six.sin6_addr);
        }
        return fine ? socket(address->family, address->socktype, address->protocol) : CURL_SOCKET_BAD;
}

static bool header_add(HttpClient *client, const char *name, const char *value, Error *err)
{
        CLEANUP(mem_drop) char *line = text_format("%s: %s", name, value);

        if (strpbrk(value, "\r\n"))
                return error_set(err, ERR_FATAL, NULL, "header %s: holds a line end", name);
        client->headers = curl_slist_append(client->headers, line);
        return true;
}

static bool headers_make(HttpClient *client, Error *err)
{
        const HttpOptions *options = client->options;

        for (size_t i = 0; i < options->headers.size; i++)
                if (!header_add(client, options->headers.keys[i], options->headers.values[i], err))
                        return false;
        for (size_t i = 0; i < options->header_files.size; i++) {
                CLEANUP(secret_free) Buffer value = { 0 };

                if (!secret_read(&value, options->header_files.values[i], err) ||
                    !header_add(client, options->header_files.keys[i], value.bytes, err))
                        return false;
        }
        return true;
}

HttpClient *http_client_open(const HttpOptions *options, Error *err)
{
        HttpClient *client = mem_new(sizeof *client);

        client->options = options;
        client->cap = (size_t)options->byte_cap;
        client->curl = curl_easy_init();
        if ((options->password_file && !secret_read(&client->password, options->password_file, err)) || !headers_make(client, err)) {
                http_client_close(client);
                return NULL;
        }
        curl_easy_setopt(client->curl, CURLOPT_COOKIEFILE, "");
        return client;
}

void http_client_close(HttpClient *client)
{
        if (!client)
                return;
        curl_easy_cleanup(client->curl);
        curl_slist_free_all(client->headers);
        secret_free(&client->password);
        free(client);
}

static void transfer_set(HttpClient *client, Transfer *transfer, const char *url)
{
        CURL *curl = client->curl;
        const HttpOptions *options = client->options;

        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, http_is_loopback(url) ? "http,https" : "https");
        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
        curl_easy_setopt(curl, CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFE_S);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->reason);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_take);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
        curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, header_take);
        curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer);
        curl_easy_setopt(curl, CURLOPT_USERAGENT, "hub/" HUB_VERSION);
        if (text_starts(url, "http://"))
                curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, socket_open);
        if (options->user && !options->login_url) {
                curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
                curl_easy_setopt(curl, CURLOPT_USERNAME, options->user);
                curl_easy_setopt(curl, CURLOPT_PASSWORD, client->password.bytes);
        }
}

static void reply_reset(HttpReply *reply)
{
        buffer_clear(&reply->body);
        buffer_text(&reply->body, "");
        *reply = (HttpReply){ .body = reply->body, .date_ms = TIME_NONE, .retry_after_ms = -1 };
}

/* The host that a redirect names: a session that moved, a captive portal. */
static bool redirect_tell(HttpClient *client, Error *err)
{
        char *target = NULL;

        curl_easy_getinfo(client->curl, CURLINFO_REDIRECT_URL, &target);
        const char *host = target ? strstr(target, "://") : NULL;
        host = host ? host + 3 : "?";
        return error_set(err, ERR_RETRY, NULL, "sends us on to %.*s, where we do not go", (int)strcspn(host, "/?"), host);
}

static bool perform(HttpClient *client, const char *url, HttpReply *reply, Error *err)
{
        Transfer transfer = { client, reply };

        reply_reset(reply);
        client->over_cap = false;
        client->reason[0] = 0;
        transfer_set(client, &transfer, url);
        const CURLcode code = curl_easy_perform(client->curl);
        const int shown = (int)strcspn(url, "?");
        if (client->over_cap)
                return error_set(err, ERR_RETRY, NULL, "%.*s: the reply is over %zu bytes (byte_cap)", shown, url, client->cap);
        if (code != CURLE_OK)
                return error_set(err, ERR_RETRY, NULL, "%.*s: %s", shown, url, *client->reason ? client->reason : curl_easy_strerror(code));
        curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &reply->status);
        if (reply->status >= 300 && reply->status < 400 && reply->status != 304) {
                redirect_tell(client, err);
                return error_add(err, "%.*s", shown, url);
        }
        return true;
}

static void parameters_write(HttpClient *client, Buffer *out, const TextTable *table)
{
        for (size_t i = 0; i < table->size; i++) {
                char *key = curl_easy_escape(client->curl, table->keys[i], 0), *value = curl_easy_escape(client->curl, table->values[i], 0);

                buffer_format(out, "%s%s=%s", out->size ? "&" : "", key, value);
                curl_free(key);
                curl_free(value);
        }
}

static bool post(HttpClient *client, const char *url, const Buffer *form, HttpReply *reply, Error *err)
{
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE, (long)form->size);
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, form->bytes ? form->bytes : "");
        const bool fine = perform(client, url, reply, err);
        curl_easy_setopt(client->curl, CURLOPT_HTTPGET, 1L);
        return fine;
}

bool http_client_login(HttpClient *client, HttpReply *reply, Error *err)
{
        const HttpOptions *options = client->options;
        char *keys[] = { options->user_field, options->password_field }, *values[] = { options->user, client->password.bytes };
        const TextTable secret = { keys, values, 2 };
        CLEANUP(buffer_free) Buffer form = { 0 };

        curl_easy_setopt(client->curl, CURLOPT_COOKIELIST, "ALL");
        parameters_write(client, &form, &options->login_form);
        parameters_write(client, &form, &secret);
        curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
        if (!post(client, options->login_url, &form, reply, err))
                return false;
        if (reply->status < 200 || reply->status > 299)
                return error_set(err, ERR_RETRY, NULL, "%s: login refused with status %ld", options->login_url, reply->status);
        return true;
}

bool http_client_ask(HttpClient *client, const TextTable *parameters, const char *etag, HttpReply *reply, Error *err)
{
        const HttpOptions *options = client->options;
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(mem_drop) char *match = etag && *etag ? text_format("If-None-Match: %s", etag) : NULL;
        struct curl_slist *headers = NULL;
        bool fine;

        parameters_write(client, &text, &options->form);
        parameters_write(client, &text, parameters);
        for (const struct curl_slist *one = client->headers; one; one = one->next)
                headers = curl_slist_append(headers, one->data);
        if (match)
                headers = curl_slist_append(headers, match);
        curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
        if (options->method == HTTP_POST) {
                fine = post(client, options->url, &text, reply, err);
        } else {
                CLEANUP(mem_drop) char *url = text_format("%s%s%s", options->url, text.size ? strchr(options->url, '?') ? "&" : "?" : "",
                                                          text.size ? text.bytes : "");

                fine = perform(client, url, reply, err);
        }
        curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
        curl_slist_free_all(headers);
        return fine;
}

void http_reply_free(HttpReply *reply)
{
        buffer_free(&reply->body);
}
