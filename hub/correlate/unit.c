#include "hub/correlate/unit.h"

#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdlib.h>
#include <string.h>

enum { UNIT_BATCH_MOST = 1000 };

void unit_open(Unit *unit, UnitKind kind, const char *topic, int32_t partition)
{
        *unit = (Unit){
                .kind = kind, .topic = text_copy(topic), .partition = partition, .limit = UNIT_BATCH_MOST, .poison = -1
        };
        unit->arena = arena_new();
        unit->zones = map_new();
}

static void zone_free_value(void *zone)
{
        zone_free(zone);
}

void unit_drop(Unit *unit)
{
        map_free(unit->zones, zone_free_value);
        unit->zones = map_new();
        unit->messages_size = 0;
        unit->held = unit->forgot_changes = false;
        arena_reset(unit->arena);
}

void unit_close(Unit *unit)
{
        unit_drop(unit);
        map_free(unit->zones, NULL);
        for (size_t i = 0; i < unit->readers_size; i++)
                event_reader_free(unit->readers[i]);
        free(unit->readers);
        free(unit->messages);
        free(unit->topic);
        arena_free(unit->arena);
}

static bool zones_load_all(Unit *unit, const UnitContext *context, Store *store, Error *err)
{
        for (size_t i = 0; unit->kind == UNIT_EVENTS && i < zones_size(context->zones); i++) {
                const ZoneEntry *entry = zones_at(context->zones, i);

                if (entry->partition != unit->partition)
                        continue;
                Zone *zone = zone_new(entry->id, context->rules, store_epoch(store));
                map_put_text(unit->zones, entry->id, zone);
                if (!store_load(store, zone, unit->partition, err))
                        return false;
        }
        return true;
}

bool unit_load(Unit *unit, const UnitContext *context, Store *store, Error *err)
{
        if (!store_snapshot(store, err))
                return false;
        if (!store_offset(store, unit->topic, unit->partition, &unit->stored, err) ||
            !zones_load_all(unit, context, store, err) || !store_snapshot_end(store, err)) {
                store_abort(store);
                return false;
        }
        if (!unit->stored.known)
                return error_set(err, ERR_RETRY, NULL, "%s/%d has no offset row yet: run `hub topics`", unit->topic,
                                 unit->partition);
        if (unit->kind == UNIT_EVENTS && !store_rules(store, rules_version(context->rules), err))
                return false;
        unit->next = unit->stored.next;
        unit->verify = unit->stored.hashed;
        unit->expected = unit->verify ? unit->next - 1 : unit->next;
        unit->rules_stored = text_same(unit->stored.rules, rules_version(context->rules));
        unit->held = true;
        return true;
}

static bool verify(Unit *unit, const KafkaMessage *message, Error *err)
{
        uint8_t hash[SHA256_SIZE];

        sha256(message->value ? message->value : "", message->value_size, hash);
        unit->verify = false;
        unit->expected++;
        if (memcmp(hash, unit->stored.sha256, sizeof hash) == 0)
                return true;
        return error_set(err, ERR_FATAL, NULL,
                         "%s/%d: the value at offset %lld is not the one stored: the topic was made anew; nothing is "
                         "read, nothing skipped",
                         unit->topic, unit->partition, (long long)message->offset);
}

void unit_keep(Unit *unit, const KafkaMessage *message)
{
        if (unit->messages_size == unit->messages_room) {
                unit->messages_room = unit->messages_room ? unit->messages_room * 2 : 64;
                unit->messages = mem_resize(unit->messages, unit->messages_room * sizeof *unit->messages);
        }
        UnitMessage *kept = &unit->messages[unit->messages_size++];
        *kept = (UnitMessage){ .offset = message->offset,
                               .stamp_ms = message->stamp_ms,
                               .value_size = message->value_size,
                               .headers_size = message->headers_size };
        kept->key = arena_copy(unit->arena, message->key ? message->key : "", message->key_size);
        kept->value = arena_copy(unit->arena, message->value ? message->value : "", message->value_size);
        kept->headers = arena_take(unit->arena, (message->headers_size + 1) * sizeof *kept->headers);
        for (size_t i = 0; i < message->headers_size; i++) {
                const KafkaHeader *header = &message->headers[i];

                kept->headers[i] =
                        (KafkaHeader){ arena_copy(unit->arena, header->key, strlen(header->key)),
                                       arena_copy(unit->arena, header->value ? header->value : "", header->size),
                                       header->size };
        }
}

bool unit_take(Unit *unit, const KafkaMessage *message, Error *err)
{
        if (message->offset < unit->expected)
                return true; /* from before a seek */
        if (message->offset > unit->expected)
                return error_set(err, ERR_FATAL, NULL,
                                 "%s/%d: offset %lld came where %lld was due: messages are missing", unit->topic,
                                 unit->partition, (long long)message->offset, (long long)unit->expected);
        if (unit->verify)
                return verify(unit, message, err);
        unit_keep(unit, message);
        unit->expected++;
        return true;
}

const char *unit_header(const UnitMessage *message, const char *key)
{
        for (size_t i = 0; i < message->headers_size; i++)
                if (text_same(message->headers[i].key, key))
                        return message->headers[i].value;
        return NULL;
}
