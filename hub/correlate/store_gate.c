/* What a decision asks of the warehouse while the batch before it is written, on a connection of its own. */

#include "hub/correlate/store_private.h"

#include <stdlib.h>
#include <string.h>

Error *store_reads_judge(Store *store, Error *err)
{
        CLEANUP(db_result_drop) DbResult *live = NULL;
        Error unsaid = { 0 };

        if (err->kind == ERR_FATAL && !store->replay &&
            db_query(store->reads, &live, "SELECT generation FROM ops.generation WHERE live", NULL, 0, &unsaid) &&
            (db_rows(live) != 1 || db_integer(live, 0, 0) != store->generation))
                err->kind = ERR_RETRY;
        return err;
}

static void key_put(Buffer *key, const char *zone, const char *id)
{
        buffer_clear(key);
        buffer_add(key, zone, strlen(zone) + 1);
        buffer_text(key, id);
}

/* Which of the ids are in the warehouse, into `known`. */
static bool keys_known(Store *store, const char *const *keys, size_t pairs, Map *known, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        CLEANUP(mem_drop) char *zones = db_array(keys, pairs * 2, 2);
        CLEANUP(mem_drop) char *ids = db_array(keys + 1, pairs * 2, 2);
        CLEANUP(buffer_free) Buffer key = { 0 };
        const char *const values[] = { zones, ids };

        if (!db_query(store->reads, &result,
                      "SELECT zone, id FROM unnest($1::text[], $2::text[]) AS k (zone, id)"
                      " JOIN ods.event_key USING (zone, id)",
                      values, 2, err))
                return error_add(store_reads_judge(store, err), "asking for ids");
        for (size_t i = 0; i < db_rows(result); i++) {
                key_put(&key, db_text(result, i, 0), db_text(result, i, 1));
                map_put(known, key.bytes, key.size, known);
        }
        return true;
}

bool store_gate(Store *store, const char *const *keys, size_t pairs, Map *fresh, Error *err)
{
        CLEANUP(map_drop) Map *known = map_new();
        CLEANUP(buffer_free) Buffer key = { 0 };
        StoreRows *rows = store->rows;

        if (pairs == 0)
                return true;
        if (!keys_known(store, keys, pairs, known, err))
                return false;
        for (size_t i = 0; i < pairs; i++) {
                key_put(&key, keys[i * 2], keys[i * 2 + 1]);
                if (map_get(known, key.bytes, key.size) || map_get(store->sent->let_in, key.bytes, key.size))
                        continue;
                map_put(fresh, key.bytes, key.size, fresh);
                map_put(rows->let_in, key.bytes, key.size, rows);
                db_copy_text(&rows->keys, keys[i * 2]);
                db_copy_text(&rows->keys, keys[i * 2 + 1]);
                db_copy_row(&rows->keys);
        }
        return true;
}
