/* Pairs of subjects that operators put together or parted, and the commands that said so. */

#include "hub/zone/zone_private.h"

#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *pair_key(const char *one, const char *other, Buffer *key)
{
        const bool swap = strcmp(one, other) > 0;

        buffer_clear(key);
        buffer_add(key, swap ? other : one, strlen(swap ? other : one) + 1);
        buffer_text(key, swap ? one : other);
        return key->bytes;
}

void pair_free(void *value)
{
        Pair *pair = value;

        if (pair)
                free(pair->command);
        free(pair);
}

static void change_add(Zone *zone, const char *one, const char *rule, const char *command)
{
        const char *other = one + strlen(one) + 1;
        Arena *arena = zone->changes->arena;

        *changes_pair(zone->changes) =
                (PairChange){ arena_copy(arena, one, strlen(one)), arena_copy(arena, other, strlen(other)), rule,
                              arena_copy(arena, command, strlen(command)) };
}

void zone_load_pair(Zone *zone, const char *one, const char *other, const char *rule, const char *command)
{
        CLEANUP(buffer_free) Buffer key = { 0 };
        Pair *pair = mem_new(sizeof *pair);

        pair_key(one, other, &key);
        *pair = (Pair){ text_same(rule, "must") ? "must" : "cannot", text_copy(command) };
        pair_free(map_take(zone->pairs, key.bytes, key.size));
        map_put(zone->pairs, key.bytes, key.size, pair);
}

void zone_pair(Zone *zone, const char *one, const char *other, const char *rule, const char *command)
{
        CLEANUP(buffer_free) Buffer key = { 0 };

        zone_load_pair(zone, one, other, rule, command);
        change_add(zone, pair_key(one, other, &key), text_same(rule, "must") ? "must" : "cannot", command);
}

typedef struct {
        Zone *zone;
        const char *command;
} Revoking;

static bool pair_revoke(const void *key, size_t size, void *value, void *context)
{
        const Revoking *revoking = context;
        CLEANUP(buffer_free) Buffer kept = { 0 };

        if (!text_same(((Pair *)value)->command, revoking->command))
                return true;
        buffer_add(&kept, key, size);
        change_add(revoking->zone, kept.bytes, NULL, revoking->command);
        pair_free(map_take(revoking->zone->pairs, kept.bytes, kept.size));
        return true;
}

void zone_pairs_revoke(Zone *zone, const char *command)
{
        map_each(zone->pairs, pair_revoke, &(Revoking){ zone, command });
}

const Pair *zone_pair_find(const Zone *zone, const char *one, const char *other)
{
        CLEANUP(buffer_free) Buffer key = { 0 };

        if (map_size(zone->pairs) == 0)
                return NULL;
        pair_key(one, other, &key);
        return map_get(zone->pairs, key.bytes, key.size);
}

static bool pair_cannot(const Zone *zone, const char *one, const char *other)
{
        const Pair *pair = zone_pair_find(zone, one, other);

        return pair && text_same(pair->rule, "cannot");
}

bool zone_forbids(const void *context, const Member *newcomer, const Incident *incident)
{
        const Zone *zone = context;

        if (map_size(zone->pairs) == 0)
                return false;
        for (size_t i = 0; i < incident->members_size; i++)
                if (pair_cannot(zone, newcomer->subject, incident->members[i]->subject))
                        return true;
        return false;
}
