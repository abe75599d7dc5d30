#pragma once

/* Problems as RFC 9457 has them, of requests that never were a call. What a call has wrong: call_problem(), body_wrong(). */

#include "hub/base/memory.h"
#include "hub/http/exchange.h"

#define PROBLEM_TYPE "application/problem+json"

/* Body and type by the answer's status: 400, 413, else 503; id: of the request. */
void problem_of_status(ExchangeAnswer *answer, const char *id, Arena *texts);
