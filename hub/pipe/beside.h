#pragma once

/*
 * What a transport carried beside a record's bytes: the key and headers of a Kafka message, the method of a request, its
 * place in the order of the channel. A rejected record keeps it, sealed as its bytes are (a key may be a telephone number),
 * so that a retry is the same record: a tombstone is nothing but its key.
 *
 * Names and values, each followed by a NUL. Headers past BESIDE_MOST bytes are left out, the last ones first.
 */

#include "hub/adapter.h"

enum { BESIDE_MOST = 64 * 1024 };

bool beside_write(Buffer *out, const Record *record); /* false: there is nothing */

/* Into record; its texts are in the arena. False: these bytes are none of ours. */
bool beside_read(const char *bytes, size_t size, Arena *arena, Record *record);
