#include "hub/people/limit.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 8192, SEED_SIZE = 32 };

typedef struct {
        int64_t since, count;
} Place;

struct Limit {
        pthread_mutex_t lock;
        int64_t most, window_ms;
        uint8_t seed[SEED_SIZE];
        Place places[PLACES];
};

Limit *limit_new(int64_t most, int64_t window_ms)
{
        Limit *limit = mem_new(sizeof(Limit));

        pthread_mutex_init(&limit->lock, NULL);
        limit->most = most;
        limit->window_ms = window_ms;
        random_bytes(limit->seed, sizeof(limit->seed));
        return limit;
}

void limit_free(Limit *limit)
{
        if (!limit)
                return;
        pthread_mutex_destroy(&limit->lock);
        free(limit);
}

/* The lock is held. */
static Place *place_of(Limit *limit, const char *name)
{
        uint8_t digest[SHA256_SIZE];
        Place *place;

        hmac_sha256(limit->seed, sizeof(limit->seed), name, strlen(name), digest);
        place = &limit->places[((size_t)digest[0] << 8 | digest[1]) % PLACES];
        if (time_monotonic() - place->since >= limit->window_ms)
                *place = (Place){ .since = time_monotonic() };
        return place;
}

int64_t limit_take(Limit *limit, const char *name)
{
        int64_t wait = 0;

        if (!limit->most)
                return 0;
        pthread_mutex_lock(&limit->lock);
        Place *place = place_of(limit, name);
        if (place->count >= limit->most)
                wait = place->since + limit->window_ms - time_monotonic();
        else
                place->count++;
        pthread_mutex_unlock(&limit->lock);
        return wait;
}

void limit_return(Limit *limit, const char *name)
{
        pthread_mutex_lock(&limit->lock);
        Place *place = place_of(limit, name);
        place->count -= place->count > 0;
        pthread_mutex_unlock(&limit->lock);
}

void limit_clear(Limit *limit, const char *name)
{
        pthread_mutex_lock(&limit->lock);
        place_of(limit, name)->count = 0;
        pthread_mutex_unlock(&limit->lock);
}
