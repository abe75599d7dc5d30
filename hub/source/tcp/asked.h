#pragma once

/* Which connection each record came from that is not acknowledged yet, in read order; tokens rise by one. */

#include "hub/source/tcp/connection.h"

typedef struct {
        uint64_t token;
        Connection *connection;
        bool is_answered;
} Ask;

typedef struct {
        Ask *items;
        size_t at, size, room; /* items[at] is the oldest */
} Asked;

void asked_add(Asked *asked, uint64_t token, Connection *connection);
Ask *asked_of(const Asked *asked, uint64_t token); /* NULL: settled, or never read */
bool asked_settle(Asked *asked, uint64_t token,
                  Ask *ask); /* the oldest, when it is not newer than token: takes it off */
size_t asked_size(const Asked *asked);
void asked_free(Asked *asked);
