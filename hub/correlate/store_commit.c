/* A batch that was handed over: one transaction, from the move of its offset to the tag COMMIT. */

#include "hub/correlate/store_private.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- statements beside the rows ---- */

void store_later(Store *store, const char *sql, const char *const *values, size_t size)
{
        StoreRows *rows = store->rows;
        const char **copies = arena_take(rows->arena, (size + 1) * sizeof *copies);

        if (rows->later_size == rows->later_room) {
                rows->later_room = rows->later_room ? rows->later_room * 2 : 32;
                rows->later = mem_resize(rows->later, rows->later_room * sizeof *rows->later);
        }
        for (size_t i = 0; i < size; i++)
                copies[i] = values[i] ? arena_copy(rows->arena, values[i], strlen(values[i])) : NULL;
        rows->later[rows->later_size++] = (Statement){ sql, copies, size };
}

static bool later_run(Db *db, const StoreRows *rows, Error *err)
{
        for (size_t i = 0; i < rows->later_size; i++)
                if (!db_query(db, NULL, rows->later[i].sql, rows->later[i].values, rows->later[i].size, err))
                        return false;
        return true;
}

/* ---- the transaction ---- */

static bool rules_note(Db *db, const StoreBatch *batch, Error *err)
{
        char partition[16], base[24];
        const char *const values[] = { batch->topic, partition, base, batch->rules };

        snprintf(partition, sizeof partition, "%d", batch->partition);
        snprintf(base, sizeof base, "%lld", (long long)batch->base);
        return db_query(
                db, NULL,
                "INSERT INTO ops.rules VALUES ($1, $2::int, $3::bigint, $4) ON CONFLICT (topic, partition, \"offset\")"
                " DO NOTHING",
                values, 4, err);
}

static bool offset_move(Store *store, const StoreBatch *batch, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        char partition[16], base[24], next[24], hash[SHA256_TEXT_SIZE], generation[16], erasures[24];
        const char *const values[] = { batch->topic, partition, base, next, generation, hash, batch->rules, erasures };

        snprintf(partition, sizeof partition, "%d", batch->partition);
        snprintf(base, sizeof base, "%lld", (long long)batch->base);
        snprintf(next, sizeof next, "%lld", (long long)batch->next);
        snprintf(generation, sizeof generation, "%d", store->generation);
        snprintf(erasures, sizeof erasures, "%lld", (long long)store->erasures);
        hex_text(batch->sha256, sizeof batch->sha256, hash);
        if (!db_query(store->db, &result,
                      store->replay
                              ? "UPDATE ops.replay SET next_offset = $4::bigint WHERE topic = $1 AND partition ="
                                " $2::int AND next_offset = $3::bigint AND generation = $5::int"
                              : "UPDATE ops.kafka_offset SET next_offset = $4::bigint, last_sha256 = decode($6, 'hex'),"
                                " rules = coalesce($7, rules), committed_at = clock_timestamp() WHERE topic = $1 AND"
                                " partition = $2::int AND next_offset = $3::bigint AND generation = $5::int AND "
                                "erasures = $8::bigint",
                      values, store->replay ? 5 : 8, err))
                return false;
        if (db_affected(result) != 1)
                return error_set(err, ERR_RETRY, NULL,
                                 "%s/%d: another process moved the offset from %s, or somebody's data was erased",
                                 batch->topic, batch->partition, base);
        return store->replay || !batch->rules_changed || rules_note(store->db, batch, err);
}

/* What the decisions rest on, asked of another connection before: each of these ids is new. */
static bool keys_write(Db *db, StoreRows *rows, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        const int64_t keys = (int64_t)rows->keys.count;

        if (keys == 0)
                return true;
        if (!db_copy_end(db, &rows->keys, "COPY stage_key (zone, id) FROM STDIN", err) ||
            !db_query(db, &result, "EXECUTE letting_in", NULL, 0, err))
                return error_add(err, "letting events in");
        return db_affected(result) == keys ||
               error_set(err, ERR_RETRY, NULL, "of %lld ids %lld were let in by somebody else", (long long)keys,
                         (long long)(keys - db_affected(result)));
}

void store_hand_over(Store *store)
{
        StoreRows *rows = store->sent;

        store->sent = store->rows;
        store->rows = rows;
        store_rows_clear(rows);
}

bool store_commit(Store *store, Error *err)
{
        StoreRows *rows = store->sent;

        return (db_begin(store->db, "READ COMMITTED", err) && offset_move(store, &rows->move, err) &&
                keys_write(store->db, rows, err) && later_run(store->db, rows, err) &&
                store_rows_write(store->db, rows, err) && db_commit(store->db, err)) ||
               error_add(err, "storing a batch");
}

void store_abort(Store *store)
{
        if (db_alive(store->db))
                db_rollback(store->db);
}
