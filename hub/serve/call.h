#pragma once

/*
 * One request from its head to its answer. A route's answer() reads request, parameters and arguments, and makes the answer
 * here: status, headers, body. What it says last is what is told. It may instead take the exchange over with call_take(), and
 * whoever has it then answers it once, from any thread.
 *
 * All texts of the request are UTF-8 and its arguments stand in the route's list, each once: call_open() has seen to it.
 */

#include "hub/base/buffer.h"
#include "hub/base/memory.h"
#include "hub/db/db.h"
#include "hub/http/exchange.h"
#include "hub/serve/door/person.h"
#include "hub/serve/route.h"
#include "hub/serve/serve.h"

#include <jansson.h>

enum { CALL_ID_SIZE = 17, CALL_HEADERS_MOST = 12 };

struct Call {
        Serve *serve;
        Exchange *exchange;
        const ExchangeRequest *request; /* until call_end() */
        RouteFound found;
        const Person *person; /* NULL only where the route is for ROLE_NOBODY */
        Db *db;               /* this worker's; NULL: the route is ROUTE_DIRECT or ROUTE_NO_DATABASE */
        Arena *arena;
        char id[CALL_ID_SIZE]; /* of the request, as X-Request-Id */
        int64_t begun;         /* monotonic */

        unsigned status;
        const char *content_type;
        ExchangeHeader headers[CALL_HEADERS_MOST + 1];
        size_t headers_size;
        Buffer body;
        bool is_taken;
};

/* ---- for answers ---- */

const char *call_parameter(const Call *call, const char *name); /* "id" of "{id}", "*"; from the arena; NULL: none */
const char *call_argument(const Call *call, const char *name);  /* of the query; NULL: not given */
const char *call_header(const Call *call, const char *name);    /* of the request */

void call_tell(Call *call, const char *name, const char *value);       /* a header of the answer; copied */
void call_json(Call *call, unsigned status, json_t *json);             /* takes json over */
void call_body(Call *call, unsigned status, const char *content_type); /* call->body is what is told */
Exchange *call_take(Call *call);

/* ---- problems: RFC 9457 (hub/serve/problem.c has the list of slugs); return false, as error_set() does ---- */

bool call_problem(Call *call, unsigned status, const char *slug, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
bool call_wrong(Call *call, const char *parameter, const char *format, ...)
        __attribute__((format(printf, 3, 4)));   /* 400: an argument is */
bool call_trouble(Call *call, const Error *err); /* what PostgreSQL or Kafka said: 503 when it is away */

/* ---- for the skeleton ---- */

Call *call_new(Serve *serve, Exchange *exchange);
bool call_open(Call *call); /* finds the route and who asks; false: the answer is a problem */
bool call_wants_database(const Call *call);
void call_run(Call *call);
void call_end(Call *call);                          /* answers, unless it was taken; frees */
void call_refuse(Serve *serve, Exchange *exchange); /* 503, come again */
/* The same for one of which no call is made: its status says why. Texts from the arena. */
void call_turn_away(Serve *serve, Arena *texts, ExchangeAnswer *answer);
