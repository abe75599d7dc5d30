/* All that is known of one incident, in one answer: why its reports stand together, what else it may be, what became of it. */

#include "hub/serve/read/incident.h"

#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/serve/read/feature.h"
#include "hub/serve/routes.h"
#include "hub/zone/zone.h"

#include <string.h>

enum { OK = 200, NOT_FOUND = 404 };

static const char incident_sql[] =
        "SELECT coalesce(o.payload, ops.incident_version(i.incident, i.epoch, i.version)), coalesce(o.feed, 0), i.zone,"
        " i.epoch || '.' || i.version, i.founding, i.merged_into, i.recurrence_of FROM dw.incident i"
        " LEFT JOIN ops.outbox o USING (incident, epoch, version) WHERE i.incident = $1 AND i.version > 0";

json_t *rows_json(const DbResult *rows, size_t column, Error *err)
{
        json_t *array = json_array();

        for (size_t i = 0; i < db_rows(rows); i++) {
                json_t *one = json_read_typed(db_text(rows, i, column), db_size(rows, i, column), err);

                if (!one) {
                        json_decref(array);
                        return NULL;
                }
                json_array_append_new(array, one);
        }
        return array;
}

bool role_reads_all(const Call *call)
{
        return call->person && call->person->role >= ROLE_DISPATCHER;
}

void reading_note(const Call *call, const char *what)
{
        log_info("restricted fields were read", LOG_TEXT("by", call->person->name), LOG_TEXT("what", what),
                 LOG_TEXT("request", call->id));
}

static bool detail_begin(Detail *detail, const DbResult *rows, Error *err)
{
        json_t *version = feature_version(db_text(rows, 0, 0), db_size(rows, 0, 0), db_integer(rows, 0, 1), err);

        if (!version)
                return false;
        detail->zone = arena_copy(detail->call->arena, db_text(rows, 0, 2), db_size(rows, 0, 2));
        subject_of(&detail->founding, db_text(rows, 0, 4));
        detail->detail = json_pack("{s:o, s:o}", "incident", version, "limit", feature_limit(version, time_now()));
        json_put_text(detail->detail, "merged_into", db_text(rows, 0, 5));
        json_put_text(detail->detail, "recurrence_of", db_text(rows, 0, 6));
        return true;
}

static void detail_end(Detail *detail)
{
        buffer_free(&detail->founding);
        json_decref(detail->detail);
}

/* False: err says why, or the answer is a problem already. */
static bool detail_read(Detail *detail, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        Call *call = detail->call;

        if (!db_query(call->db, &rows, incident_sql, &detail->incident, 1, err))
                return false;
        if (!db_rows(rows) || !person_sees(call->person, db_text(rows, 0, 2)))
                return call_problem(call, NOT_FOUND, "not-found", "no incident of this id");
        if (!detail_begin(detail, rows, err) || !detail_reports(detail, err) || !detail_suggested(detail, err) ||
            !detail_history(detail, err))
                return false;
        call_tell(call, "ETag", arena_format(call->arena, "\"%s\"", db_text(rows, 0, 3)));
        return true;
}

static void incident(Call *call)
{
        CLEANUP(detail_end)
        Detail detail = { .call = call,
                          .incident = call_parameter(call, "id"),
                          .is_restricted = !role_reads_all(call) };
        Error err = { 0 };
        const bool is_read = db_begin(call->db, "REPEATABLE READ READ ONLY", &err) && detail_read(&detail, &err);

        db_rollback(call->db);
        if (err.kind)
                (void)call_trouble(call, &err);
        if (!is_read)
                return;
        if (!detail.is_restricted)
                reading_note(call, detail.incident);
        call_json(call, OK, json_incref(detail.detail));
}

const Route incident_routes[] = {
        { "GET", "/v1/incidents/{id}", ROLE_VIEWER, incident },
        { 0 },
};
