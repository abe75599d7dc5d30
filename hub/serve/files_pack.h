#pragma once

/* Bytes as gzip (RFC 1952), over zlib. */

#include "hub/base/buffer.h"

/* out stays empty where packing gains nothing. */
void files_pack(const Buffer *plain, Buffer *out);
