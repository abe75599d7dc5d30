#pragma once

/* A request's body: one JSON object, said to be JSON, which no page of another origin can send without asking first. */

#include "hub/serve/call.h"

json_t *body_read(Call *call); /* owned; NULL: the answer is a problem */
/* 400: a member is wrong; pointer as RFC 6901 has it, "" the whole. Returns false. */
bool body_wrong(Call *call, const char *pointer, const char *format, ...) __attribute__((format(printf, 3, 4)));
