#pragma once

/*
 * Passwords and tokens come from files, are read anew at each use (so that they can be changed under a running process), go
 * where they are needed and are wiped. They stand in no log and no error.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/base/options.h"

/* Appends the first line of a file, without its end. Empty, or with control bytes: ERR_FATAL that names the path. */
bool secret_read(Buffer *out, const char *path, Error *err);

typedef struct {
        const char *user, *password_file, *token; /* each may be NULL: then its placeholder is refused */
} SecretNames;

/* Appends form with {user}, {password}, {token} (what a login gave) and {file:/absolute/path} replaced; every other brace stands for itself. */
bool secret_fill(Buffer *out, const char *form, const SecretNames *names, Error *err);
bool secret_check(const char *form, const SecretNames *names, Error *err); /* the same without looking into files */

bool secret_is_private(const char *path, Error *err); /* ERR_FATAL: no file, or others than its owner may use it */

void secret_free(Buffer *buffer); /* for CLEANUP: wipes, then frees */

/* A secret that an adapter is asked to hold, the key of a site: the first line of the file. */
typedef struct {
        unsigned char *bytes; /* followed by a NUL */
        size_t size;
} Secret;

/*
 * An OPTION_CUSTOM field of type Secret, by the path of its file, which nobody but its owner may read (mode 0400): ERR_FATAL
 * else. Read when the options are, so again at SIGHUP; wiped when they are freed. No recording takes the file along.
 */
extern const OptionKind secret_option;
