#pragma once

/*
 * What signed requests were told, so that one that comes again within the time in which its signature is good is told the same
 * and is no record again: a peer that did not hear us, or somebody who recorded it. In memory: after a restart it is read
 * once more, and its events have the ids that they had. Of an id with other bytes nothing is known. Of one thread at a time.
 */

#include "hub/base/crypto.h"
#include "hub/http/exchange.h"

#include <stdbool.h>

typedef struct PushSeen PushSeen;

enum { SEEN_MOST = 65536, SEEN_BODY_MOST = 1024 }; /* of more the oldest is forgotten; larger answers are not kept */

PushSeen *push_seen_new(int64_t keep_ms);
void push_seen_add(PushSeen *seen, const char *id, const uint8_t digest[SHA256_SIZE], const ExchangeAnswer *answer);
const ExchangeAnswer *push_seen_get(PushSeen *seen, const char *id, const uint8_t digest[SHA256_SIZE]); /* or NULL */
void push_seen_free(PushSeen *seen);
