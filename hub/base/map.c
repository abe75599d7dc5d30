#include "hub/base/map.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

typedef struct {
        UT_hash_handle hh;
        void *value;
        char key[];
} Entry;

struct Map {
        Entry *entries;
        uint64_t secret[2]; /* keys come from peers: whoever can guess the hash can make one long chain */
};

static uint64_t rotate(uint64_t value, int bits)
{
        return value << bits | value >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson and Bernstein, 2012). */
static unsigned map_hash(const Map *map, const void *key, size_t size)
{
        uint64_t v[4] = { map->secret[0] ^ 0x736f6d6570736575, map->secret[1] ^ 0x646f72616e646f6d,
                          map->secret[0] ^ 0x6c7967656e657261, map->secret[1] ^ 0x7465646279746573 };
        const char *at = key;
        uint64_t word = 0;

        for (size_t left = size; left >= 8; left -= 8, at += 8) {
                memcpy(&word, at, 8);
                v[3] ^= word;
                sip_round(v);
                v[0] ^= word;
        }
        word = 0;
        if (size % 8)
                memcpy(&word, at, size % 8);
        word |= (uint64_t)size << 56;
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
        v[2] ^= 0xff;
        for (int i = 0; i < 3; i++)
                sip_round(v);
        return (unsigned)(v[0] ^ v[1] ^ v[2] ^ v[3]);
}

/* uthash is macros: the analyser counts their lines, and cannot follow their lists. */
/* NOLINTBEGIN(readability-function-size, clang-analyzer-unix.Malloc) */

Map *map_new(void)
{
        Map *map = mem_new(sizeof(Map));

        random_bytes(map->secret, sizeof(map->secret));
        return map;
}

void map_free(Map *map, void (*free_value)(void *))
{
        Entry *entry, *next;

        if (!map)
                return;
        HASH_ITER(hh, map->entries, entry, next) {
                HASH_DEL(map->entries, entry);
                if (free_value)
                        free_value(entry->value);
                free(entry);
        }
        free(map);
}

void map_drop(Map **map)
{
        map_free(*map, NULL);
        *map = NULL;
}

static Entry *entry_find(const Map *map, const void *key, size_t size, unsigned hash)
{
        Entry *entry;

        HASH_FIND_BYHASHVALUE(hh, map->entries, key, size, hash, entry);
        return entry;
}

void *map_get(const Map *map, const void *key, size_t size)
{
        Entry *entry = entry_find(map, key, size, map_hash(map, key, size));

        return entry ? entry->value : NULL;
}

void map_put(Map *map, const void *key, size_t size, void *value)
{
        unsigned hash = map_hash(map, key, size);
        Entry *entry = entry_find(map, key, size, hash);

        assert(value);
        if (!entry) {
                entry = mem_new(sizeof(Entry) + size + 1);
                if (size)
                        memcpy(entry->key, key, size);
                HASH_ADD_KEYPTR_BYHASHVALUE(hh, map->entries, entry->key, size, hash, entry);
        }
        entry->value = value;
}

void *map_take(Map *map, const void *key, size_t size)
{
        Entry *entry = entry_find(map, key, size, map_hash(map, key, size));
        void *value;

        if (!entry)
                return NULL;
        value = entry->value;
        HASH_DEL(map->entries, entry);
        free(entry);
        return value;
}

void *map_get_text(const Map *map, const char *key)
{
        return map_get(map, key, strlen(key));
}

void map_put_text(Map *map, const char *key, void *value)
{
        map_put(map, key, strlen(key), value);
}

size_t map_size(const Map *map)
{
        return HASH_COUNT(map->entries);
}

void map_each(const Map *map, bool (*visit)(const void *key, size_t size, void *value, void *context), void *context)
{
        Entry *entry, *next;

        HASH_ITER(hh, map->entries, entry, next)
                if (!visit(entry->key, entry->hh.keylen, entry->value, context))
                        return;
}

/* NOLINTEND(readability-function-size, clang-analyzer-unix.Malloc) */
