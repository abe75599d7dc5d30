#include "hub/source/http/http_client.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/source/http/http_gzip.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_MS = 10 * 1000, CONNECTION_LIFE_S = 300, RETRY_AFTER_MOST_S = 24 * 3600 };

struct HttpClient {
        CURLM *multi;
        CURL *easy;
        int64_t byte_cap;
        bool running, overflow, plain; /* plain: HTTP, so only this machine */
        char *shown;                   /* the URL, for errors */
        struct curl_slist *headers;
        HttpAnswer answer;
        char trouble[CURL_ERROR_SIZE];
};

/* ---- what libcurl calls ---- */

static size_t body_take(char *bytes, size_t one, size_t size, void *context)
{
        HttpClient *client = context;

        (void)one;
        client->overflow = (int64_t)(client->answer.body.size + size) > client->byte_cap;
        if (client->overflow)
                return 0;
        buffer_add(&client->answer.body, bytes, size);
        return size;
}

static bool is_here(const struct sockaddr *address)
{
        const void *bytes = address;
        const struct sockaddr_in *four = bytes;
        const struct sockaddr_in6 *six = bytes;

        if (address->sa_family == AF_INET)
                return ntohl(four->sin_addr.s_addr) >> 24 == 127;
        return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

/* "localhost" is what the resolver says it is: over HTTP the address itself must be this machine. */
static curl_socket_t socket_new(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
        const HttpClient *client = context;

        (void)purpose;
        if (client->plain && !is_here(&address->addr))
                return CURL_SOCKET_BAD;
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- open ---- */

static void options_set_once(HttpClient *client, const HttpSetup *setup)
{
        CURL *easy = client->easy;

        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
        curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
        curl_easy_setopt(easy, CURLOPT_USERAGENT, "hub/" HUB_VERSION);
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)setup->timeout_ms);
        curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFE_S);
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->trouble);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_take);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, client);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, socket_new);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, client);
        if (setup->ca_file)
                curl_easy_setopt(easy, CURLOPT_CAINFO, setup->ca_file);
}

HttpClient *http_open(const HttpSetup *setup)
{
        HttpClient *client = mem_new(sizeof(HttpClient));

        client->byte_cap = setup->byte_cap;
        client->multi = curl_multi_init();
        client->easy = curl_easy_init();
        if (!client->multi || !client->easy)
                abort();
        options_set_once(client, setup);
        return client;
}

/* ---- ask ---- */

static void answer_clear(HttpAnswer *answer)
{
        buffer_clear(&answer->body);
        mem_drop(&answer->content_type);
        mem_drop(&answer->etag);
        mem_drop(&answer->modified);
        mem_drop(&answer->location);
        answer->status = 0;
        answer->date_ms = TIME_NONE;
        answer->wait_ms = -1;
}

static void request_end(HttpClient *client)
{
        if (client->running)
                curl_multi_remove_handle(client->multi, client->easy);
        client->running = false;
        curl_slist_free_all(client->headers);
        client->headers = NULL;
}

static void headers_set(HttpClient *client, const char *const *headers)
{
        for (; headers && *headers; headers++)
                client->headers = curl_slist_append(client->headers, *headers);
        curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, client->headers);
}

void http_start(HttpClient *client, const HttpRequest *request)
{
        CURL *easy = client->easy;

        request_end(client);
        answer_clear(&client->answer);
        mem_drop(&client->shown);
        client->shown = http_url_public(request->url);
        client->plain = text_starts(client->shown, "http://");
        client->overflow = false;
        client->trouble[0] = '\0';
        curl_easy_setopt(easy, CURLOPT_URL, request->url);
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, client->plain ? "http" : "https");
        if (request->body)
                curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body);
        else
                curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
        headers_set(client, request->headers);
        curl_multi_add_handle(client->multi, easy);
        client->running = true;
}

/* ---- wait ---- */

static char *header_get(const HttpClient *client, const char *name)
{
        struct curl_header *header;

        if (curl_easy_header(client->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
                return NULL;
        return text_copy(header->value);
}

int64_t http_retry_after(const char *text, int64_t now)
{
        const int64_t most = INT64_C(1000) * RETRY_AFTER_MOST_S;
        int64_t seconds, until;
        Error unread;

        if (text[0] >= '0' && text[0] <= '9' && text_read_integer(text, &seconds))
                return seconds < RETRY_AFTER_MOST_S ? 1000 * seconds : most;
        if (!strchr(text, ',') || !time_read(text, &until, NULL, &unread))
                return -1;
        if (until <= now)
                return 0;
        return until - now < most ? until - now : most;
}

static void answer_take(HttpClient *client)
{
        CLEANUP(mem_drop) char *date = header_get(client, "Date");
        CLEANUP(mem_drop) char *after = header_get(client, "Retry-After");
        HttpAnswer *answer = &client->answer;
        Error unread;

        curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &answer->status);
        answer->content_type = header_get(client, "Content-Type");
        answer->etag = header_get(client, "ETag");
        answer->modified = header_get(client, "Last-Modified");
        answer->location = header_get(client, "Location");
        if (!date || !time_read(date, &answer->date_ms, NULL, &unread))
                answer->date_ms = TIME_NONE;
        if (after)
                answer->wait_ms = http_retry_after(after, answer->date_ms == TIME_NONE ? time_now() : answer->date_ms);
}

static bool body_unpack(HttpClient *client, Error *err)
{
        Buffer *body = &client->answer.body;

        if (!gzip_undo(body, client->byte_cap, err))
                return error_add(err, "%s", client->shown);
        buffer_room(body, 1);
        body->bytes[body->size] = '\0';
        return true;
}

static HttpResult result_take(HttpClient *client, CURLcode code, Error *err)
{
        if (code == CURLE_OK)
                answer_take(client);
        request_end(client);
        if (code == CURLE_OK)
                return body_unpack(client, err) ? HTTP_ANSWERED : HTTP_FAILED;
        if (client->overflow)
                error_set(err, ERR_RETRY, NULL, "%s: more than byte_cap (%lld bytes)", client->shown,
                          (long long)client->byte_cap);
        else
                error_set(err, ERR_RETRY, NULL, "%s: %s", client->shown,
                          client->trouble[0] ? client->trouble : curl_easy_strerror(code));
        return HTTP_FAILED;
}

HttpResult http_wait(HttpClient *client, int wait_ms, Error *err)
{
        int running = 0, left;
        const CURLMsg *message;

        curl_multi_perform(client->multi, &running);
        if (running && wait_ms > 0) {
                curl_multi_poll(client->multi, NULL, 0, wait_ms, NULL);
                curl_multi_perform(client->multi, &running);
        }
        while ((message = curl_multi_info_read(client->multi, &left)))
                if (message->msg == CURLMSG_DONE)
                        return result_take(client, message->data.result, err);
        return HTTP_BUSY;
}

const HttpAnswer *http_answer(const HttpClient *client)
{
        return &client->answer;
}

void http_forget(HttpClient *client)
{
        curl_easy_setopt(client->easy, CURLOPT_COOKIELIST, "ALL");
}

void http_close(HttpClient *client)
{
        if (!client)
                return;
        request_end(client);
        curl_easy_cleanup(client->easy);
        curl_multi_cleanup(client->multi);
        answer_clear(&client->answer);
        buffer_free(&client->answer.body);
        free(client->shown);
        free(client);
}
