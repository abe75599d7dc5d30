#pragma once

/*
 * An incident's version as a GeoJSON Feature (RFC 7946): geometry is its position, properties are the version of messages.md
 * section 5 without it, and `limit`: from when to when it was to be settled, and the light that this gives now: green,
 * yellow from 80 % of the time, red past it, none without a deadline. One that is closed keeps the light of its closing.
 */

#include "hub/base/error.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* payload is as the outbox has it; feed 0: it has no number yet. Owned; NULL: it is no JSON object, ERR_FATAL. */
json_t *feature_of(const char *payload, size_t size, int64_t feed, int64_t now, Error *err);
json_t *feature_version(const char *payload, size_t size, int64_t feed, Error *err); /* the version itself; owned */
json_t *feature_limit(const json_t *version, int64_t now);                           /* owned */

void json_put_text(json_t *object, const char *key, const char *text); /* NULL is left out */
