#include "hub/people/session.h"

#include "hub/base/crypto.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = 32 };

typedef struct {
        char *name, *by, *stamp, *role, *zones;
        int64_t begun, used;
} Session;

struct Sessions {
        pthread_mutex_t lock;
        int64_t idle_ms, most_ms;
        Map *sessions; /* by the SHA-256 of their tokens */
};

/* ---- tokens ---- */

void token_make(char token[TOKEN_SIZE])
{
        uint8_t bytes[KEY_SIZE];

        random_bytes(bytes, sizeof(bytes));
        base32_text(bytes, sizeof(bytes), token, TOKEN_SIZE - 1);
}

bool token_form(const char *token)
{
        return strlen(token) == TOKEN_SIZE - 1 && strspn(token, "abcdefghijklmnopqrstuvwxyz234567") == TOKEN_SIZE - 1;
}

void token_csrf(const char *token, char csrf[TOKEN_SIZE])
{
        static const char use[] = "hub csrf";
        uint8_t bytes[SHA256_SIZE];

        hmac_sha256(token, strlen(token), use, sizeof(use) - 1, bytes);
        base32_text(bytes, sizeof(bytes), csrf, TOKEN_SIZE - 1);
}

/* ---- sessions ---- */

Sessions *sessions_new(int64_t idle_ms, int64_t most_ms)
{
        Sessions *sessions = mem_new(sizeof(Sessions));

        pthread_mutex_init(&sessions->lock, NULL);
        sessions->idle_ms = idle_ms;
        sessions->most_ms = most_ms;
        sessions->sessions = map_new();
        return sessions;
}

static void session_free(void *pointer)
{
        Session *session = pointer;

        free(session->name);
        free(session->by);
        free(session->stamp);
        free(session->role);
        free(session->zones);
        free(session);
}

void sessions_free(Sessions *sessions)
{
        if (!sessions)
                return;
        map_free(sessions->sessions, session_free);
        pthread_mutex_destroy(&sessions->lock);
        free(sessions);
}

static int64_t left(const Sessions *sessions, const Session *session)
{
        const int64_t now = time_monotonic();
        const int64_t idle = session->used + sessions->idle_ms - now, most = session->begun + sessions->most_ms - now;

        return idle < most ? idle : most;
}

typedef struct {
        Sessions *sessions;
        const void *oldest;
        int64_t used;
} Sweep;

/* Those that are over go; of the others the one that was longest not used is found. */
static bool session_sweep(const void *key, size_t size, void *value, void *context)
{
        Sweep *sweep = context;
        Session *session = value;

        if (left(sweep->sessions, session) <= 0) {
                map_take(sweep->sessions->sessions, key, size);
                session_free(session);
        } else if (!sweep->oldest || session->used < sweep->used) {
                sweep->oldest = key;
                sweep->used = session->used;
        }
        return true;
}

/* The lock is held. */
static void room_make(Sessions *sessions)
{
        Sweep sweep = { .sessions = sessions };
        uint8_t key[SHA256_SIZE];

        if (map_size(sessions->sessions) < SESSIONS_MOST)
                return;
        map_each(sessions->sessions, session_sweep, &sweep);
        if (map_size(sessions->sessions) < SESSIONS_MOST)
                return;
        memcpy(key, sweep.oldest, sizeof(key));
        session_free(map_take(sessions->sessions, key, sizeof(key)));
}

void sessions_begin(Sessions *sessions, const Holder *holder, char token[TOKEN_SIZE])
{
        Session *session = mem_new(sizeof(Session));
        uint8_t key[SHA256_SIZE];

        token_make(token);
        sha256(token, TOKEN_SIZE - 1, key);
        *session = (Session){ .name = text_copy(holder->name),
                              .by = text_copy(holder->by),
                              .stamp = text_copy(holder->stamp),
                              .role = text_copy(holder->role),
                              .zones = text_copy(holder->zones),
                              .begun = time_monotonic(),
                              .used = time_monotonic() };
        pthread_mutex_lock(&sessions->lock);
        room_make(sessions);
        map_put(sessions->sessions, key, sizeof(key), session);
        pthread_mutex_unlock(&sessions->lock);
}

/* The lock is held. */
static void session_drop(Sessions *sessions, const uint8_t key[SHA256_SIZE])
{
        Session *session = map_take(sessions->sessions, key, SHA256_SIZE);

        if (session)
                session_free(session);
}

bool sessions_find(Sessions *sessions, const char *token,
                   void (*found)(const Holder *holder, int64_t expires_in, void *context), void *context)
{
        uint8_t key[SHA256_SIZE];
        bool is_there = false;

        sha256(token, strlen(token), key);
        pthread_mutex_lock(&sessions->lock);
        Session *session = map_get(sessions->sessions, key, sizeof(key));
        if (session && left(sessions, session) <= 0) {
                session_drop(sessions, key);
        } else if (session) {
                const Holder holder = { session->name, session->by, session->stamp, session->role, session->zones };

                session->used = time_monotonic();
                found(&holder, left(sessions, session), context);
                is_there = true;
        }
        pthread_mutex_unlock(&sessions->lock);
        return is_there;
}

void sessions_end(Sessions *sessions, const char *token)
{
        uint8_t key[SHA256_SIZE];

        sha256(token, strlen(token), key);
        pthread_mutex_lock(&sessions->lock);
        session_drop(sessions, key);
        pthread_mutex_unlock(&sessions->lock);
}

size_t sessions_size(Sessions *sessions)
{
        size_t size;

        pthread_mutex_lock(&sessions->lock);
        size = map_size(sessions->sessions);
        pthread_mutex_unlock(&sessions->lock);
        return size;
}
