/* A batch of a unit: read, let in, decide, store, in one transaction. */

#include "hub/correlate/unit.h"

#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/event/rejected.h"

#include <stdlib.h>
#include <string.h>

/* One message of the running batch. */
typedef struct {
        const UnitMessage *message;
        EventValue value;
        Error why;  /* why.kind ERR_NONE: value holds it */
        bool fresh; /* the gate let it in */
} Entry;

typedef struct {
        Unit *unit;
        const UnitContext *context;
        Store *store;
        Entry *entries;
        size_t size;
        Map *fresh; /* "zone NUL id" that the gate let in and nobody took yet */
        size_t duplicates, rejected;
} Batch;

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
        if (entry->value.kind == KIND_COMMAND &&
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

static int64_t header_integer(const UnitMessage *message, const char *key)
{
        const char *text = unit_header(message, key);
        int64_t value = 0;

        if (text)
                text_read_integer(text, &value);
        return value;
}

static int64_t header_time(const UnitMessage *message, const char *key, int64_t otherwise)
{
        const char *text = unit_header(message, key);
        int64_t value;

        return text && time_read_canonical(text, strlen(text), &value) ? value : otherwise;
}

static void entry_reject(Batch *batch, const Entry *entry)
{
        const UnitMessage *message = entry->message;
        const char *seq = unit_header(message, "hub_seq");
        char hash[SHA256_TEXT_SIZE];
        int64_t number = 0;

        if (seq)
                text_read_integer(seq, &number);
        store_rejected(batch->store,
                       &(StoreRejected){ .topic = batch->unit->topic,
                                         .partition = batch->unit->partition,
                                         .offset = message->offset,
                                         .stage = "correlator",
                                         .zone = message->key,
                                         .run = unit_header(message, "hub_run"),
                                         .seq = number,
                                         .reason = entry->why.reason ? entry->why.reason : "bad_value",
                                         .text = entry->why.text,
                                         .content_type = "application/json",
                                         .received = header_time(message, "ce_recordedtime", message->stamp_ms),
                                         .sha256 = sha256_text(message->value, message->value_size, hash),
                                         .size = (int64_t)message->value_size,
                                         .value = message->value,
                                         .value_size = message->value_size });
}

static const char *verdict_of(const Entry *entry)
{
        if (entry->why.kind != ERR_NONE)
                return "rejected";
        if (entry->value.kind == KIND_TICK)
                return "tick";
        if (!entry->fresh)
                return "duplicate";
        return entry->value.kind == KIND_COMMAND ? "command" : "stored";
}

static bool entry_store(Batch *batch, const Entry *entry, Error *err)
{
        const UnitMessage *message = entry->message;
        const char *seq = unit_header(message, "hub_seq"), *verdict = verdict_of(entry);
        const bool readable = entry->why.kind == ERR_NONE;
        StoreRecord record = { .topic = batch->unit->topic,
                               .partition = batch->unit->partition,
                               .offset = message->offset,
                               .run = unit_header(message, "hub_run"),
                               .verdict = verdict,
                               .value = readable ? &entry->value : NULL,
                               .id = unit_header(message, "ce_id"),
                               .received = header_time(message, "ce_recordedtime", message->stamp_ms) };

        if (seq)
                text_read_integer(seq, &record.seq);
        if (readable && (entry->fresh || entry->value.kind == KIND_TICK)) {
                record.text = message->value;
                record.size = message->value_size;
        }
        store_record(batch->store, &record);
        if (!readable)
                entry_reject(batch, entry);
        if (readable && entry->value.kind == KIND_TICK)
                return store_tick(batch->store, &entry->value.tick, batch->unit->partition, message->offset, record.seq,
                                  err);
        return true;
}

static bool entries_apply(Batch *batch, Error *err)
{
        for (size_t i = 0; i < batch->size; i++) {
                const Entry *entry = &batch->entries[i];
                ZoneDecision decision;

                if (!entry_store(batch, entry, err))
                        return false;
                if (entry->why.kind == ERR_NONE)
                        zone_apply(map_get_text(batch->unit->zones, entry->value.zone), &entry->value,
                                   (LogPosition){ batch->unit->partition, entry->message->offset },
                                   entry_gated(entry) && !entry->fresh, &decision);
        }
        return true;
}

static bool zone_store(const void *key, size_t size, void *value, void *context)
{
        ZoneVisit *visit = context;

        (void)key;
        (void)size;
        visit->fine = store_changes(visit->batch->store, value, visit->err);
        return visit->fine;
}

static bool zone_done(const void *key, size_t size, void *value, void *context)
{
        (void)key;
        (void)size;
        (void)context;
        zone_committed(value);
        return true;
}

static bool events_write(Batch *batch, Error *err)
{
        ZoneVisit visit = { .batch = batch, .err = err, .fine = true };

        batch_read(batch);
        if (!batch_gate(batch, err))
                return false;
        map_each(batch->unit->zones, zone_fetch, &visit);
        if (!visit.fine || !entries_apply(batch, err))
                return false;
        map_each(batch->unit->zones, zone_store, &visit);
        return visit.fine;
}

/* A sealed reject of an adapter: its headers say what it is; the bytes stay sealed. */
static bool rejected_write(Batch *batch, Error *err)
{
        (void)err;
        for (size_t i = 0; i < batch->size; i++) {
                const UnitMessage *message = &batch->unit->messages[i];
                const char *reason = unit_header(message, REJECTED_REASON);
                const StoreRejected row = { .topic = batch->unit->topic,
                                            .partition = batch->unit->partition,
                                            .offset = message->offset,
                                            .stage = "adapter",
                                            .instance = unit_header(message, REJECTED_INSTANCE),
                                            .platform = unit_header(message, REJECTED_PLATFORM),
                                            .zone = unit_header(message, REJECTED_ZONE),
                                            .run = unit_header(message, REJECTED_RUN),
                                            .reason = reason ? reason : "unknown_message",
                                            .text = unit_header(message, REJECTED_TEXT),
                                            .channel = unit_header(message, REJECTED_CHANNEL),
                                            .position = unit_header(message, REJECTED_POSITION),
                                            .content_type = unit_header(message, REJECTED_CONTENT_TYPE),
                                            .sha256 = unit_header(message, REJECTED_SHA256),
                                            .seq = header_integer(message, REJECTED_SEQ),
                                            .size = header_integer(message, REJECTED_SIZE),
                                            .received = header_time(message, REJECTED_RECEIVED, message->stamp_ms),
                                            .key_version = header_integer(message, REJECTED_KEY_VERSION),
                                            .value = message->value,
                                            .value_size = message->value_size };

                store_rejected(batch->store, &row);
                store_record(batch->store, &(StoreRecord){ .topic = row.topic,
                                                           .partition = row.partition,
                                                           .offset = row.offset,
                                                           .run = row.run,
                                                           .seq = row.seq,
                                                           .verdict = "rejected",
                                                           .instance = row.instance,
                                                           .received = row.received });
        }
        return true;
}

static void log_batch(const char *message, const Batch *batch, int64_t base)
{
        log_info(message, LOG_TEXT("topic", batch->unit->topic), LOG_NUMBER("partition", batch->unit->partition),
                 LOG_NUMBER("base", base), LOG_NUMBER("next", base + (int64_t)batch->size),
                 LOG_NUMBER("events", (int64_t)batch->size), LOG_NUMBER("duplicates", (int64_t)batch->duplicates),
                 LOG_NUMBER("rejected", (int64_t)batch->rejected));
}

static void unit_advance(Unit *unit, size_t done)
{
        map_each(unit->zones, zone_done, NULL);
        unit->next += (int64_t)done;
        unit->messages_size -= done;
        memmove(unit->messages, unit->messages + done, unit->messages_size * sizeof *unit->messages);
        unit->rules_stored = true;
        if (unit->messages_size == 0)
                arena_reset(unit->arena);
}

bool unit_commit(Unit *unit, const UnitContext *context, Store *store, size_t *done, Error *err)
{
        Batch batch = { .unit = unit,
                        .context = context,
                        .store = store,
                        .size = unit->messages_size < unit->limit ? unit->messages_size : unit->limit };
        CLEANUP(mem_drop) Entry *entries = mem_new((batch.size + 1) * sizeof *entries);
        CLEANUP(map_drop) Map *fresh = map_new();
        const bool events = unit->kind == UNIT_EVENTS;
        StoreBatch move = { .topic = unit->topic,
                            .partition = unit->partition,
                            .base = unit->next,
                            .next = unit->next + (int64_t)batch.size,
                            .rules = events ? rules_version(context->rules) : NULL,
                            .rules_changed = events && !unit->rules_stored };

        *done = batch.size;
        batch.entries = entries;
        batch.fresh = fresh;
        sha256(unit->messages[batch.size - 1].value, unit->messages[batch.size - 1].value_size, move.sha256);
        if (!store_begin(store, &move, err) || !(events ? events_write(&batch, err) : rejected_write(&batch, err)))
                return false;
        log_batch("batch", &batch, unit->next);
        if (!store_commit(store, err))
                return false;
        log_batch("committed", &batch, unit->next);
        unit_advance(unit, batch.size);
        return true;
}
