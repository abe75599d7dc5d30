#include "hub/correlate/store_private.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Advisory locks: one shared by every correlator that is alive, one a partition held alone. */
enum { LOCK_MEMBERS = 0x68756200, LOCK_EVENTS, LOCK_REJECTED, LOCK_REPLAY };

/* Epoch and tables of a generation: the live one, or that of a number. ERR_RETRY while there are no tables. */
static bool generation_read(Store *store, const char *number, Error *err)
{
        CLEANUP(db_result_drop) DbResult *tables = NULL;
        CLEANUP(db_result_drop) DbResult *result = NULL;
        const char *const values[] = { number };

        if (!db_query(store->db, &tables, "SELECT to_regclass('ops.erased_subject') IS NOT NULL", NULL, 0, err))
                return false;
        if (!db_flag(tables, 0, 0))
                return error_set(err, ERR_RETRY, NULL, "the database lacks tables of this hub: run `hub migrate`");
        if (!db_query(store->db, &result,
                      "SELECT epoch, generation, set_config('search_path', 'dw_' || generation || ', public', false)"
                      " FROM ops.generation WHERE CASE WHEN $1::int IS NULL THEN live ELSE generation = $1::int END",
                      values, 1, err))
                return false;
        if (db_rows(result) != 1)
                return error_set(err, ERR_RETRY, NULL, "there is no such generation");
        store->epoch = (int32_t)db_integer(result, 0, 0);
        store->generation = (int32_t)db_integer(result, 0, 1);
        return true;
}

static Store *store_new(void)
{
        Store *store = mem_new(sizeof *store);

        store->rows = store_rows_new();
        store->sent = store_rows_new();
        return store;
}

static bool reads_open(Store *store, const DbOptions *options, Error *err)
{
        char path[32];

        snprintf(path, sizeof path, "dw_%d, public", store->generation);
        store->reads = db_open(options, "hub correlate reads", path, err);
        return store->reads != NULL;
}

Store *store_open(const DbOptions *options, Error *err)
{
        Store *store = store_new();
        bool member = false;

        store->db = db_open(options, "hub correlate", "", err);
        if (store->db && db_lock_try(store->db, LOCK_MEMBERS, 0, true, &member, err)) {
                if (!member)
                        error_set(err, ERR_RETRY, NULL, "`hub epoch raise` is at work");
                else if (generation_read(store, NULL, err) && reads_open(store, options, err) &&
                         store_erasures_read(store, err) && store_stage(store, err) && store_prepare(store, err))
                        return store;
        }
        store_close(store);
        return NULL;
}

Store *store_open_replay(const DbOptions *options, int32_t number, Error *err)
{
        Store *store = store_new();
        bool taken = false;
        char text[16];

        snprintf(text, sizeof text, "%d", number);
        store->replay = true;
        store->reads = store->db = db_open(options, "hub recorrelate", "", err);
        if (store->db && db_lock_try(store->db, LOCK_REPLAY, 0, false, &taken, err)) {
                if (!taken)
                        error_set(err, ERR_RETRY, NULL, "another hub recorrelate or hub promote is at work");
                else if (generation_read(store, text, err) && store_erasures_read(store, err) &&
                         store_stage(store, err) && store_prepare(store, err))
                        return store;
        }
        store_close(store);
        return NULL;
}

void store_close(Store *store)
{
        if (!store)
                return;
        store_rows_free(store->rows);
        store_rows_free(store->sent);
        erased_free(store->erased);
        if (store->reads != store->db)
                db_close(store->reads);
        db_close(store->db);
        free(store);
}

int32_t store_epoch(const Store *store)
{
        return store->epoch;
}

int32_t store_generation(const Store *store)
{
        return store->generation;
}

Db *store_db(Store *store)
{
        return store->db;
}

int store_backend(const Store *store)
{
        return db_backend(store->db);
}

bool store_alone(Db *db, bool *alone, Error *err)
{
        return db_lock_try(db, LOCK_MEMBERS, 0, false, alone, err);
}

bool store_replay_alone(Db *db, bool *alone, Error *err)
{
        return db_lock_try(db, LOCK_REPLAY, 0, false, alone, err);
}

bool store_members(Store *store, int64_t *members, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        char space[16];
        const char *const values[] = { space };

        snprintf(space, sizeof space, "%d", LOCK_MEMBERS);
        if (!db_query(store->reads, &result,
                      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 0 AND classid "
                      "= $1::int::oid"
                      " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                      values, 1, err))
                return error_add(err, "counting correlators");
        *members = db_integer(result, 0, 0);
        return true;
}

bool store_take(Store *store, UnitKind kind, int32_t partition, bool *taken, Error *err)
{
        return db_lock_try(store->db, kind == UNIT_EVENTS ? LOCK_EVENTS : LOCK_REJECTED, partition, false, taken, err);
}

bool store_give(Store *store, UnitKind kind, int32_t partition, Error *err)
{
        return db_unlock(store->db, kind == UNIT_EVENTS ? LOCK_EVENTS : LOCK_REJECTED, partition, false, err);
}

bool store_snapshot(Store *store, Error *err)
{
        return db_begin(store->db, "REPEATABLE READ READ ONLY", err);
}

bool store_snapshot_end(Store *store, Error *err)
{
        return db_commit(store->db, err);
}

bool store_offset(Store *store, const char *topic, int32_t partition, StoredOffset *out, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        CLEANUP(buffer_free) Buffer hash = { 0 };
        char number[16], generation[16];
        const char *const values[] = { topic, number, generation };

        memset(out, 0, sizeof *out);
        snprintf(number, sizeof number, "%d", partition);
        snprintf(generation, sizeof generation, "%d", store->generation);
        if (!db_query(store->db, &result,
                      store->replay
                              ? "SELECT next_offset, NULL, '' FROM ops.replay WHERE topic = $1 AND partition = $2::int"
                                " AND generation = $3::int"
                              : "SELECT next_offset, encode(last_sha256, 'hex'), coalesce(rules, '') FROM"
                                " ops.kafka_offset WHERE topic = $1 AND partition = $2::int",
                      values, store->replay ? 3 : 2, err))
                return error_add(err, "offset of %s/%d", topic, partition);
        out->known = db_rows(result) == 1;
        if (!out->known)
                return true;
        out->next = db_integer(result, 0, 0);
        out->hashed =
                db_text(result, 0, 1) && hex_read(db_text(result, 0, 1), &hash) && hash.size == sizeof out->sha256;
        if (out->hashed)
                memcpy(out->sha256, hash.bytes, sizeof out->sha256);
        snprintf(out->rules, sizeof out->rules, "%s", db_text(result, 0, 2));
        return true;
}
