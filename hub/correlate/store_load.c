/* What a zone goes on from, out of the warehouse into memory. */

#include "hub/correlate/store_private.h"

#include "hub/base/text.h"

#include <stdio.h>

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
 * What incident_read() takes, of row i of incident, and member_read(), of row s of subject: what its columns say before what they
 * do not. Rows of earlier hubs say all in the latter, and what was erased is as jsonb writes it: there the latter counts.
 */
#define INCIDENT                                                                                                       \
        "CASE WHEN i.correlator LIKE '{\"shown\":\"%' THEN left(d.said, -1) || ',' || substr(i.correlator, 2)"         \
        " ELSE (d.said::jsonb || i.correlator::jsonb)::text END"
#define INCIDENT_COLUMNS                                                                                               \
        " CROSS JOIN LATERAL (SELECT json_strip_nulls(json_build_object('id', i.incident, 'number', i.number,"         \
        " 'version', i.version, 'opened', ops.milliseconds(i.opened), 'merged_into', i.merged_into,"                   \
        " 'recurrence_of', i.recurrence_of, 'assigned', i.assigned_to, 'assigned_by', i.assigned_by,"                  \
        " 'assigned_at', ops.milliseconds(i.assigned_at), 'category', i.category, 'category_name', i.category_name,"   \
        " 'title', i.title, 'founding', i.founding))::text AS said) d "
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
                      "SELECT " INCIDENT " FROM incident i" INCIDENT_COLUMNS
                      "WHERE zone = $1 AND kept_day >= $2::bigint / 86400000"
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
        CLEANUP(mem_drop) char *array = db_array(names, size, 1);
        const char *const values[] = { zone_id(zone), array };

        if (size == 0)
                return true;
        if (!db_query(store->reads, &incidents,
                      "SELECT " INCIDENT " FROM incident i" INCIDENT_COLUMNS "WHERE incident IN " FETCHED, values, 2,
                      err) ||
            !db_query(store->reads, &subjects,
                      "SELECT incident, " MEMBER " FROM subject s" MEMBER_COLUMNS "WHERE incident IN " FETCHED, values,
                      2, err) ||
            !rows_take(zone, incidents, subjects, err))
                return error_add(store_reads_judge(store, err), "fetching subjects of zone %s", zone_id(zone));
        return true;
}
