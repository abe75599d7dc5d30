#include "hub/serve/order/given.h"

#include "hub/base/crypto.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 24 * 60 * 60 * 1000 };

typedef struct {
        GivenCommand command;
        char key[SHA256_TEXT_SIZE];
        int64_t until;
} Entry;

struct Given {
        pthread_mutex_t lock;
        Entry *ring; /* oldest at `next` once it is full */
        size_t next, size;
        Map *by_key, *by_id; /* of entries of the ring */
};

Given *given_new(void)
{
        Given *given = mem_new(sizeof(Given));

        pthread_mutex_init(&given->lock, NULL);
        given->ring = mem_new(GIVEN_MOST * sizeof(Entry));
        given->by_key = map_new();
        given->by_id = map_new();
        return given;
}

void given_free(Given *given)
{
        if (!given)
                return;
        map_free(given->by_key, NULL);
        map_free(given->by_id, NULL);
        free(given->ring);
        pthread_mutex_destroy(&given->lock);
        free(given);
}

static void key_write(const char *by, const char *key, char out[SHA256_TEXT_SIZE])
{
        CLEANUP(mem_drop) char *both = text_format("%s\n%s", by, key);

        sha256_text(both, strlen(both), out);
}

GivenFound given_find(Given *given, const char *by, const char *key, GivenCommand *command)
{
        GivenFound found = GIVEN_NEW;
        char name[SHA256_TEXT_SIZE];

        key_write(by, key, name);
        pthread_mutex_lock(&given->lock);
        const Entry *entry = map_get_text(given->by_key, name);
        if (entry && entry->until > time_monotonic()) {
                found = text_same(entry->command.body, command->body) ? GIVEN_BEFORE : GIVEN_OTHERWISE;
                *command = entry->command;
        }
        pthread_mutex_unlock(&given->lock);
        return found;
}

/* The lock is held. */
static void entry_forget(Given *given, Entry *entry)
{
        if (map_get_text(given->by_key, entry->key) == entry)
                map_take(given->by_key, entry->key, strlen(entry->key));
        if (map_get_text(given->by_id, entry->command.id) == entry)
                map_take(given->by_id, entry->command.id, strlen(entry->command.id));
}

void given_add(Given *given, const char *by, const char *key, const GivenCommand *command)
{
        pthread_mutex_lock(&given->lock);
        Entry *entry = &given->ring[given->next];
        if (given->size == GIVEN_MOST)
                entry_forget(given, entry);
        else
                given->size++;
        given->next = (given->next + 1) % GIVEN_MOST;
        *entry = (Entry){ .command = *command, .until = time_monotonic() + DAY_MS };
        key_write(by, key, entry->key);
        map_put_text(given->by_key, entry->key, entry);
        map_put_text(given->by_id, entry->command.id, entry);
        pthread_mutex_unlock(&given->lock);
}

bool given_by_id(Given *given, const char *id, GivenCommand *command)
{
        pthread_mutex_lock(&given->lock);
        const Entry *entry = map_get_text(given->by_id, id);
        if (entry)
                *command = entry->command;
        pthread_mutex_unlock(&given->lock);
        return entry;
}
