/* A batch of events: read, let in, decide. */

#include "hub/correlate/batch.h"

#include "hub/base/text.h"
#include "hub/correlate/correlate_metrics.h"

#include <stdlib.h>
#include <string.h>

static bool entry_read(const Batch *batch, Entry *entry, EventReader *reader)
{
        const UnitMessage *message = entry->message;

        if (message->offset == batch->unit->poison)
                return error_set(&entry->why, ERR_INPUT, "bad_value", "the warehouse refuses a value of it");
        if (!event_read(reader, message->value, message->value_size, &entry->value, &entry->why))
                return false;
        if (!map_get_text(batch->unit->zones, entry->value.zone))
                return error_set(&entry->why, ERR_INPUT, "bad_value", "zone: is none of partition %d",
                                 batch->unit->partition);
        if (entry->value.kind == KIND_COMMAND && !batch->context->replay &&
            (!batch->context->keys ||
             !mac_verify(batch->context->keys, unit_header(message, "hub_mac"), message->value, message->value_size)))
                return error_set(&entry->why, ERR_INPUT, "bad_signature",
                                 "hub_mac: the command is not signed with a key of ours");
        return true;
}

static void batch_read(Batch *batch)
{
        Unit *unit = batch->unit;

        if (unit->readers_size < batch->size) {
                unit->readers = mem_resize(unit->readers, batch->size * sizeof(EventReader *));
                while (unit->readers_size < batch->size)
                        unit->readers[unit->readers_size++] = event_reader_new();
        }
        for (size_t i = 0; i < batch->size; i++) {
                batch->entries[i].message = &unit->messages[i];
                if (!entry_read(batch, &batch->entries[i], unit->readers[i]))
                        batch->rejected++;
        }
}

static bool entry_gated(const Entry *entry)
{
        return entry->why.kind == ERR_NONE && entry->value.kind != KIND_TICK;
}

static void gate_key(Buffer *key, const EventValue *value)
{
        buffer_clear(key);
        buffer_add(key, value->zone, strlen(value->zone) + 1);
        buffer_text(key, value->id);
}

/* Each id once goes through the gate; of several messages with one id in the batch the first is the fresh one. */
static bool batch_gate(Batch *batch, Error *err)
{
        CLEANUP(mem_drop) const char **keys = mem_new((batch->size + 1) * 2 * sizeof *keys);
        CLEANUP(buffer_free) Buffer key = { 0 };
        CLEANUP(map_drop) Map *seen = map_new();
        size_t pairs = 0;

        for (size_t i = 0; i < batch->size; i++) {
                const Entry *entry = &batch->entries[i];

                if (!entry_gated(entry))
                        continue;
                gate_key(&key, &entry->value);
                if (map_get(seen, key.bytes, key.size))
                        continue;
                map_put(seen, key.bytes, key.size, batch);
                keys[pairs * 2] = entry->value.zone;
                keys[pairs * 2 + 1] = entry->value.id;
                pairs++;
        }
        if (!store_gate(batch->store, keys, pairs, batch->fresh, err))
                return false;
        for (size_t i = 0; i < batch->size; i++) {
                Entry *entry = &batch->entries[i];

                if (!entry_gated(entry))
                        continue;
                gate_key(&key, &entry->value);
                entry->fresh = map_take(batch->fresh, key.bytes, key.size) != NULL;
                batch->duplicates += !entry->fresh;
        }
        return true;
}

/* What ods.record holds with its text went through the gate when it came. */
static bool batch_again(Batch *batch, Error *err)
{
        for (size_t i = 0; i < batch->size; i++) {
                Entry *entry = &batch->entries[i];

                if (entry->why.kind != ERR_NONE)
                        return error_set(err, ERR_FATAL, NULL, "ods.record %d/%lld: %s", batch->unit->partition,
                                         (long long)entry->message->offset, entry->why.text);
                entry->fresh = entry_gated(entry);
        }
        return true;
}

/* What speaks of people who were erased comes in empty. */
static bool batch_empty(Batch *batch, Error *err)
{
        for (size_t i = 0; i < batch->size; i++) {
                CLEANUP(buffer_free) Buffer text = { 0 };
                Entry *entry = &batch->entries[i];

                if (!entry->fresh || entry->value.kind == KIND_COMMAND ||
                    !store_erased(batch->store, &entry->value.event))
                        continue;
                if (!event_write(&text, &entry->value.event, err))
                        return error_add(err, "emptying offset %lld", (long long)entry->message->offset);
                entry->text = arena_copy(batch->unit->arena, text.bytes, text.size);
                entry->text_size = text.size;
        }
        return true;
}

typedef struct {
        const char **names;
        size_t size, room;
        Arena *arena;
} Wanted;

static void wanted_add(const char *subject, void *context)
{
        Wanted *wanted = context;

        if (wanted->size == wanted->room) {
                wanted->room = wanted->room ? wanted->room * 2 : 32;
                wanted->names = mem_resize(wanted->names, wanted->room * sizeof *wanted->names);
        }
        wanted->names[wanted->size++] = arena_copy(wanted->arena, subject, strlen(subject));
}

typedef struct {
        Batch *batch;
        Error *err;
        bool fine;
} ZoneVisit;

static bool zone_fetch(const void *key, size_t size, void *value, void *context)
{
        ZoneVisit *visit = context;
        Batch *batch = visit->batch;
        Zone *zone = value;
        Wanted wanted = { .arena = batch->unit->arena };

        (void)key;
        (void)size;
        for (size_t i = 0; i < batch->size; i++)
                if (batch->entries[i].fresh && text_same(batch->entries[i].value.zone, zone_id(zone)))
                        zone_wants(zone, &batch->entries[i].value, wanted_add, &wanted);
        visit->fine = store_fetch(batch->store, zone, wanted.names, wanted.size, visit->err);
        free(wanted.names);
        return visit->fine;
}

const char *batch_verdict(const Entry *entry)
{
        if (entry->why.kind != ERR_NONE)
                return "rejected";
        if (entry->value.kind == KIND_TICK)
                return "tick";
        if (!entry->fresh)
                return "duplicate";
        return entry->value.kind == KIND_COMMAND ? "command" : "stored";
}

static void entry_store(Batch *batch, const Entry *entry)
{
        const UnitMessage *message = entry->message;
        const char *seq = unit_header(message, "hub_seq"), *verdict = batch_verdict(entry);
        const bool readable = entry->why.kind == ERR_NONE;
        StoreRecord record = { .topic = batch->unit->topic,
                               .partition = batch->unit->partition,
                               .offset = message->offset,
                               .run = unit_header(message, "hub_run"),
                               .verdict = verdict,
                               .value = readable ? &entry->value : NULL,
                               .id = unit_header(message, "ce_id"),
                               .received = batch_received(message, "ce_recordedtime") };

        if (seq)
                text_read_integer(seq, &record.seq);
        if (readable && (entry->fresh || entry->value.kind == KIND_TICK)) {
                record.text = entry->text ? entry->text : message->value;
                record.size = entry->text ? entry->text_size : message->value_size;
        }
        store_record(batch->store, &record);
        if (!readable)
                batch_reject(batch, entry);
        if (readable && entry->value.kind == KIND_TICK) {
                store_tick(batch->store, &entry->value.tick, batch->unit->partition, message->offset, record.seq);
                batch_retried(batch, entry, record.seq);
        }
}

static bool entries_apply(Batch *batch, Error *err)
{
        for (size_t i = 0; i < batch->size; i++) {
                Entry *entry = &batch->entries[i];
                ZoneDecision decision;
                Zone *zone;

                if (!batch->context->replay)
                        entry_store(batch, entry);
                if (entry->why.kind != ERR_NONE)
                        continue;
                zone = map_get_text(batch->unit->zones, entry->value.zone);
                zone_apply(zone, &entry->value, (LogPosition){ batch->unit->partition, entry->message->offset },
                           entry_gated(entry) && !entry->fresh, &decision);
                correlate_metrics_decided(entry, &decision);
                if (batch->context->replay && entry->value.kind == KIND_COMMAND &&
                    !store_pairs_adopt(batch->store, zone, entry->value.id, err))
                        return false;
        }
        return true;
}

static bool zone_store(const void *key, size_t size, void *value, void *context)
{
        const ZoneVisit *visit = context;

        (void)key;
        (void)size;
        store_changes(visit->batch->store, value);
        return true;
}

bool batch_events(Batch *batch, Error *err)
{
        ZoneVisit visit = { .batch = batch, .err = err, .fine = true };

        batch_read(batch);
        if ((batch->context->replay ? !batch_again(batch, err) : !batch_gate(batch, err)) || !batch_empty(batch, err))
                return false;
        map_each(batch->unit->zones, zone_fetch, &visit);
        if (!visit.fine || !entries_apply(batch, err))
                return false;
        map_each(batch->unit->zones, zone_store, &visit);
        return true;
}
