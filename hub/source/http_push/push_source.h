#pragma once

/*
 * Private to http_push. Three threads: the server's takes requests (push_door.c), the runner's reads and answers them (push.c), and
 * one sees to it that nobody waits longer than `patience` (push_desk.c). What all share lies under the lock.
 *
 * A request is unread, then taken, then gone: answered after its record is in Kafka. Who waited too long is told 503: unread it
 * is forgotten, taken its record goes on, and comes again with the same ids.
 */

#include "hub/source/http_push/push_options.h"
#include "hub/source/http_push/push_secret.h"
#include "hub/source/http_push/push_seen.h"
#include "hub/source/source.h"

#include <pthread.h>
#include <sys/queue.h>

typedef struct Waiting {
        TAILQ_ENTRY(Waiting) next;
        uint64_t token;
        Exchange *exchange; /* NULL: was told already */
        int64_t due;        /* monotonic: told 503 then */
        int64_t received;
        Error refusal;               /* of a signature: rejected, and told 401 */
        char *signed_id;             /* owned; NULL: not signed */
        uint8_t digest[SHA256_SIZE]; /* of the body */
} Waiting;

typedef TAILQ_HEAD(WaitingList, Waiting) WaitingList;

struct Source {
        const PushOptions *options;
        bool once;
        bool keeps_nothing; /* a trial: no 2xx would be true */
        char retry_after[24], allow[64];

        /* of the server's thread while it is open */
        PushSecrets passwords, keys;
        int64_t spared_at; /* monotonic */
        unsigned spared;   /* wrong signatures that may still be kept as rejected */

        pthread_mutex_t lock;
        pthread_cond_t arrived, changed; /* for the reader; for whoever has the patience */
        WaitingList unread, taken;
        PushSeen *seen;
        uint64_t tokens;
        int64_t unread_size, refused;
        int64_t read_at; /* monotonic: when we were last asked for a record */
        bool is_closing;
        pthread_t patience;

        /* of the runner's thread */
        Exchanges *server;
        Buffer certificate, key;
        Error away;
        int64_t open_at; /* monotonic: not tried before */
        Exchange *current;
        RecordHeader *headers;
        Buffer names, position;
};

/* push_door.c: opens the server; ERR_RETRY: the port is busy. */
bool push_door_open(Source *source, Error *err);
void push_door_close(Source *source);

/* push_desk.c; under the lock, but for open and close. */
void desk_open(Source *source);
void desk_close(Source *source); /* all are told 503 */
void desk_add(Source *source, Waiting *waiting);
Waiting *desk_take(Source *source); /* the oldest unread; NULL: there is none */
Waiting *desk_find(Source *source, uint64_t token);
void desk_drop(Source *source, Waiting *waiting); /* a taken one; who was not told is told 503 */
unsigned desk_overload(const Source *source, const ExchangeRequest *request, const char **why); /* 0, 429, 503 */
bool push_tell(const Source *source, Exchange *exchange, unsigned status); /* without a body; Retry-After where due */
void waiting_free(Waiting *waiting);
