/* By the number that a citizen has: every case that bears it, with its incident, its events, and what was rejected of it. Written down. */

#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/serve/read/filters.h"
#include "hub/serve/read/incident.h"
#include "hub/serve/routes.h"
#include "hub/tool/number.h"

#include <stdlib.h>

enum { OK = 200, NUMBER_MOST = 256 };

static const char cases_sql[] =
        "SELECT json_strip_nulls(json_build_object('subject', s.subject, 'zone', s.zone, 'platform', s.platform, "
        "'channel',"
        " s.channel, 'state', s.state, 'outcome', s.outcome, 'title', s.title, 'category', json_build_object('code',"
        " s.category), 'occurred', ops.time_text(s.occurred), 'updated', ops.time_text(s.updated), 'closed',"
        " ops.time_text(s.closed), 'incident', i.incident, 'number', i.number, 'incident_state', i.state, 'reports',"
        " i.reports, 'platforms', to_json(i.platforms), 'merged_into', i.merged_into, 'decision', l.decision, 'score',"
        " l.score, 'against', l.against, 'linked_by', l.linked_by, 'doubtful', l.doubtful))::text FROM dw.subject s"
        " LEFT JOIN dw.incident i ON i.incident = s.incident LEFT JOIN dw.link l ON l.zone = s.zone AND l.subject = "
        "s.subject"
        " AND l.unlinked_at IS NULL WHERE split_part(s.subject, ':', 3) IN (";

static const char events_sql[] =
        "SELECT json_strip_nulls(json_build_object('event', e.id, 'kind', e.kind, 'instance', e.instance, 'received',"
        " ops.time_text(e.received), 'topic', e.topic, 'partition', e.partition, 'offset', e.\"offset\", 'verdict',"
        " e.verdict, 'reason', r.reason, 'text', r.text))::text, e.verdict FROM ops.event e LEFT JOIN "
        "ops.rejected_seen r USING"
        " (topic, partition, \"offset\") WHERE split_part(e.id, ':', 3) IN (";

static bool part_ask(Call *call, const char *sql, char *const forms[NUMBER_FORMS], const char *zone, const char *end,
                     DbResult **rows)
{
        CLEANUP(statement_free) Statement statement = { .arena = call->arena };
        Error err = { 0 };

        statement_add(&statement, sql);
        for (size_t i = 0; i < NUMBER_FORMS; i++)
                statement_value(&statement, i ? ", ?" : "?", forms[i]);
        statement_add(&statement, ")");
        filter_zones(call, &statement, zone);
        statement_add(&statement, end);
        return statement_ask(&statement, call->db, rows, &err) || call_trouble(call, &err);
}

/* Those that the correlator rejected stand apart. */
static void events_part(const DbResult *rows, json_t *events, json_t *rejected)
{
        for (size_t i = 0; i < db_rows(rows); i++) {
                json_t *one = json_loads(db_text(rows, i, 0), 0, NULL);

                json_array_append_new(text_same(db_text(rows, i, 1), "rejected") ? rejected : events, one);
        }
}

static void found_tell(Call *call, const char *number, const DbResult *cases, const DbResult *events)
{
        json_t *found = json_pack("{s:s, s:[], s:[]}", "number", number, "events", "rejected"), *list;
        Error err = { 0 };

        list = rows_json(cases, 0, &err);
        if (!list) {
                json_decref(found);
                (void)call_trouble(call, &err);
                return;
        }
        json_object_set_new(found, "cases", list);
        events_part(events, json_object_get(found, "events"), json_object_get(found, "rejected"));
        log_info("a number was looked up", LOG_TEXT("by", call->person->name), LOG_TEXT("number", number),
                 LOG_NUMBER("found", (int64_t)(db_rows(cases) + db_rows(events))), LOG_TEXT("request", call->id));
        call_json(call, OK, found);
}

static void find(Call *call)
{
        const char *number = call_argument(call, "number");
        CLEANUP(db_result_drop) DbResult *cases = NULL, *events = NULL;
        char *forms[NUMBER_FORMS];

        if (!number || !*number || text_points(number) > NUMBER_MOST) {
                (void)call_wrong(call, "number", "must be there, of 1 to %d characters", NUMBER_MOST);
                return;
        }
        number_forms(number, forms);
        if (part_ask(call, cases_sql, forms, "s.zone", " ORDER BY s.zone, s.subject LIMIT 200", &cases) &&
            part_ask(call, events_sql, forms, "e.zone", " ORDER BY e.topic, e.partition, e.\"offset\" LIMIT 200",
                     &events))
                found_tell(call, number, cases, events);
        for (size_t i = 0; i < NUMBER_FORMS; i++)
                free(forms[i]);
}

static const char *const find_arguments[] = { "number", NULL };

const Route find_routes[] = {
        { "GET", "/v1/find", ROLE_DISPATCHER, find, find_arguments },
        { 0 },
};
