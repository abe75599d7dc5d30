#pragma once

/*
 * The correlator's store: its only SQL. One connection writes, and holds the locks of the partitions: whoever lost it lost the
 * partitions and can write nothing. A second one is asked what a decision must know while the first writes the batch before.
 * A batch is one transaction that begins by moving the offset from base to next (one row, or nothing happens) and ends with
 * the tag COMMIT; after any other end the memory of the partition is dropped and loaded again, with whatever was decided upon
 * it meanwhile, so that every event counts exactly once.
 */

#include "hub/base/map.h"
#include "hub/db/db.h"
#include "hub/zone/zone.h"

typedef struct Store Store;

Store *store_open(const DbOptions *options, Error *err); /* of the live generation */
/*
 * Of generation `number` beside the live one, to read the log of ods.record into it: batches move its own offsets in
 * ops.replay and write its own tables, nothing else. ERR_RETRY while another one replays.
 */
Store *store_open_replay(const DbOptions *options, int32_t number, Error *err);
void store_close(Store *store);
int32_t store_epoch(const Store *store);
int32_t store_generation(const Store *store);
Db *store_db(Store *store);
int store_backend(const Store *store);

/* ---- seats: who owns which partition ---- */

typedef enum { UNIT_EVENTS, UNIT_REJECTED } UnitKind;

bool store_replay_alone(Db *db, bool *alone, Error *err); /* takes the lock of replays on this connection */
/* Whether no correlator is alive; while this connection lasts, none comes. */
bool store_alone(Db *db, bool *alone, Error *err);
bool store_members(Store *store, int64_t *members, Error *err); /* correlators that are alive, this one among them */
bool store_take(Store *store, UnitKind kind, int32_t partition, bool *taken, Error *err);
bool store_give(Store *store, UnitKind kind, int32_t partition, Error *err);

/* ---- loading, in one snapshot between store_snapshot() and store_snapshot_end() ---- */

typedef struct {
        bool known; /* `hub topics` made its row */
        int64_t next;
        bool hashed; /* sha256 is that of the value at next - 1 */
        uint8_t sha256[32];
        char rules[65]; /* rules version of the last batch, "" before the first */
} StoredOffset;

bool store_snapshot(Store *store, Error *err);
bool store_offset(Store *store, const char *topic, int32_t partition, StoredOffset *out, Error *err);
bool store_load(Store *store, Zone *zone, int32_t partition, Error *err);
bool store_rules(Store *store, const char *rules, Error *err); /* after it: gives the version its number in rows */
bool store_snapshot_end(Store *store, Error *err);

/* ---- a batch ---- */

typedef struct {
        const char *topic;
        int32_t partition;
        int64_t base, next; /* offsets: of the first message, after the last */
        uint8_t sha256[32]; /* of the last value */
        const char *rules;  /* NULL for rejected records */
        bool rules_changed;
} StoreBatch;

typedef struct {
        const char *topic;
        int32_t partition;
        int64_t offset;
        const char *run; /* NULL: absent */
        int64_t seq;
        const char *verdict;       /* stored, duplicate, rejected, command, tick */
        const EventValue *value;   /* NULL when it could not be read */
        const char *id, *instance; /* where value is NULL; may be NULL */
        int64_t received;          /* where value is NULL */
        const char *text;          /* NULL: none is kept */
        size_t size;
} StoreRecord;

typedef struct {
        const char *topic;
        int32_t partition;
        int64_t offset;
        const char *stage, *instance, *platform, *zone, *run, *reason, *text, *channel, *position, *content_type,
                *sha256, *retry_of, *beside;      /* beside: hex */
        int64_t seq, received, size, key_version; /* key_version 0: not sealed */
        const char *value;
        size_t value_size;
} StoreRejected;

/* Begins to collect a batch. Nothing is written, and what is asked is asked as of the batch that was handed over last. */
void store_begin(Store *store, const StoreBatch *batch);
/* True: the event speaks of people who were erased (hub/privacy/erased.h), and was emptied; its case is kept as theirs. */
bool store_erased(Store *store, Event *event);
/* Lets ids in: `keys` is a list of zone, id pairs, each pair once; the ids that were new are put into `fresh` under "zone NUL id". */
bool store_gate(Store *store, const char *const *keys, size_t pairs, Map *fresh, Error *err);
bool store_fetch(Store *store, Zone *zone, const char *const *subjects, size_t size, Error *err); /* as committed */
void store_record(Store *store, const StoreRecord *record);
void store_rejected(Store *store, const StoreRejected *rejected);
void store_tick(Store *store, const Tick *tick, int32_t partition, int64_t offset, int64_t seq);
/* The rejected record RUN:SEQ was retried, all that came of it is in the log before message seq of run. */
void store_retried(Store *store, const char *rejected, const char *run, int64_t seq);
/* In a replay: the pairs that a command made in the live generation hold here too, whatever it does here. */
bool store_pairs_adopt(Store *store, Zone *zone, const char *command, Error *err);
void store_changes(Store *store, Zone *zone);

/* What was collected is what store_commit() writes. Not while it writes: the one that was handed over before is forgotten. */
void store_hand_over(Store *store);
/*
 * Writes it: one transaction. ERR_RETRY when another one moved the offset, or something was erased that the store does not know
 * of: open it anew. May run in another thread; only what is said above of collecting may be called meanwhile.
 */
bool store_commit(Store *store, Error *err);
void store_abort(Store *store);
