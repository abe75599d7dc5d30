#pragma once

/* What the body of POST /v1/commands asks for, and what it means in the log: a command that names events. */

#include "hub/operate/operate.h"
#include "hub/serve/call.h"

typedef struct {
        Command command; /* its texts stand in the arena, and in args and note */
        Buffer args, note;
        char rules[65];
        const char *incident; /* whose version If-Match names: the one, or the survivor; NULL: of an undo */
} Wish;

bool wish_read(Call *call, const json_t *body, Wish *wish); /* false: the answer is a problem */
void wish_free(Wish *wish);                                 /* also for CLEANUP */
