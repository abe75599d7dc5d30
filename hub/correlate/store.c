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

Store *store_open(const DbOptions *options, Error *err)
{
        Store *store = mem_new(sizeof *store);
        bool member = false;

        store->db = db_open(options, "hub correlate", "", err);
        if (store->db && db_lock_try(store->db, LOCK_MEMBERS, 0, true, &member, err)) {
                if (!member)
                        error_set(err, ERR_RETRY, NULL, "`hub epoch raise` is at work");
                else if (generation_read(store, NULL, err) && store_erasures_read(store, err) &&
                         store_stage(store, err) && store_prepare(store, err))
                        return store;
        }
        store_close(store);
        return NULL;
}

Store *store_open_replay(const DbOptions *options, int32_t number, Error *err)
{
        Store *store = mem_new(sizeof *store);
        bool taken = false;
        char text[16];

        snprintf(text, sizeof text, "%d", number);
        store->replay = true;
        store->db = db_open(options, "hub recorrelate", "", err);
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
        store_rows_clear(store);
        DbCopy *const copies[] = { &store->keys,        &store->records, &store->rejected, &store->incidents,
                                   &store->subjects,    &store->links,   &store->outbox,   &store->status,
                                   &store->suggestions, &store->ends };
        for (size_t i = 0; i < sizeof copies / sizeof *copies; i++)
                db_copy_free(copies[i]);
        erased_free(store->erased);
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
        if (!db_query(store->db, &result,
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

/* Rows of incidents (id, text) and of their subjects (incident, text) into the zone. */
static bool rows_take(Zone *zone, const DbResult *incidents, const DbResult *subjects, Error *err)
{
        for (size_t i = 0; i < db_rows(incidents); i++)
                if (!zone_load_incident(zone, db_text(incidents, i, 0), db_size(incidents, i, 0), err))
                        return false;
        for (size_t i = 0; i < db_rows(subjects); i++)
                if (!zone_load_member(zone, db_text(subjects, i, 0), db_text(subjects, i, 1), db_size(subjects, i, 1),
                                      err))
                        return false;
        zone_load_end(zone);
        return true;
}

static bool zone_row_load(Store *store, Zone *zone, Error *err)
{
        CLEANUP(db_result_drop) DbResult *row = NULL, *pairs = NULL, *effects = NULL, *contexts = NULL;
        const char *const values[] = { zone_id(zone) };

        if (!db_query(store->db, &row, "SELECT state FROM zone WHERE zone = $1", values, 1, err) ||
            !db_query(store->db, &pairs, "SELECT one, other, rule, command FROM pair_rule WHERE zone = $1", values, 1,
                      err) ||
            !db_query(store->db, &effects, "SELECT command, effect FROM command_effect WHERE zone = $1", values, 1,
                      err) ||
            !db_query(store->db, &contexts, "SELECT correlator FROM context WHERE zone = $1", values, 1, err))
                return false;
        if (db_rows(row) == 1 && !zone_read(zone, db_text(row, 0, 0), db_size(row, 0, 0), err))
                return false;
        for (size_t i = 0; i < db_rows(pairs); i++)
                zone_load_pair(zone, db_text(pairs, i, 0), db_text(pairs, i, 1), db_text(pairs, i, 2),
                               db_text(pairs, i, 3));
        for (size_t i = 0; i < db_rows(effects); i++)
                zone_load_effect(zone, db_text(effects, i, 0), db_text(effects, i, 1));
        for (size_t i = 0; i < db_rows(contexts); i++)
                if (!zone_load_context(zone, db_text(contexts, i, 0), db_size(contexts, i, 0), err))
                        return false;
        return true;
}

/*
 * What member_read() takes, of row s of subject: what its columns say before what they do not. Rows of earlier hubs say all in
 * the latter, and what was erased is as jsonb writes it: there the latter counts.
 */
#define MEMBER                                                                                                         \
        "CASE WHEN s.correlator LIKE '{\"number\":%' THEN left(c.said, -1) || ',' || substr(s.correlator, 2)"          \
        " ELSE (c.said::jsonb || s.correlator::jsonb)::text END"
#define MEMBER_COLUMNS                                                                                                 \
        " CROSS JOIN LATERAL (SELECT json_strip_nulls(json_build_object('state', s.state, 'severity', s.severity,"     \
        " 'outcome', s.outcome, 'subject', s.subject, 'first_event', s.first_event, 'last_event', s.last_event,"       \
        " 'platform', s.platform, 'channel', s.channel, 'category', s.category, 'title', s.title,"                     \
        " 'occurred', ops.milliseconds(s.occurred), 'updated', ops.milliseconds(s.updated),"                           \
        " 'closed', ops.milliseconds(s.closed), 'deadline', ops.milliseconds(s.deadline),"                             \
        " 'point', CASE WHEN s.geom IS NOT NULL THEN json_build_array(round(ST_X(s.geom) * 1e7)::bigint,"              \
        " round(ST_Y(s.geom) * 1e7)::bigint) END, 'accuracy_cm', CASE WHEN"                                            \
        " s.correlator NOT LIKE '%\"accuracy_cm\":%' THEN s.accuracy_m * 100::bigint END))::text AS said) c "

bool store_load(Store *store, Zone *zone, int32_t partition, Error *err)
{
        CLEANUP(db_result_drop) DbResult *incidents = NULL, *subjects = NULL;
        char time[24];
        const char *const values[] = { zone_id(zone), time };

        if (!zone_row_load(store, zone, err) || !store_words_load(store, zone, partition, err))
                return error_add(err, "loading zone %s", zone_id(zone));
        snprintf(time, sizeof time, "%lld", (long long)zone_time(zone));
        if (!db_query(store->db, &incidents,
                      "SELECT correlator FROM incident WHERE zone = $1 AND kept_day >= $2::bigint / 86400000"
                      " AND kept_until >= $2::bigint AND kept_until > (-9223372036854775807 - 1)",
                      values, 2, err) ||
            !db_query(store->db, &subjects,
                      "SELECT s.incident, " MEMBER " FROM incident i JOIN subject s USING (incident)" MEMBER_COLUMNS
                      " WHERE i.zone = $1 AND i.kept_day >= $2::bigint / 86400000 AND i.kept_until >= $2::bigint"
                      " AND i.kept_until > (-9223372036854775807 - 1)",
                      values, 2, err) ||
            !rows_take(zone, incidents, subjects, err))
                return error_add(err, "loading zone %s", zone_id(zone));
        return true;
}

/* A text array literal: {"...","..."} */
static char *array_text(const char *const *items, size_t size)
{
        Buffer out = { 0 };

        buffer_byte(&out, '{');
        for (size_t i = 0; i < size; i++) {
                buffer_text(&out, i ? ",\"" : "\"");
                for (const char *c = items[i]; *c; c++) {
                        if (*c == '"' || *c == '\\')
                                buffer_byte(&out, '\\');
                        buffer_byte(&out, *c);
                }
                buffer_byte(&out, '"');
        }
        buffer_byte(&out, '}');
        return out.bytes;
}

/* Where the named subjects stand, and the episodes in which they go on. */
#define FETCHED                                                                                                        \
        "(SELECT n.incident FROM (SELECT incident, correlator::jsonb->>'episode' AS episode FROM subject WHERE zone "  \
        "= $1 AND"                                                                                                     \
        " subject = ANY ($2::text[])) p CROSS JOIN LATERAL (SELECT p.incident UNION ALL SELECT s.incident FROM "       \
        "subject s"                                                                                                    \
        " WHERE s.zone = $1 AND s.subject = p.episode) n)"

bool store_fetch(Store *store, Zone *zone, const char *const *names, size_t size, Error *err)
{
        CLEANUP(db_result_drop) DbResult *incidents = NULL, *subjects = NULL;
        CLEANUP(mem_drop) char *array = array_text(names, size);
        const char *const values[] = { zone_id(zone), array };

        if (size == 0)
                return true;
        if (!db_query(store->db, &incidents, "SELECT correlator FROM incident WHERE incident IN " FETCHED, values, 2,
                      err) ||
            !db_query(store->db, &subjects,
                      "SELECT incident, " MEMBER " FROM subject s" MEMBER_COLUMNS "WHERE incident IN " FETCHED, values,
                      2, err) ||
            !rows_take(zone, incidents, subjects, err))
                return error_add(err, "fetching subjects of zone %s", zone_id(zone));
        return true;
}
