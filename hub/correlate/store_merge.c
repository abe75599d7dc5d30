/* The rows of a batch from COPY buffers through staging tables into the warehouse. */

#include "hub/correlate/store_private.h"

#include <stdlib.h>
#include <string.h>

/* The statements that are the same in every batch, planned once a connection. */
static const char prepared[] =
        "PREPARE letting_in AS INSERT INTO ods.event_key (zone, id) SELECT zone, id FROM stage_key ON CONFLICT DO "
        "NOTHING;"
        "PREPARE record_merge AS INSERT INTO ods.record (topic, partition, \"offset\", run, seq, id, subject, kind, "
        "zone,"
        " platform, instance, received, occurred, category, lon, lat, verdict, text)"
        " SELECT topic, partition, \"offset\", run, seq, id, subject, kind, zone,"
        " platform, instance, received, occurred, category, lon, lat, verdict, text FROM stage_record;"
        "PREPARE outbox_merge AS INSERT INTO ops.outbox (zone, incident, epoch, version, payload)"
        " SELECT zone, incident, epoch, version, payload FROM stage_outbox ORDER BY place;" /* a heap keeps no order */
        "PREPARE incident_merge AS INSERT INTO incident (incident, zone, number, epoch, version, state, severity, "
        "category, category_name, "
        "title, geom, radius_m,"
        " address, district, subdistrict, community, grid, opened, updated, deadline, closed, founding, reports, "
        "platforms, merged_into,"
        " recurrence_of, assigned_to, assigned_by, assigned_at, rules_number, candidate_until, kept_until, context, "
        "correlator)"
        " SELECT incident, zone, number, epoch, version, state, severity, category, category_name, title,"
        " ST_SetSRID(ST_MakePoint(lon, lat), 4490), radius_m, address, district, subdistrict, community, grid, opened, "
        "updated, deadline,"
        " closed, founding, reports, platforms, merged_into, recurrence_of, assigned_to, assigned_by, "
        "assigned_at, rules_number, candidate_until, "
        "kept_until,"
        " context, correlator FROM stage_incident"
        " ON CONFLICT (incident) DO UPDATE SET epoch = excluded.epoch, version = excluded.version, state = "
        "excluded.state,"
        " severity = excluded.severity, category = excluded.category, category_name = excluded.category_name, title = "
        "excluded.title,"
        " geom = excluded.geom, radius_m = excluded.radius_m, address = excluded.address, district = excluded.district,"
        " subdistrict = excluded.subdistrict, community = excluded.community, grid = excluded.grid, updated = "
        "excluded.updated,"
        " deadline = excluded.deadline, closed = excluded.closed, founding = excluded.founding, reports = "
        "excluded.reports,"
        " platforms = excluded.platforms, merged_into = excluded.merged_into, rules = NULL, rules_number = "
        "excluded.rules_number,"
        " recurrence_of = excluded.recurrence_of, assigned_to = excluded.assigned_to,"
        " assigned_by = excluded.assigned_by, assigned_at = excluded.assigned_at,"
        " candidate_until = excluded.candidate_until, kept_until = excluded.kept_until, context = excluded.context, "
        "correlator = "
        "excluded.correlator;"
        "PREPARE subject_merge AS INSERT INTO subject (zone, subject, incident, platform, channel, first_event, "
        "last_event, state, outcome, "
        "severity, category, title,"
        " occurred, updated, closed, deadline, geom, accuracy_m, active, correlator)"
        " SELECT zone, subject, incident, platform, channel, first_event, last_event, state, outcome, severity, "
        "category, title, occurred,"
        " updated, closed, deadline, ST_SetSRID(ST_MakePoint(lon, lat), 4490), accuracy_m, active, correlator FROM "
        "stage_subject"
        " ON CONFLICT (zone, subject) DO UPDATE SET incident = excluded.incident, channel = excluded.channel,"
        " last_event = excluded.last_event, state = excluded.state, outcome = excluded.outcome, severity = "
        "excluded.severity,"
        " category = excluded.category, title = excluded.title, occurred = excluded.occurred, updated = "
        "excluded.updated,"
        " closed = excluded.closed, deadline = excluded.deadline, geom = excluded.geom, accuracy_m = "
        "excluded.accuracy_m,"
        " active = excluded.active, correlator = excluded.correlator";

bool store_prepare(Store *store, Error *err)
{
        return db_run(store->db, prepared, err);
}

static bool merged(Db *db, DbCopy *copy, const char *into, const char *merge, Error *err)
{
        if (copy->count == 0)
                return true;
        return db_copy_end(db, copy, into, err) && (!merge || db_run(db, merge, err));
}

/* With their suggestions, of which most are as they were: those rows stay. */
static bool incidents_write(Db *db, StoreRows *rows, Error *err)
{
        if (rows->incidents.count == 0)
                return true;
        return merged(db, &rows->incidents, "COPY stage_incident FROM STDIN", "EXECUTE incident_merge", err) &&
               merged(db, &rows->suggestions, "COPY stage_suggestion FROM STDIN", NULL, err) &&
               db_run(db,
                      "DELETE FROM suggestion s USING stage_incident i WHERE s.incident = i.incident AND NOT EXISTS"
                      " (SELECT FROM stage_suggestion t WHERE (t.incident, t.other, t.score) = (s.incident, s.other,"
                      " s.score));"
                      "INSERT INTO suggestion SELECT incident, other, score FROM stage_suggestion"
                      " ON CONFLICT (incident, other) DO NOTHING",
                      err);
}

bool store_rows_write(Db *db, StoreRows *rows, Error *err)
{
        return merged(db, &rows->records,
                      "COPY stage_record (topic, partition, \"offset\", run, seq, id, subject, kind, zone, platform, "
                      "instance, received, occurred,"
                      " category, lon, lat, verdict, text) FROM STDIN",
                      "EXECUTE record_merge", err) &&
               merged(db, &rows->rejected,
                      "COPY ops.rejected (topic, partition, \"offset\", stage, instance, platform, zone, run, seq, "
                      "reason, text, channel,"
                      " position, content_type, received, sha256, size, key_version, value, retry_of, beside) FROM "
                      "STDIN",
                      NULL, err) &&
               incidents_write(db, rows, err) &&
               merged(db, &rows->subjects, "COPY stage_subject FROM STDIN", "EXECUTE subject_merge", err) &&
               merged(db, &rows->ends, "COPY stage_end FROM STDIN",
                      "UPDATE link l SET unlinked_at = e.at, doubtful = l.doubtful OR e.doubtful FROM (SELECT zone, "
                      "subject,"
                      " min(at) FILTER (WHERE NOT doubtful_only) AS at, bool_or(doubtful_only) AS doubtful FROM "
                      "stage_end"
                      " GROUP BY zone, subject) e WHERE l.zone = e.zone AND l.subject = e.subject AND l.unlinked_at IS "
                      "NULL",
                      err) &&
               merged(db, &rows->links,
                      "COPY link (zone, subject, incident, partition, \"offset\", event, linked_at, unlinked_at, "
                      "linked_by, decision, score,"
                      " against, reasons_text, refused_text, rules_number, doubtful) FROM STDIN",
                      NULL, err) &&
               merged(db, &rows->outbox,
                      "COPY stage_outbox (place, zone, incident, epoch, version, payload) FROM STDIN",
                      "EXECUTE outbox_merge", err) &&
               merged(db, &rows->status, "COPY incident_status FROM STDIN", NULL, err);
}

enum { COPIES = 10 };

static void copies_of(StoreRows *rows, DbCopy *copies[COPIES])
{
        DbCopy *const all[COPIES] = { &rows->keys,        &rows->records, &rows->rejected, &rows->incidents,
                                      &rows->subjects,    &rows->links,   &rows->outbox,   &rows->status,
                                      &rows->suggestions, &rows->ends };

        memcpy(copies, all, sizeof all);
}

StoreRows *store_rows_new(void)
{
        StoreRows *rows = mem_new(sizeof *rows);

        rows->arena = arena_new();
        rows->let_in = map_new();
        return rows;
}

void store_rows_clear(StoreRows *rows)
{
        DbCopy *copies[COPIES];

        copies_of(rows, copies);
        for (size_t i = 0; i < COPIES; i++) {
                buffer_clear(&copies[i]->rows);
                copies[i]->count = 0;
                copies[i]->started = false;
        }
        map_free(rows->let_in, NULL);
        rows->let_in = map_new();
        rows->later_size = 0;
        arena_reset(rows->arena);
}

void store_rows_free(StoreRows *rows)
{
        DbCopy *copies[COPIES];

        if (!rows)
                return;
        copies_of(rows, copies);
        for (size_t i = 0; i < COPIES; i++)
                db_copy_free(copies[i]);
        map_free(rows->let_in, NULL);
        arena_free(rows->arena);
        free(rows->later);
        free(rows);
}
