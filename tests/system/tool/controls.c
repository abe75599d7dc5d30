/* Guards of the correlator and of the relay: what they ask of PostgreSQL. */

#include "controls.h"

#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/correlate/store.h"
#include "hub/correlate/unit.h"
#include "hub/db/db.h"

#include <stdlib.h>
#include <string.h>

bool is_away(const char *guard)
{
        const char *away = getenv("HUB_CONTROL");
        const size_t size = strlen(guard);

        for (const char *at = away; at && *at; at += strspn(at, ",")) {
                const size_t length = strcspn(at, ",");

                if (length == size && memcmp(at, guard, size) == 0)
                        return true;
                at += length;
        }
        return false;
}

bool __real_db_query(Db *db, DbResult **result, const char *sql, const char *const *values, size_t size, Error *err);
bool __wrap_db_query(Db *db, DbResult **result, const char *sql, const char *const *values, size_t size, Error *err);
bool __real_db_lock_try(Db *db, int32_t space, int32_t number, bool shared, bool *taken, Error *err);
bool __wrap_db_lock_try(Db *db, int32_t space, int32_t number, bool shared, bool *taken, Error *err);
bool __real_db_unlock(Db *db, int32_t space, int32_t number, bool shared, Error *err);
bool __wrap_db_unlock(Db *db, int32_t space, int32_t number, bool shared, Error *err);
bool __real_store_commit(Store *store, Error *err);
bool __wrap_store_commit(Store *store, Error *err);

/* One that no longer finds its place in the hub's sources would take nothing away: then there is no hub. */
static char *replaced(const char *sql, const char *what, const char *by)
{
        const char *at = strstr(sql, what);

        if (!at) {
                log_error("no such place in a statement of the hub", LOG_TEXT("place", what), LOG_TEXT("sql", sql));
                abort();
        }
        return text_format("%.*s%s%s", (int)(at - sql), sql, by, at + strlen(what));
}

static char *weakened(const char *sql)
{
        const bool is_move = text_starts(sql, "UPDATE ops.kafka_offset SET next_offset = $4");

        if (is_move && (is_away("compare") || is_away("autocommit")))
                return replaced(sql, "next_offset = $3::bigint AND", "$3::bigint IS NOT NULL AND");
        if (is_away("watermark") && strstr(sql, "FROM ops.feed_head FOR UPDATE"))
                return replaced(sql, "WHERE feed IS NULL",
                                "WHERE seq > (SELECT coalesce(max(seq), 0) FROM ops.outbox WHERE feed IS NOT NULL)");
        return NULL;
}

bool __wrap_db_query(Db *db, DbResult **result, const char *sql, const char *const *values, size_t size, Error *err)
{
        CLEANUP(mem_drop) char *weak = weakened(sql);

        return __real_db_query(db, result, weak ? weak : sql, values, size, err);
}

/* Partitions have numbers in spaces of events and of rejected; number 0 of the other spaces is left as it is. */
static bool is_partition(int32_t space)
{
        return (space & 0xff) == 1 || (space & 0xff) == 2;
}

bool __wrap_db_lock_try(Db *db, int32_t space, int32_t number, bool shared, bool *taken, Error *err)
{
        if (!__real_db_lock_try(db, space, number, shared, taken, err))
                return false;
        if (is_away("lock") && is_partition(space))
                *taken = true;
        return true;
}

bool __wrap_db_unlock(Db *db, int32_t space, int32_t number, bool shared, Error *err)
{
        Error unsaid = { 0 };

        if (is_away("lock") && is_partition(space))
                return __real_db_unlock(db, space, number, shared, &unsaid) || db_alive(db);
        return __real_db_unlock(db, space, number, shared, err);
}

bool __wrap_store_commit(Store *store, Error *err)
{
        Error unseen = { 0 };

        if (!is_away("tag"))
                return __real_store_commit(store, err);
        if (__real_store_commit(store, &unseen))
                return true;
        if (!db_alive(store_db(store))) {
                *err = unseen;
                return false;
        }
        store_abort(store);
        return true;
}

bool __real_unit_take(Unit *unit, const KafkaMessage *message, Error *err);
bool __wrap_unit_take(Unit *unit, const KafkaMessage *message, Error *err);

bool __wrap_unit_take(Unit *unit, const KafkaMessage *message, Error *err)
{
        if (is_away("autocommit") && unit->messages_size == 0) {
                unit->verify = false;
                unit->next = unit->expected = message->offset;
        }
        return __real_unit_take(unit, message, err);
}

/* ---- gate: also of two in one batch ---- */

bool __real_store_gate(Store *store, const char *const *keys, size_t pairs, Map *fresh, Error *err);
bool __wrap_store_gate(Store *store, const char *const *keys, size_t pairs, Map *fresh, Error *err);
void *__real_map_take(Map *map, const void *key, size_t size);
void *__wrap_map_take(Map *map, const void *key, size_t size);
bool __real_unit_decide(Unit *unit, const UnitContext *context, Store *store, Decided *decided, Error *err);
bool __wrap_unit_decide(Unit *unit, const UnitContext *context, Store *store, Decided *decided, Error *err);

static Map *open_gate; /* of the batch that is decided */

bool __wrap_store_gate(Store *store, const char *const *keys, size_t pairs, Map *fresh, Error *err)
{
        open_gate = is_away("gate") ? fresh : NULL;
        return __real_store_gate(store, keys, pairs, fresh, err);
}

void *__wrap_map_take(Map *map, const void *key, size_t size)
{
        return map && map == open_gate ? map : __real_map_take(map, key, size);
}

bool __wrap_unit_decide(Unit *unit, const UnitContext *context, Store *store, Decided *decided, Error *err)
{
        const bool is_fine = __real_unit_decide(unit, context, store, decided, err);

        open_gate = NULL;
        return is_fine;
}
