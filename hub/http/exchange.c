#include "hub/http/exchange_private.h"

#include "hub/base/text.h"
#include "hub/base/time.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PLAIN "text/plain; charset=utf-8"

enum { FIELDS_MOST = 256 };

static const ExchangeHeader come_again[] = { { "Retry-After", "1" }, { 0 } };

Exchange *exchange_new(struct MHD_Connection *connection, const char *method, const char *path)
{
        Exchange *exchange = mem_new(sizeof(Exchange));

        pthread_mutex_init(&exchange->lock, NULL);
        exchange->references = 1;
        exchange->connection = connection;
        exchange->begun = time_monotonic();
        exchange->texts = arena_new();
        exchange->request.method = arena_copy(exchange->texts, method, strlen(method));
        exchange->request.path = arena_copy(exchange->texts, path, strlen(path));
        return exchange;
}

/* The lock is held, and goes. */
void exchange_unlock(Exchange *exchange)
{
        const bool is_last = --exchange->references == 0;

        pthread_mutex_unlock(&exchange->lock);
        if (!is_last)
                return;
        pthread_mutex_destroy(&exchange->lock);
        arena_free(exchange->texts);
        buffer_free(&exchange->body);
        buffer_free(&exchange->told);
        free(exchange);
}

Exchange *exchange_keep(Exchange *exchange)
{
        pthread_mutex_lock(&exchange->lock);
        exchange->references++;
        pthread_mutex_unlock(&exchange->lock);
        return exchange;
}

void exchange_let_go(Exchange *exchange)
{
        if (!exchange)
                return;
        pthread_mutex_lock(&exchange->lock);
        exchange_unlock(exchange);
}

/* ---- what was asked ---- */

typedef struct {
        Arena *texts;
        ExchangeHeader items[FIELDS_MOST + 1];
        size_t size;
} Fields;

static enum MHD_Result field_take(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
        Fields *fields = context;

        (void)kind;
        if (fields->size == FIELDS_MOST)
                return MHD_NO;
        value = value ? value : "";
        fields->items[fields->size++] = (ExchangeHeader){ arena_copy(fields->texts, name, strlen(name)),
                                                          arena_copy(fields->texts, value, strlen(value)) };
        return MHD_YES;
}

static const ExchangeHeader *fields_of(const Exchange *exchange, enum MHD_ValueKind kind)
{
        Fields fields = { .texts = exchange->texts };
        ExchangeHeader *copy;

        MHD_get_connection_values(exchange->connection, kind, field_take, &fields);
        copy = arena_take(exchange->texts, (fields.size + 1) * sizeof(ExchangeHeader));
        memcpy(copy, fields.items, fields.size * sizeof(ExchangeHeader));
        return copy;
}

static const char *peer_of(const Exchange *exchange)
{
        const union MHD_ConnectionInfo *info =
                MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        char text[ADDRESS_TEXT_SIZE];
        Address address = { .size = sizeof(struct sockaddr_in) };

        if (!info || !info->client_addr)
                return "";
        if (info->client_addr->sa_family == AF_INET6)
                address.size = sizeof(struct sockaddr_in6);
        memcpy(&address.bytes, info->client_addr, address.size);
        address_text(&address, text);
        return arena_copy(exchange->texts, text, strlen(text));
}

void exchange_whole(Exchange *exchange)
{
        buffer_add(&exchange->body, "", 0);
        exchange->request.body = exchange->body.bytes;
        exchange->request.size = exchange->body.size;
        exchange->request.headers = fields_of(exchange, MHD_HEADER_KIND);
        exchange->request.arguments = fields_of(exchange, MHD_GET_ARGUMENT_KIND);
        exchange->request.peer = peer_of(exchange);
        exchange->is_taken = true;
        exchange->references++;
}

const ExchangeRequest *exchange_request(const Exchange *exchange)
{
        return &exchange->request;
}

const char *exchange_header(const Exchange *exchange, const char *name)
{
        const ExchangeHeader *header = exchange->request.headers;

        while (header->name && strcasecmp(header->name, name) != 0)
                header++;
        return header->value;
}

/* ---- what is told ---- */

const char *exchange_text(const Exchange *exchange, const char *text)
{
        return text ? arena_copy(exchange->texts, text, strlen(text)) : NULL;
}

const ExchangeHeader *exchange_headers(const Exchange *exchange, const ExchangeHeader *headers)
{
        ExchangeHeader *copy;
        size_t size = 0;

        while (headers && headers[size].name)
                size++;
        copy = arena_take(exchange->texts, (size + 1) * sizeof(ExchangeHeader));
        for (size_t i = 0; i < size; i++)
                copy[i] = (ExchangeHeader){ exchange_text(exchange, headers[i].name),
                                            exchange_text(exchange, headers[i].value) };
        return copy;
}

/* The lock is held. */
static void answer_keep(Exchange *exchange, const ExchangeAnswer *answer)
{
        exchange->answer = (ExchangeAnswer){ .status = answer->status,
                                             .content_type = exchange_text(exchange, answer->content_type),
                                             .headers = exchange_headers(exchange, answer->headers) };
        buffer_add(&exchange->told, answer->body ? answer->body : "", answer->body ? answer->size : 0);
        exchange->is_answered = true;
        if (exchange->connection)
                MHD_resume_connection(exchange->connection);
}

bool exchange_answer(Exchange *exchange, const ExchangeAnswer *answer)
{
        bool is_heard;

        pthread_mutex_lock(&exchange->lock);
        is_heard = exchange->connection && !exchange->is_answered;
        if (is_heard)
                answer_keep(exchange, answer);
        exchange_unlock(exchange);
        return is_heard;
}

static ExchangeAnswer refusal_of(Exchange *exchange, unsigned status, const ExchangesSetup *setup)
{
        ExchangeAnswer answer = { .status = status,
                                  .headers = status == MHD_HTTP_SERVICE_UNAVAILABLE ? come_again : NULL };

        if (setup->refused)
                setup->refused(setup->context, exchange->texts, &answer);
        return answer;
}

void exchange_give_up(Exchange *exchange, const ExchangesSetup *setup)
{
        ExchangeAnswer closing;

        pthread_mutex_lock(&exchange->lock);
        if (!exchange->is_answered) {
                closing = refusal_of(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, setup);
                answer_keep(exchange, &closing);
        } else if (exchange->stream.read) {
                exchange_stream_end(exchange);
        }
        pthread_mutex_unlock(&exchange->lock);
}

void exchange_leave(Exchange *exchange)
{
        bool is_stream;

        pthread_mutex_lock(&exchange->lock);
        exchange->connection = NULL;
        is_stream = exchange->stream.read;
        pthread_mutex_unlock(&exchange->lock);
        if (is_stream)
                exchange->stream.gone(exchange->stream.context);
        pthread_mutex_lock(&exchange->lock);
        exchange_unlock(exchange);
}

static void headers_add(struct MHD_Response *response, const ExchangeHeader *headers)
{
        static const ExchangeHeader ours[] = { { "Cache-Control", "no-store" },
                                               { "X-Content-Type-Options", "nosniff" } };

        for (; headers && headers->name; headers++)
                MHD_add_response_header(response, headers->name, headers->value);
        for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
                if (!MHD_get_response_header(response, ours[i].name))
                        MHD_add_response_header(response, ours[i].name, ours[i].value);
}

/* The body becomes the response's: what malloc gave, its free takes. */
static struct MHD_Response *response_make(Exchange *exchange)
{
        const ExchangeAnswer *answer = &exchange->answer;
        struct MHD_Response *response =
                exchange->stream.read ? exchange_stream_response(exchange)
                                      : MHD_create_response_from_buffer(exchange->told.size, exchange->told.bytes,
                                                                        MHD_RESPMEM_MUST_FREE);

        if (!response)
                return NULL;
        exchange->told = (Buffer){ 0 };
        MHD_add_response_header(response, "Content-Type", answer->content_type ? answer->content_type : PLAIN);
        headers_add(response, answer->headers);
        return response;
}

static enum MHD_Result response_send(Exchange *exchange)
{
        struct MHD_Response *response = response_make(exchange);
        enum MHD_Result result =
                response ? MHD_queue_response(exchange->connection, exchange->answer.status, response) : MHD_NO;

        if (response)
                MHD_destroy_response(response);
        return result;
}

enum MHD_Result exchange_send(Exchange *exchange)
{
        enum MHD_Result result = MHD_YES;

        pthread_mutex_lock(&exchange->lock);
        if (exchange->is_answered)
                result = response_send(exchange);
        else
                MHD_suspend_connection(exchange->connection);
        pthread_mutex_unlock(&exchange->lock);
        return result;
}

enum MHD_Result exchange_refuse(Exchange *exchange, const ExchangesSetup *setup)
{
        struct MHD_Response *response;
        enum MHD_Result result;

        exchange->answer = refusal_of(exchange, exchange->refused, setup);
        buffer_add(&exchange->told, exchange->answer.body ? exchange->answer.body : "",
                   exchange->answer.body ? exchange->answer.size : 0);
        response = response_make(exchange);
        if (!response)
                return MHD_NO;
        if (exchange->refused != MHD_HTTP_UNAUTHORIZED)
                MHD_add_response_header(response, "Connection", "close");
        result = exchange->refused == MHD_HTTP_UNAUTHORIZED
                         ? auth_challenge(&setup->auth, exchange->connection, exchange->is_stale, response)
                         : MHD_queue_response(exchange->connection, exchange->refused, response);
        MHD_destroy_response(response);
        return result;
}
