#include "hub/source/http_push/push_secret.h"

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <errno.h>
#include <string.h>

enum { LOOK_MS = 1000, FILE_MOST = 16 * 1024, KEY_LEAST = 16 };

#define PREFIX "whsec_"

static void lines_free(PushSecrets *secrets)
{
        for (size_t i = 0; i < secrets->size; i++)
                secret_free(&secrets->lines[i]);
        secrets->size = 0;
}

void push_secrets_free(PushSecrets *secrets)
{
        lines_free(secrets);
}

/* Some hand it out without its padding. */
static bool key_read(const char *text, size_t size, Buffer *into)
{
        CLEANUP(secret_free) Buffer padded = { 0 };

        buffer_room(&padded, size + 4);
        buffer_add(&padded, text, size);
        while (padded.size % 4)
                buffer_byte(&padded, '=');
        return base64_read(padded.bytes, padded.size, into);
}

static bool line_take(PushSecrets *secrets, const char *line, size_t size, Error *err)
{
        const size_t prefix = strlen(PREFIX);
        Buffer *into = &secrets->lines[secrets->size];

        if (secrets->size == PUSH_SECRETS_MOST)
                return error_set(err, ERR_FATAL, NULL, "%s: more than %d secrets", secrets->path, PUSH_SECRETS_MOST);
        *into = (Buffer){ 0 };
        buffer_room(into, size + 1);
        if (!secrets->is_key) {
                buffer_add(into, line, size);
        } else {
                const bool has_prefix = size > prefix && memcmp(line, PREFIX, prefix) == 0;

                if (has_prefix) {
                        line += prefix;
                        size -= prefix;
                }
                if (!key_read(line, size, into) || into->size < KEY_LEAST) {
                        secret_free(into);
                        return error_set(err, ERR_FATAL, NULL,
                                         "%s: line %zu is no " PREFIX "BASE64 of %d bytes at least", secrets->path,
                                         secrets->size + 1, KEY_LEAST);
                }
        }
        secrets->size++;
        return true;
}

static bool lines_take(PushSecrets *secrets, const char *at, Error *err)
{
        while (*at) {
                const size_t size = strcspn(at, "\r\n");

                for (size_t i = 0; i < size; i++)
                        if ((unsigned char)at[i] < ' ' || at[i] == 0x7f)
                                return error_set(err, ERR_FATAL, NULL, "%s: a control byte", secrets->path);
                if (size && !line_take(secrets, at, size, err))
                        return false;
                at += size + (at[size] != '\0');
        }
        return secrets->size || error_set(err, ERR_FATAL, NULL, "%s: holds no secret", secrets->path);
}

bool push_secrets_read(PushSecrets *secrets, Error *err)
{
        CLEANUP(secret_free) Buffer text = { 0 };
        PushSecrets fresh = { .path = secrets->path, .is_key = secrets->is_key };

        buffer_room(&text, (size_t)128 * 1024); /* more than file_read() asks for: growing would leave copies behind */
        if (stat(secrets->path, &fresh.status) < 0)
                return error_set(err, file_trouble(errno), NULL, "%s: %s", secrets->path, strerror(errno));
        secrets->status = fresh.status;
        if (!secret_is_private(secrets->path, err) || !file_read(&text, secrets->path, FILE_MOST, err))
                return false;
        if (memchr(text.bytes, 0, text.size))
                return error_set(err, ERR_FATAL, NULL, "%s: a NUL byte", secrets->path);
        if (!lines_take(&fresh, text.bytes, err)) {
                lines_free(&fresh);
                return false;
        }
        lines_free(secrets);
        memcpy(secrets->lines, fresh.lines, sizeof(fresh.lines));
        secrets->size = fresh.size;
        return true;
}

static bool is_changed(const struct stat *was, const struct stat *is)
{
        return was->st_ino != is->st_ino || was->st_dev != is->st_dev || was->st_size != is->st_size ||
               was->st_mtim.tv_sec != is->st_mtim.tv_sec || was->st_mtim.tv_nsec != is->st_mtim.tv_nsec ||
               was->st_mode != is->st_mode;
}

void push_secrets_look(PushSecrets *secrets)
{
        struct stat status;
        Error err = { 0 };

        if (!secrets->path || time_monotonic() < secrets->look_at)
                return;
        secrets->look_at = time_monotonic() + LOOK_MS;
        if (stat(secrets->path, &status) == 0 && !is_changed(&secrets->status, &status))
                return;
        if (push_secrets_read(secrets, &err))
                log_info("secrets read again", LOG_TEXT("file", secrets->path),
                         LOG_NUMBER("secrets", (int64_t)secrets->size));
        else
                log_limited(LOG_ERROR, "secrets are wrong, the old ones stay",
                            (LogKey[]){ LOG_TEXT("why", err.text), { 0 } });
}
