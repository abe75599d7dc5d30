#include "hub/rejected/rejected.h"

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/pipe/beside.h"

#include <string.h>

enum { SEALED_MOST = 256 * 1024 * 1024 };

/* What is too large for Kafka lies sealed in the state folder of the instance, on the machine that ran it. */
static bool sealed_read(const Config *config, const DbResult *rows, size_t row, Buffer *sealed, Error *err)
{
        const char *value = db_text(rows, row, REJECTED_ROW_VALUE);
        CLEANUP(mem_drop) char *path = NULL;

        if (value && !hex_read(value, sealed))
                return error_set(err, ERR_FATAL, NULL, "its value cannot be read");
        if (sealed->size || !db_integer(rows, row, REJECTED_ROW_SIZE))
                return true;
        path = text_format("%s/%s/rejected/%s-%s", config->state, db_text(rows, row, REJECTED_ROW_INSTANCE),
                           db_text(rows, row, REJECTED_ROW_RUN), db_text(rows, row, REJECTED_ROW_SEQ));
        if (file_read(sealed, path, SEALED_MOST, err))
                return true;
        err->kind = ERR_RETRY; /* it may lie on another machine */
        return error_add(err, "too large for Kafka, kept by its instance");
}

Privacy *rejected_keys(const Config *config, Error *err)
{
        if (config->privacy.keys)
                return privacy_load(config->privacy.keys, err);
        (void)error_set(err, ERR_FATAL, NULL, "%s: privacy.keys is not set: only its keys open what was rejected",
                        config->path);
        return NULL;
}

static bool bytes_unseal(const Privacy *privacy, const DbResult *rows, size_t row, const char *part,
                         const Buffer *sealed, Buffer *clear, Error *err)
{
        CLEANUP(mem_drop)
        char *extra = text_format("%s:%s:%s%s", db_text(rows, row, REJECTED_ROW_INSTANCE),
                                  db_text(rows, row, REJECTED_ROW_RUN), db_text(rows, row, REJECTED_ROW_SEQ), part);

        if (privacy_unseal(privacy, (int)db_integer(rows, row, REJECTED_ROW_KEY), extra, sealed->bytes, sealed->size,
                           clear, err))
                return true;
        err->kind = ERR_RETRY; /* nothing that was typed is wrong */
        return false;
}

static bool sum_check(const DbResult *rows, size_t row, const Buffer *clear, Error *err)
{
        const char *want = db_text(rows, row, REJECTED_ROW_SHA256);
        char got[SHA256_TEXT_SIZE];

        sha256_text(clear->bytes, clear->size, got);
        return !want || strcmp(want, got) == 0 ||
               error_set(err, ERR_FATAL, NULL, "its bytes do not have the SHA-256 that was noted");
}

bool rejected_bytes(const Config *config, const Privacy *privacy, const DbResult *rows, size_t row, Buffer *clear,
                    Error *err)
{
        CLEANUP(buffer_free) Buffer sealed = { 0 };
        const bool is_sealed = db_text(rows, row, REJECTED_ROW_KEY) != NULL;

        buffer_clear(clear);
        buffer_add(clear, "", 0);
        return sealed_read(config, rows, row, is_sealed ? &sealed : clear, err) &&
               (!is_sealed || bytes_unseal(privacy, rows, row, "", &sealed, clear, err)) &&
               sum_check(rows, row, clear, err);
}

bool rejected_beside_bytes(const Privacy *privacy, const DbResult *rows, size_t row, const char *hex, Buffer *clear,
                           Error *err)
{
        CLEANUP(buffer_free) Buffer sealed = { 0 };

        if (!hex_read(hex, &sealed))
                return error_set(err, ERR_FATAL, NULL, "what came beside it cannot be read");
        return bytes_unseal(privacy, rows, row, ":beside", &sealed, clear, err) ||
               error_add(err, "what came beside it");
}

bool rejected_beside(const Privacy *privacy, const DbResult *rows, size_t row, const char *hex, Arena *arena,
                     Record *record, Error *err)
{
        CLEANUP(buffer_free) Buffer clear = { 0 };

        if (!hex)
                return true;
        return rejected_beside_bytes(privacy, rows, row, hex, &clear, err) &&
               (beside_read(clear.bytes, clear.size, arena, record) ||
                error_set(err, ERR_FATAL, NULL, "what came beside it cannot be read"));
}
