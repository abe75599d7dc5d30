#pragma once

/*
 * A unit of ownership: one partition that this correlator may hold, the messages of it that wait for their batch, and, for
 * events, the zones that live in it. Nothing here survives a rollback: unit_drop() forgets all, the store knows the rest.
 */

#include "hub/base/map.h"
#include "hub/correlate/store.h"
#include "hub/event/mac.h"
#include "hub/event/zone.h"
#include "hub/kafka/kafka.h"

typedef struct {
        int64_t offset, stamp_ms;
        const char *key, *value; /* in the unit's arena */
        size_t value_size;
        KafkaHeader *headers;
        size_t headers_size;
} UnitMessage;

typedef struct {
        UnitKind kind;
        char *topic;
        int32_t partition;
        bool held;
        int64_t next;     /* as stored: everything below is in the warehouse */
        int64_t expected; /* next message to come */
        bool verify;      /* the first message is that at next - 1, and must have this hash */
        StoredOffset stored;
        UnitMessage *messages; /* waiting, dense */
        size_t messages_size, messages_room;
        size_t limit;   /* most messages of a batch: shrinks after a poison row, grows again */
        int64_t poison; /* offset of a value that PostgreSQL refuses, and that is rejected for it; -1: none */
        Arena *arena;
        Map *zones;            /* id -> Zone *, owned */
        EventReader **readers; /* one a message of the batch: their values live side by side */
        size_t readers_size;
        bool rules_stored;   /* the row of the current rules version is written */
        bool forgot_changes; /* the batch in flight changed what is not in memory any more */
} Unit;

/* What batches need beside the unit and the store. */
typedef struct {
        const Rules *rules;
        const Zones *zones;
        const MacKeys *keys;              /* NULL: every command is rejected */
        struct CorrelateMetrics *metrics; /* NULL: nobody counts */
        bool replay; /* messages are those of ods.record that were let in: gate and ledger know them */
} UnitContext;

void unit_open(Unit *unit, UnitKind kind, const char *topic, int32_t partition);
void unit_close(Unit *unit);

/* Loads what the store knows, in one snapshot. ERR_RETRY when `hub topics` has not made its row yet. */
bool unit_load(Unit *unit, const UnitContext *context, Store *store, Error *err);
void unit_drop(Unit *unit); /* forgets all; held becomes false */

/* Takes a message in. Below expected it is dropped; above, or with another hash than stored, ERR_FATAL: nothing may be skipped. */
bool unit_take(Unit *unit, const KafkaMessage *message, Error *err);

/* The same without looking: offsets may have gaps, for the log of ods.record leaves out what was not let in. */
void unit_keep(Unit *unit, const KafkaMessage *message);

/* Of a message that was decided on, what is counted once it is committed. */
typedef struct {
        const char *verdict, *band; /* static; band NULL: none */
        bool bounded;
        int64_t received; /* TIME_NONE: its age is not counted */
} Counted;

/* A batch that is decided: its rows are the store's, its changes are the memory's already, its messages are not needed any more. */
typedef struct {
        Unit *unit; /* NULL: there is none */
        int64_t base, next;
        size_t size, duplicates, rejected;
        Counted *counted; /* of events, owned */
} Decided;

/* Decides the first messages that wait. decided->size says how many they are also when it fails: then the unit is to be dropped. */
bool unit_decide(Unit *unit, const UnitContext *context, Store *store, Decided *decided, Error *err);
void unit_log(const char *message, const Decided *decided);
/* It is committed, at that time (UTC) and after so long: next moves on. Leaves decided empty. */
void unit_committed(Decided *decided, const UnitContext *context, int64_t at, int64_t took_ms);
void decided_drop(Decided *decided); /* for CLEANUP, too */

/* Both at once, and the transaction between them. */
bool unit_commit(Unit *unit, const UnitContext *context, Store *store, size_t *done, Error *err);

const char *unit_header(const UnitMessage *message, const char *key); /* NULL when absent */
