/* What became of an incident, and what it may be the same as. */

#include "hub/serve/read/incident.h"

/* Commands that speak of it: told of it, cause of one of its versions, or of a link. */
#define COMMANDS                                                                                                       \
        "WITH given AS (SELECT id FROM ops.command WHERE incident = $1 AND zone = $2 UNION SELECT cause FROM"          \
        " dw.incident_status WHERE incident = $1 AND cause LIKE 'cmd:%' UNION SELECT linked_by FROM dw.link WHERE"     \
        " incident = $1 AND linked_by LIKE 'cmd:%') "

static const char commands_sql[] = COMMANDS
        "SELECT json_strip_nulls(json_build_object('id', c.id, 'verb', c.verb, 'by', c.by_whom, 'at', "
        "ops.time_text(c.at),"
        " 'note', c.note, 'state', c.outcome, 'reason', c.reason, 'args', c.args::json, 'undone_by', (SELECT u.id FROM"
        " ops.command u WHERE u.verb = 'undo' AND u.outcome = 'done' AND u.zone = c.zone AND u.args::json ->> "
        "'command' ="
        " c.id LIMIT 1)))::text FROM ops.command c JOIN given USING (id) WHERE c.zone = $2 ORDER BY c.at, c.id LIMIT "
        "500";

static const char history_sql[] = COMMANDS
        "SELECT json_strip_nulls(h.entry)::text FROM ("
        " SELECT at, 2 AS rank, json_build_object('at', ops.time_text(at), 'kind', CASE WHEN state_before <> state THEN"
        " 'state' ELSE 'version' END, 'epoch', epoch, 'version', version, 'change', change, 'state', state,"
        " 'state_before', state_before, 'cause', cause) AS entry FROM dw.incident_status WHERE incident = $1"
        " UNION ALL SELECT l.linked_at, 1, json_build_object('at', ops.time_text(l.linked_at), 'kind', 'report', "
        "'subject',"
        " l.subject, 'event', l.event, 'decision', l.decision, 'platform', s.platform, 'title', s.title) FROM dw.link l"
        " LEFT JOIN dw.subject s ON s.zone = l.zone AND s.subject = l.subject WHERE l.incident = $1"
        " UNION ALL SELECT unlinked_at, 1, json_build_object('at', ops.time_text(unlinked_at), 'kind', 'link', "
        "'subject',"
        " subject, 'event', event, 'ended', true) FROM dw.link WHERE incident = $1 AND unlinked_at IS NOT NULL"
        " UNION ALL SELECT c.at, 0, json_build_object('at', ops.time_text(c.at), 'kind', 'command', 'command',"
        " json_build_object('id', c.id, 'verb', c.verb, 'by', c.by_whom, 'note', c.note, 'outcome', c.outcome, "
        "'reason',"
        " c.reason)) FROM ops.command c JOIN given USING (id) WHERE c.zone = $2) AS h ORDER BY h.at, h.rank LIMIT 2000";

static const char suggested_sql[] =
        "SELECT json_strip_nulls(json_build_object('incident', i.incident, 'number', i.number, 'title', i.title, "
        "'severity',"
        " i.severity, 'category', json_build_object('code', i.category, 'name', i.category_name), 'state', i.state, "
        "'reports',"
        " i.reports, 'platforms', to_json(i.platforms), 'address', i.address, 'opened', ops.time_text(i.opened), "
        "'position',"
        " CASE WHEN i.geom IS NOT NULL THEN json_build_object('lon', trim_scale(round(ST_X(i.geom)::numeric, 7)), "
        "'lat',"
        " trim_scale(round(ST_Y(i.geom)::numeric, 7)), 'radius_m', i.radius_m) END, 'distance_m',"
        " round(ST_Distance(i.geom::geography, m.geom::geography)), 'score', t.score))::text FROM (SELECT other, "
        "max(score)"
        " AS score FROM (SELECT other, score FROM dw.suggestion WHERE incident = $1 UNION ALL SELECT incident, score "
        "FROM"
        " dw.suggestion WHERE other = $1) AS both_ways GROUP BY other) AS t JOIN dw.incident i ON i.incident = t.other,"
        " (SELECT geom FROM dw.incident WHERE incident = $1) AS m WHERE i.merged_into IS NULL AND i.state <> 'void'"
        " ORDER BY t.score DESC, i.incident LIMIT 20";

static const char merged_sql[] =
        "SELECT json_build_object('incident', incident, 'number', number, 'title', title)::text FROM dw.incident"
        " WHERE merged_into = $1 ORDER BY incident LIMIT 200";

static bool part_ask(Detail *detail, const char *key, const char *sql, size_t values_size, Error *err)
{
        const char *const values[] = { detail->incident, detail->zone };
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        json_t *part;

        if (!db_query(detail->call->db, &rows, sql, values, values_size, err))
                return false;
        part = rows_json(rows, 0, err);
        if (part)
                json_object_set_new(detail->detail, key, part);
        return part;
}

bool detail_suggested(Detail *detail, Error *err)
{
        return part_ask(detail, "suggested", suggested_sql, 1, err) && part_ask(detail, "merged", merged_sql, 1, err);
}

bool detail_history(Detail *detail, Error *err)
{
        return part_ask(detail, "history", history_sql, 2, err) && part_ask(detail, "commands", commands_sql, 2, err);
}
