#pragma once

/*
 * The secrets of a file, a line each, of which all are good: to change one, the new line is added, the peer told, the old line
 * taken out. Read again when the file changed, at most once a second; while it is wrong, what was read before stays. Nobody but
 * its owner may read it (mode 0400). Of one thread. Wiped when they are freed.
 */

#include "hub/base/secret.h"

#include <stdint.h>
#include <sys/stat.h>

enum { PUSH_SECRETS_MOST = 8 };

typedef struct {
        const char *path; /* borrowed */
        bool is_key;      /* whsec_BASE64, or BASE64 alone: its bytes; else the line itself */
        Buffer lines[PUSH_SECRETS_MOST];
        size_t size;
        int64_t look_at;    /* monotonic: not before */
        struct stat status; /* as it was read */
} PushSecrets;

bool push_secrets_read(PushSecrets *secrets, Error *err); /* ERR_FATAL; what it held stays then */
void push_secrets_look(PushSecrets *secrets);             /* reads again what changed; the log says why it cannot */
void push_secrets_free(PushSecrets *secrets);
