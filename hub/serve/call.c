#include "hub/serve/call.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/serve/count.h"
#include "hub/serve/door/guard.h"
#include "hub/serve/problem.h"

#include <stdlib.h>
#include <string.h>

#define JSON_TYPE "application/json; charset=utf-8"

enum { BUSY = 503, ID_BYTES = (CALL_ID_SIZE - 1) / 2 };

/* ---- what was asked ---- */

const char *call_parameter(const Call *call, const char *name)
{
        const RouteParts *parts = &call->found.parts;

        for (size_t i = 0; i < parts->size; i++) {
                const char *form = parts->names[i] + (parts->names[i][0] == '{');
                const size_t size = strcspn(form, "}");

                if (strlen(name) == size && strncmp(form, name, size) == 0)
                        return arena_copy(call->arena, parts->begins[i], parts->sizes[i]);
        }
        return NULL;
}

const char *call_argument(const Call *call, const char *name)
{
        const ExchangeHeader *argument = call->request->arguments;

        while (argument->name && !text_same(argument->name, name))
                argument++;
        return argument->value;
}

const char *call_header(const Call *call, const char *name)
{
        return exchange_header(call->exchange, name);
}

/* ---- what is told ---- */

void call_tell(Call *call, const char *name, const char *value)
{
        if (call->headers_size == CALL_HEADERS_MOST)
                abort();
        call->headers[call->headers_size++] = (ExchangeHeader){ arena_copy(call->arena, name, strlen(name)),
                                                                arena_copy(call->arena, value, strlen(value)) };
}

void call_json(Call *call, unsigned status, json_t *json)
{
        buffer_clear(&call->body);
        json_write_value(&call->body, json);
        json_decref(json);
        call_body(call, status, JSON_TYPE);
}

void call_body(Call *call, unsigned status, const char *content_type)
{
        call->status = status;
        call->content_type = content_type;
}

Exchange *call_take(Call *call)
{
        call->is_taken = true;
        return call->exchange;
}

/* ---- the way of a request ---- */

static void id_make(char text[CALL_ID_SIZE])
{
        unsigned char id[ID_BYTES];

        random_bytes(id, sizeof(id));
        hex_text(id, sizeof(id), text);
}

Call *call_new(Serve *serve, Exchange *exchange)
{
        Call *call = mem_new(sizeof(Call));

        id_make(call->id);
        call->serve = serve;
        call->exchange = exchange;
        call->request = exchange_request(exchange);
        call->arena = arena_new();
        call->begun = time_monotonic();
        return call;
}

static bool is_listed(const Route *route, const char *name)
{
        for (size_t i = 0; route->arguments && route->arguments[i]; i++)
                if (text_same(route->arguments[i], name))
                        return true;
        return false;
}

static bool arguments_check(Call *call)
{
        const ExchangeHeader *first = call->request->arguments;

        for (const ExchangeHeader *at = first; at->name; at++) {
                if (!text_is_utf8(at->name, strlen(at->name)) || !text_is_utf8(at->value, strlen(at->value)))
                        return call_problem(call, 400, "bad-argument", "the query is no UTF-8");
                if (!is_listed(call->found.route, at->name))
                        return call_wrong(call, at->name, "no such argument here");
                for (const ExchangeHeader *other = first; other < at; other++)
                        if (text_same(other->name, at->name))
                                return call_wrong(call, at->name, "given twice; several values are parted by commas");
        }
        return true;
}

static bool route_miss(Call *call)
{
        const RouteFound *found = &call->found;

        if (!found->is_known)
                return call_problem(call, 404, "not-found", "there is nothing here");
        call_tell(call, "Allow",
                  arena_format(call->arena, "%s%s%s%s%s", found->allow[0], found->allow[1] ? ", " : "",
                               found->allow[1] ? found->allow[1] : "", found->allow[2] ? ", " : "",
                               found->allow[2] ? found->allow[2] : ""));
        return call_problem(call, 405, "bad-method", "not with this method");
}

static bool person_check(Call *call)
{
        const Role least = call->found.route->least;

        call->person = person_of(call);
        if (!guard_person(call))
                return false;
        if (call->person ? call->person->role >= least : least == ROLE_NOBODY)
                return true;
        if (!call->person)
                return call_problem(call, 401, "unauthenticated", "log in first, or bring a key");
        return call_problem(call, 403, "forbidden", "a %s may not do this", role_name(call->person->role));
}

bool call_open(Call *call)
{
        const char *path = call->request->path;

        if (!text_is_utf8(path, strlen(path)))
                return call_problem(call, 400, "bad-argument", "the path is no UTF-8");
        call->headers_size = 0;
        if (!guard_way(call))
                return false;
        call->found = route_find(routes, call->request->method, path);
        if (!call->found.route)
                return route_miss(call);
        return person_check(call) && arguments_check(call);
}

bool call_wants_database(const Call *call)
{
        return !(call->found.route->flags & (ROUTE_DIRECT | ROUTE_NO_DATABASE));
}

void call_run(Call *call)
{
        call->found.route->answer(call);
        if (!call->is_taken && !call->status)
                (void)call_problem(call, 500, "internal", "the route gave no answer");
}

static void call_answer(Call *call)
{
        call_tell(call, "X-Request-Id", call->id);
        (void)exchange_answer(call->exchange, &(ExchangeAnswer){ .status = call->status,
                                                                 .content_type = call->content_type,
                                                                 .body = call->body.bytes,
                                                                 .size = call->body.size,
                                                                 .headers = call->headers });
}

void call_end(Call *call)
{
        if (!call->is_taken) {
                call_answer(call);
                count_request(call->serve->metrics, call->found.route ? call->found.route->path : "none", call->status,
                              time_monotonic() - call->begun);
        }
        arena_free(call->arena);
        buffer_free(&call->body);
        free(call);
}

void call_refuse(Serve *serve, Exchange *exchange)
{
        Call *call = call_new(serve, exchange);

        call->found = route_find(routes, call->request->method, call->request->path);
        call_tell(call, "Retry-After", "1");
        (void)call_problem(call, BUSY, "busy", "as many requests wait as may");
        call_end(call);
}

void call_turn_away(Serve *serve, Arena *texts, ExchangeAnswer *answer)
{
        const ExchangeHeader headers[] = { { "X-Request-Id", NULL }, { "Retry-After", "1" }, { 0 } };
        ExchangeHeader *told = arena_take(texts, sizeof(headers));
        char id[CALL_ID_SIZE];

        id_make(id);
        memcpy(told, headers, sizeof(headers));
        told[0].value = arena_copy(texts, id, strlen(id));
        if (answer->status != BUSY)
                told[1] = (ExchangeHeader){ 0 };
        answer->headers = told;
        problem_of_status(answer, id, texts);
        count_request(serve->metrics, "none", answer->status, 0);
}
