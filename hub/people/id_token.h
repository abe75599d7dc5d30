#pragma once

/*
 * An ID token of OpenID Connect (Core 1.0, section 3.1.3.7), signed with RS256 or ES256 by a key of the issuer's set (RFC 7517); any other
 * algorithm, "none" among them, is refused. Times may be off by a minute.
 */

#include "hub/base/error.h"

#include <jansson.h>
#include <stdint.h>

typedef struct {
        const char *issuer, *client, *nonce;
        int64_t now; /* ms */
} IdTokenWanted;

/* Its claims, owned; NULL and ERR_INPUT: it is not to be believed. */
json_t *id_token_read(const char *token, const json_t *keys, const IdTokenWanted *wanted, Error *err);
