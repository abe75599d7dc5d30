#pragma once

/*
 * Signatures as Standard Webhooks 1.0 has them: webhook-signature holds "v1,BASE64" texts parted by blanks, each HMAC-SHA256 over
 * the raw bytes "ID.TIMESTAMP.BODY"; one of them under one of our secrets is enough, so that either side can change its own.
 * The timestamp is in seconds. An id holds no full stop: else a part of it could pass for a timestamp.
 */

#include "hub/base/error.h"
#include "hub/source/http_push/push_secret.h"

enum { SIGN_ID_MOST = 256 };

typedef struct {
        const char *id, *timestamp, *signature; /* the headers; NULL: not there */
        const char *body;
        size_t size;
} Signed;

/* Judged at `now`, ms. ERR_INPUT: bad_signature; stale_signature for a right one whose time is not ours. */
bool sign_check(const Signed *of, const PushSecrets *secrets, int64_t tolerance_ms, int64_t now, Error *err);
