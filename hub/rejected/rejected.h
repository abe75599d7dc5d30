#pragma once

/*
 * Inside of hub rejected: which rows are meant, the way from a row to its bytes, and the retry. REF is
 * TOPIC/PARTITION/OFFSET, by which a rejected record is known to people.
 */

#include "hub/adapter.h"
#include "hub/tool/tool.h"

typedef struct {
        const char *config, *ref, *instance, *platform, *reason, *since; /* since: as PostgreSQL reads it */
        int64_t max;
        bool open, count, all;
} RejectedOrder;

/* Of the values $1 to $4: instance, platform, reason, since. */
#define REJECTED_FILTER                                                                                                \
        "($1::text IS NULL OR instance = $1) AND ($2::text IS NULL OR platform = $2) AND ($3::text IS NULL OR reason " \
        "= $3) AND ($4::timestamptz IS NULL OR received >= $4::timestamptz)"
#define REJECTED_REF "topic || '/' || partition || '/' || \"offset\""

/* The first columns of a row whose bytes are wanted, in this order. */
enum {
        REJECTED_ROW_REF,
        REJECTED_ROW_STAGE,
        REJECTED_ROW_INSTANCE,
        REJECTED_ROW_RUN,
        REJECTED_ROW_SEQ,
        REJECTED_ROW_SHA256,
        REJECTED_ROW_SIZE,
        REJECTED_ROW_KEY,
        REJECTED_ROW_VALUE,
        REJECTED_ROW_MORE
};
#define REJECTED_COLUMNS REJECTED_REF ", stage, instance, run, seq, sha256, size, key_version, encode(value, 'hex')"

/* The bytes as they were received, opened with the keys of privacy.keys and compared with their SHA-256. */
bool rejected_bytes(const Config *config, const Privacy *privacy, const DbResult *rows, size_t row, Buffer *clear,
                    Error *err);

/* The key and headers of a Kafka message and the like (hub/pipe/beside.h), from the hex of their sealed bytes (NULL: there
 * were none) into record; the texts are in the arena. */
bool rejected_beside(const Privacy *privacy, const DbResult *rows, size_t row, const char *hex, Arena *arena,
                     Record *record, Error *err);
bool rejected_beside_bytes(const Privacy *privacy, const DbResult *rows, size_t row, const char *hex, Buffer *clear,
                           Error *err);                   /* the same as they were sealed; hex is not NULL */
Privacy *rejected_keys(const Config *config, Error *err); /* owned */

/* Translates and publishes again; says what came of it on stdout. An exit code. */
int rejected_retry(const RejectedOrder *order, const Config *config, Db *db);
