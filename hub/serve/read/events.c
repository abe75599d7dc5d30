/* Events, the platforms' reports as they came, as a collection of OGC API - Features: newest received first. */

#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/serve/read/filters.h"
#include "hub/serve/read/incident.h"
#include "hub/serve/routes.h"

#define GEO_TYPE "application/geo+json"

enum { OK = 200, LIMIT = 50, LIMIT_MOST = 1000, NAME_MOST = 64, ID_MOST = 640, PARTS = 3 };

static const char *const states[] = { "received", "filed", "dispatched", "processing", "feedback", "verifying",
                                      "closed",   "void",  "suspended",  "rejected",   "deleted",  NULL };

static bool lists_add(Call *call, Statement *statement)
{
        static const struct {
                const char *name, *expression;
                const char *const *choices;
                size_t most;
        } lists[] = { { "platform", "e.platform", NULL, NAME_MOST },
                      { "zone", "e.zone", NULL, NAME_MOST },
                      { "category", "e.category", NULL, NAME_MOST },
                      { "state", "(e.text::json -> 'status' ->> 'state')", states, NAME_MOST },
                      { "subject", "e.subject", NULL, ID_MOST } };
        ArgumentList list;

        for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
                if (!argument_list(call, lists[i].name, lists[i].choices, lists[i].most, &list))
                        return false;
                if (list.size)
                        statement_list(statement, lists[i].expression, list.items, list.size);
        }
        return true;
}

static bool place_add(Call *call, Statement *statement)
{
        const char *incident = call_argument(call, "incident");
        ArgumentBox box;
        ArgumentSpan span;

        if (incident)
                statement_value(statement,
                                " AND (e.zone, e.subject) IN (SELECT zone, subject FROM dw.subject WHERE incident = ?)",
                                incident);
        if (!argument_box(call, "bbox", &box) || !argument_span(call, "datetime", &span))
                return false;
        if (span.from != TIME_NONE)
                statement_time(statement, " AND e.occurred >= ?::timestamptz", span.from);
        if (span.to != TIME_NONE)
                statement_time(statement, " AND e.occurred <= ?::timestamptz", span.to);
        if (!box.is_given)
                return true;
        statement_value(statement, " AND e.lat >= ?::float8", arena_format(call->arena, "%.9f", box.south));
        statement_value(statement, " AND e.lat <= ?::float8", arena_format(call->arena, "%.9f", box.north));
        statement_value(statement, " AND (e.lon >= ?::float8", arena_format(call->arena, "%.9f", box.west));
        statement_value(statement, box.west <= box.east ? " AND e.lon <= ?::float8)" : " OR e.lon <= ?::float8)",
                        arena_format(call->arena, "%.9f", box.east));
        return true;
}

static bool page_ask(Call *call, int64_t limit, DbResult **rows, Error *err)
{
        CLEANUP(statement_free) Statement statement = { .arena = call->arena };
        const char *after[PARTS];
        bool goes_on;

        statement_add(&statement, "SELECT e.text, e.received::text, e.partition, e.\"offset\" FROM ops.event e"
                                  " WHERE e.verdict = 'stored' AND e.kind = 'report'");
        filter_zones(call, &statement, "e.zone");
        if (!lists_add(call, &statement) || !place_add(call, &statement) ||
            !cursor_read(call, "after", PARTS, after, &goes_on))
                return false;
        if (goes_on) {
                statement_value(&statement, " AND (e.received, e.partition, e.\"offset\") < (?::timestamptz,",
                                after[0]);
                statement_value(&statement, " ?::integer,", after[1]);
                statement_value(&statement, " ?::bigint)", after[2]);
        }
        statement_add(&statement, " ORDER BY e.received DESC, e.partition DESC, e.\"offset\" DESC");
        statement_number(&statement, " LIMIT ?::bigint", limit + 1);
        return statement_ask(&statement, call->db, rows, err) || call_trouble(call, err);
}

/* What is personal or told in full is not for everybody. */
static json_t *feature_of_event(const char *text, size_t size, bool is_restricted, Error *err)
{
        static const char *const restricted[] = { "description", "reporter", "objects", "media", "org" };
        json_t *event = json_read_typed(text, size, err), *point = json_null();
        const json_t *lon = json_at(event, "position.lon"), *lat = json_at(event, "position.lat");

        if (!event)
                return NULL;
        if (json_is_number(lon) && json_is_number(lat))
                point = json_pack("{s:s, s:[f, f]}", "type", "Point", "coordinates", json_number_value(lon),
                                  json_number_value(lat));
        for (size_t i = 0; is_restricted && i < sizeof(restricted) / sizeof(restricted[0]); i++)
                json_object_del(event, restricted[i]);
        return json_pack("{s:s, s:O, s:o, s:o}", "type", "Feature", "id", json_object_get(event, "id"), "geometry",
                         point, "properties", event);
}

static json_t *features_of(Call *call, const DbResult *rows, size_t size, Error *err)
{
        json_t *features = json_array();

        for (size_t i = 0; i < size; i++) {
                json_t *feature =
                        feature_of_event(db_text(rows, i, 0), db_size(rows, i, 0), !role_reads_all(call), err);

                if (!feature) {
                        json_decref(features);
                        return NULL;
                }
                json_array_append_new(features, feature);
        }
        return features;
}

static json_t *links_of(Call *call, const DbResult *rows, size_t size)
{
        json_t *links = json_array();

        json_array_append_new(links, json_pack("{s:s, s:s, s:s}", "href", call_href(call, "", NULL), "rel", "self",
                                               "type", GEO_TYPE));
        json_array_append_new(links, json_pack("{s:s, s:s, s:s}", "href", "/v1/collections/events", "rel", "collection",
                                               "type", "application/json"));
        if (size < db_rows(rows)) {
                const char *const parts[] = { db_text(rows, size - 1, 1), db_text(rows, size - 1, 2),
                                              db_text(rows, size - 1, 3) };

                json_array_append_new(links,
                                      json_pack("{s:s, s:s, s:s}", "href",
                                                call_href(call, "after", cursor_write(call->arena, parts, PARTS)),
                                                "rel", "next", "type", GEO_TYPE));
        }
        return links;
}

static void events(Call *call)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        int64_t limit = LIMIT;
        char now[TIME_TEXT_SIZE];
        json_t *features;
        Error err = { 0 };
        size_t size;

        if (!argument_integer(call, "limit", 1, LIMIT_MOST, &limit) || !page_ask(call, limit, &rows, &err))
                return;
        size = db_rows(rows) < (size_t)limit ? db_rows(rows) : (size_t)limit;
        features = features_of(call, rows, size, &err);
        if (!features) {
                (void)call_trouble(call, &err);
                return;
        }
        if (role_reads_all(call) && size)
                reading_note(call, "events");
        call_json(call, OK,
                  json_pack("{s:s, s:o, s:I, s:s, s:o}", "type", "FeatureCollection", "features", features,
                            "numberReturned", (json_int_t)size, "timeStamp", time_text(time_now(), now), "links",
                            links_of(call, rows, size)));
        call->content_type = GEO_TYPE;
}

static const char *const events_arguments[] = { "bbox",     "datetime", "platform", "zone",  "category", "state",
                                                "incident", "subject",  "limit",    "after", NULL };

const Route events_routes[] = {
        { "GET", "/v1/collections/events/items", ROLE_VIEWER, events, events_arguments },
        { 0 },
};
