#pragma once

/*
 * Bodies that are gzip (RFC 1952) though no Content-Encoding said so, or that still are once it was undone: some servers keep
 * their answers packed, some proxies pack twice. Over zlib.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <stdint.h>

/*
 * What begins as gzip is replaced by what is in it; anything else stays as it is. Cut, broken, or more than
 * byte_cap when unpacked: ERR_RETRY; no more than that is ever unpacked.
 */
bool gzip_undo(Buffer *body, int64_t byte_cap, Error *err);
