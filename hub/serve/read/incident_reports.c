/* The reports of an incident: each in its newest revision that counts, with the link that put it there, and its reasons in words. */

#include "hub/serve/read/incident.h"

#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/serve/read/feature.h"
#include "hub/wording/phrases.h"

#include <string.h>

enum { REPORT, EVENT, ENDED, LAST };

/* What the warehouse knows of a case stands in the report; what only its event tells is added from that. */
static const char reports_sql[] =
        "SELECT json_strip_nulls(json_build_object('subject', l.subject, 'event', s.last_event, 'founding', l.subject "
        "= $2,"
        " 'active', s.active, 'platform', s.platform, 'channel', s.channel, 'instance', e.instance, 'state', s.state,"
        " 'outcome', s.outcome, 'severity', s.severity, 'category', json_build_object('code', s.category), 'title', "
        "s.title,"
        " 'revisions', e.revisions, 'distance_m', round(ST_Distance(s.geom::geography, (SELECT f.geom::geography FROM"
        " dw.subject f WHERE f.zone = l.zone AND f.subject = $2))), 'unlinked_at', ops.time_text(l.unlinked_at),"
        " 'link', json_build_object('event', l.event, 'linked_at', ops.time_text(l.linked_at), 'linked_by', "
        "l.linked_by,"
        " 'decision', l.decision, 'score', l.score, 'against', l.against, 'doubtful', l.doubtful, 'rules', l.rules,"
        " 'reasons', l.reasons, 'refused', coalesce((SELECT json_agg(json_build_object('incident', r.incident, "
        "'number',"
        " i.number, 'title', i.title, 'score', r.score) ORDER BY r.score DESC, r.incident) FROM"
        " jsonb_to_recordset(l.refused) AS r(incident text, score bigint) LEFT JOIN dw.incident i ON i.incident ="
        " r.incident), '[]'))))::text, e.text, l.unlinked_at IS NOT NULL"
        " FROM dw.link l LEFT JOIN dw.subject s ON s.zone = l.zone AND s.subject = l.subject LEFT JOIN LATERAL"
        " (SELECT count(*) AS revisions, max(v.text) FILTER (WHERE v.id = s.last_event) AS text,"
        " max(v.instance) FILTER (WHERE v.id = s.last_event) AS instance FROM ops.event v WHERE v.zone = l.zone"
        " AND v.subject = l.subject AND v.verdict = 'stored') AS e ON true"
        " WHERE l.incident = $1 ORDER BY l.partition, l.\"offset\", l.subject LIMIT 1000";

static void members_copy(json_t *into, const json_t *from, const char *const *keys)
{
        for (; *keys; keys++) {
                json_t *value = json_object_get(from, *keys);

                if (value)
                        json_object_set(into, *keys, value);
        }
}

static json_t *photos_of(const json_t *media)
{
        json_t *photos = json_array();
        const json_t *one;
        size_t i;

        json_array_foreach(media, i, one) {
                const char *kind = json_string_value(json_object_get(one, "kind"));

                if (json_is_string(json_object_get(one, "url")) && (!kind || text_same(kind, "image")))
                        json_array_append(photos, json_object_get(one, "url"));
        }
        return photos;
}

/* From the canonical event; what is personal or told in full is not for everybody. */
static void event_add(json_t *report, const json_t *event, bool is_restricted)
{
        static const char *const times[] = { "occurred", "reported", "updated", "closed", "deadline", NULL };
        static const char *const open[] = { "place", "position", "quality", NULL };
        static const char *const closed[] = { "description", "objects", "reporter", "org", NULL };
        static const char *const origin[] = { "id", "url", NULL };
        json_t *time = json_object(), *source = json_object();
        const json_t *name = json_at(event, "category.name");

        members_copy(time, json_object_get(event, "time"), times);
        json_object_set_new(report, "time", time);
        members_copy(source, json_object_get(event, "source"), origin);
        json_object_set_new(report, "source", source);
        members_copy(report, event, open);
        json_put_text(json_object_get(report, "category"), "name", json_string_value(name));
        if (is_restricted)
                return;
        members_copy(report, event, closed);
        json_object_set_new(report, "photos", photos_of(json_object_get(event, "media")));
}

static void link_words(json_t *link, int32_t threshold)
{
        json_t *reason;
        size_t i;

        if (json_object_get(link, "score"))
                json_object_set_new(link, "threshold", json_integer(threshold));
        json_array_foreach(json_object_get(link, "reasons"), i, reason)
                json_object_set_new(reason, "words", reason_words(reason));
}

/* One that ended: the link is what is shown, with its case and when it ended. */
static json_t *ended_of(json_t *report)
{
        static const char *const keys[] = { "subject", "platform", "title", "unlinked_at", NULL };
        json_t *link = json_incref(json_object_get(report, "link"));

        members_copy(link, report, keys);
        json_decref(report);
        return link;
}

bool detail_reports(Detail *detail, Error *err)
{
        const char *const values[] = { detail->incident, detail->founding.bytes };
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        json_t *reports = json_array(), *ended = json_array();

        json_object_set_new(detail->detail, "reports", reports);
        json_object_set_new(detail->detail, "ended", ended);
        if (!db_query(detail->call->db, &rows, reports_sql, values, 2, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++) {
                json_t *report = json_read_typed(db_text(rows, i, REPORT), db_size(rows, i, REPORT), err);
                const char *text = db_text(rows, i, EVENT);
                CLEANUP(json_drop) json_t *event = text ? json_read_typed(text, db_size(rows, i, EVENT), err) : NULL;

                if (!report)
                        return false;
                link_words(json_object_get(report, "link"), detail->call->serve->threshold);
                event_add(report, event, detail->is_restricted);
                if (db_flag(rows, i, ENDED))
                        json_array_append_new(ended, ended_of(report));
                else
                        json_array_append_new(reports, report);
        }
        return true;
}
