#include "hub/base/secret.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SECRET_MOST = 4096 };

/* A placeholder in a form: its bytes, and what stands for it: a text, or a file. */
typedef struct {
        size_t size;
        const char *text;
        char *path; /* owned */
} Place;

void secret_free(Buffer *buffer)
{
        if (buffer->bytes)
                explicit_bzero(buffer->bytes, buffer->room);
        buffer_free(buffer);
}

bool secret_read(Buffer *out, const char *path, Error *err)
{
        CLEANUP(secret_free) Buffer text = { 0 };
        size_t size;

        buffer_room(&text, (size_t)128 * 1024); /* more than file_read() asks for: growing would leave copies behind */
        if (!file_read(&text, path, SECRET_MOST, err))
                return false;
        size = strcspn(text.bytes, "\r\n");
        if (size == 0)
                return error_set(err, ERR_FATAL, NULL, "%s: its first line is empty", path);
        for (size_t i = 0; i < size; i++)
                if ((unsigned char)text.bytes[i] < ' ' || text.bytes[i] == 0x7f)
                        return error_set(err, ERR_FATAL, NULL, "%s: a control byte in its first line", path);
        if (memchr(text.bytes, 0, text.size))
                return error_set(err, ERR_FATAL, NULL, "%s: a NUL byte", path);
        buffer_add(out, text.bytes, size);
        return true;
}

static bool file_find(const char *form, Place *place, Error *err)
{
        const char *path = form + strlen("{file:"), *end = strchr(path, '}');

        if (!end)
                return error_set(err, ERR_FATAL, NULL, "\"{file:\" without \"}\"");
        if (path[0] != '/')
                return error_set(err, ERR_FATAL, NULL, "\"{file:...}\" needs an absolute path");
        *place = (Place){ .size = (size_t)(end + 1 - form), .path = mem_copy(path, (size_t)(end - path)) };
        return true;
}

/* The placeholder that form begins with; size 0: none. */
static bool place_find(const char *form, const SecretNames *names, Place *place, Error *err)
{
        *place = (Place){ 0 };
        if (text_starts(form, "{file:"))
                return file_find(form, place, err);
        if (text_starts(form, "{user}")) {
                *place = (Place){ .size = strlen("{user}"), .text = names->user };
                return names->user || error_set(err, ERR_FATAL, NULL, "{user} needs the option user");
        }
        if (text_starts(form, "{token}")) {
                *place = (Place){ .size = strlen("{token}"), .text = names->token };
                return names->token || error_set(err, ERR_FATAL, NULL, "{token} needs the option token");
        }
        if (text_starts(form, "{password}")) {
                *place = (Place){ .size = strlen("{password}"), .path = text_copy(names->password_file) };
                return names->password_file ||
                       error_set(err, ERR_FATAL, NULL, "{password} needs the option password_file");
        }
        return true;
}

/* out NULL: only looks. */
static bool form_walk(Buffer *out, const char *form, const SecretNames *names, Error *err)
{
        while (*form) {
                CLEANUP(mem_drop) char *path = NULL;
                Place place;

                if (!place_find(form, names, &place, err))
                        return false;
                path = place.path;
                if (out && path && !secret_read(out, path, err))
                        return false;
                if (out && place.text)
                        buffer_text(out, place.text);
                if (out && !place.size)
                        buffer_byte(out, *form);
                form += place.size ? place.size : 1;
        }
        return true;
}

bool secret_fill(Buffer *out, const char *form, const SecretNames *names, Error *err)
{
        return form_walk(out, form, names, err);
}

bool secret_check(const char *form, const SecretNames *names, Error *err)
{
        return form_walk(NULL, form, names, err);
}

/* ---- as an option ---- */

bool secret_is_private(const char *path, Error *err)
{
        struct stat status;

        if (stat(path, &status) < 0)
                return error_set(err, ERR_FATAL, NULL, "%s: %s", path, strerror(errno));
        if (!S_ISREG(status.st_mode))
                return error_set(err, ERR_FATAL, NULL, "%s: is no file", path);
        return !(status.st_mode & (S_IRWXG | S_IRWXO)) ||
               error_set(err, ERR_FATAL, NULL, "%s: others than its owner may use it; a secret has mode 0400", path);
}

static bool option_read(const char *text, const char *folder, void *field, Error *err)
{
        CLEANUP(mem_drop) char *path = file_beside(folder, text);
        CLEANUP(secret_free) Buffer bytes = { 0 };
        Secret *secret = field;

        if (!secret_is_private(path, err) || !secret_read(&bytes, path, err))
                return false;
        *secret = (Secret){ mem_copy(bytes.bytes, bytes.size), bytes.size };
        return true;
}

static void option_free(void *field)
{
        Secret *secret = field;

        explicit_bzero(secret->bytes, secret->size);
        mem_drop(&secret->bytes);
        secret->size = 0;
}

const OptionKind secret_option = {
        .form = "file of a secret, mode 0400",
        .size = sizeof(Secret),
        .read = option_read,
        .free = option_free,
};
