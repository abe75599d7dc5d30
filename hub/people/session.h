#pragma once

/*
 * Sessions, in memory alone: after a restart people log in again. A token is 256 random bits; kept is its SHA-256. One ends `idle_ms`
 * after its last use, `most_ms` after its begin, and when the oldest of too many gives way. From any thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOKEN_SIZE = 53, SESSIONS_MOST = 4096 }; /* of a token's text with its NUL */

typedef struct Sessions Sessions;

/* Whose it is. Texts are copied in, and borrowed out until the next call with these sessions. */
typedef struct {
        const char *name, *by;    /* "lin", "link" */
        const char *stamp;        /* what it was begun with: a session of another stamp is over */
        const char *role, *zones; /* of whom no file of ours knows; else NULL */
} Holder;

Sessions *sessions_new(int64_t idle_ms, int64_t most_ms);
void sessions_free(Sessions *sessions);
void sessions_begin(Sessions *sessions, const Holder *holder, char token[TOKEN_SIZE]);
/* Calls `found` with the lock held; false: there is none. It counts as a use. expires_in: ms. */
bool sessions_find(Sessions *sessions, const char *token,
                   void (*found)(const Holder *holder, int64_t expires_in, void *context), void *context);
void sessions_end(Sessions *sessions, const char *token);
size_t sessions_size(Sessions *sessions);

void token_make(char token[TOKEN_SIZE]);                   /* 256 random bits */
bool token_form(const char *token);                        /* is it of that form? */
void token_csrf(const char *token, char csrf[TOKEN_SIZE]); /* what goes with it, and gives it not away */
