/* Incidents as a collection of OGC API - Features (17-069r4): the list with its filters, and one of them. */

#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/serve/read/feature.h"
#include "hub/serve/read/filters.h"
#include "hub/serve/routes.h"

#include <inttypes.h>
#include <string.h>

#define GEO_TYPE "application/geo+json"

enum { OK = 200, NOT_FOUND = 404, LIMIT = 50, LIMIT_MOST = 1000, MATCHED_MOST = 10000 };

/* How it is sorted, and by which key it goes on: as the indexes of schemas/sql have it. */
typedef struct {
        const char *name, *key, *type, *direction, *behind;
} Sort;

static const Sort sorts[] = {
        { "-updated", "i.updated", "timestamptz", "DESC", "<" },
        { "deadline", "coalesce(i.deadline, 'infinity'::timestamptz)", "timestamptz", "ASC", ">" },
        { "-severity", "ops.severity_rank(i.severity)", "integer", "DESC", "<" },
        { "-opened", "i.opened", "timestamptz", "DESC", "<" },
};

/* The page that is asked for. */
typedef struct {
        const Sort *sort;
        int64_t limit;
        bool goes_on;         /* behind this key */
        const char *after[3]; /* sort, value, incident */
} Page;

static bool page_read(Call *call, Page *page)
{
        const char *sort = call_argument(call, "sort");

        *page = (Page){ .limit = LIMIT };
        for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++)
                if (text_same(sort ? sort : sorts[0].name, sorts[i].name))
                        page->sort = &sorts[i];
        if (!page->sort)
                return call_wrong(call, "sort", "must be -updated, deadline, -severity or -opened");
        if (!argument_integer(call, "limit", 1, LIMIT_MOST, &page->limit) ||
            !cursor_read(call, "after", 3, page->after, &page->goes_on))
                return false;
        return !page->goes_on || text_same(page->after[0], page->sort->name) ||
               call_wrong(call, "after", "is of another sort");
}

static void page_add(Statement *statement, const Page *page)
{
        const Sort *sort = page->sort;

        if (page->goes_on) {
                statement_add(statement,
                              arena_format(statement->arena, " AND (%s, i.incident) %s", sort->key, sort->behind));
                statement_value(statement, arena_format(statement->arena, " (?::%s,", sort->type), page->after[1]);
                statement_value(statement, " ?)", page->after[2]);
        }
        statement_add(statement, arena_format(statement->arena, " ORDER BY %s %s, i.incident %s", sort->key,
                                              sort->direction, sort->direction));
        statement_number(statement, " LIMIT ?::bigint", page->limit + 1);
}

/* The page first, by its index; then the versions of its few incidents, as they were published or from their rows. */
static bool page_ask(Call *call, const Page *page, DbResult **rows, Error *err)
{
        CLEANUP(statement_free) Statement statement = { .arena = call->arena };

        statement_add(&statement,
                      arena_format(call->arena,
                                   "SELECT coalesce(o.payload, ops.incident_version(p.incident, p.epoch, p.version)),"
                                   " coalesce(o.feed, 0), p.key::text, p.incident FROM (SELECT i.incident, i.epoch,"
                                   " i.version, %s AS key",
                                   page->sort->key));
        if (!filters_add(call, &statement))
                return false;
        page_add(&statement, page);
        statement_add(&statement,
                      arena_format(call->arena,
                                   ") AS p LEFT JOIN ops.outbox o USING (incident, epoch, version) ORDER BY p.key %s,"
                                   " p.incident %s",
                                   page->sort->direction, page->sort->direction));
        return statement_ask(&statement, call->db, rows, err) || call_trouble(call, err);
}

/* Exact up to MATCHED_MOST; -1: more. */
static bool matched_ask(Call *call, int64_t *matched, Error *err)
{
        CLEANUP(statement_free) Statement statement = { .arena = call->arena };
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        statement_add(&statement, "SELECT count(*) FROM (SELECT 1");
        if (!filters_add(call, &statement))
                return false;
        statement_number(&statement, " LIMIT ?::bigint) AS bounded", MATCHED_MOST + 1);
        if (!statement_ask(&statement, call->db, &rows, err))
                return call_trouble(call, err);
        *matched = db_integer(rows, 0, 0) > MATCHED_MOST ? -1 : db_integer(rows, 0, 0);
        return true;
}

static json_t *features_of(const DbResult *rows, size_t size, Error *err)
{
        const int64_t now = time_now();
        json_t *features = json_array();

        for (size_t i = 0; i < size; i++) {
                const char *payload = db_text(rows, i, 0);
                json_t *feature =
                        payload ? feature_of(payload, db_size(rows, i, 0), db_integer(rows, i, 1), now, err) : NULL;

                if (feature)
                        json_array_append_new(features, feature);
                else if (payload)
                        return json_decref(features), NULL;
        }
        return features;
}

static void link_add(json_t *links, const char *href, const char *rel, const char *type)
{
        json_array_append_new(links, json_pack("{s:s, s:s, s:s}", "href", href, "rel", rel, "type", type));
}

static json_t *links_of(Call *call, const Page *page, const DbResult *rows)
{
        json_t *links = json_array();

        link_add(links, call_href(call, "", NULL), "self", GEO_TYPE);
        link_add(links, "/v1/collections/incidents", "collection", "application/json");
        if ((int64_t)db_rows(rows) > page->limit) {
                const size_t last = (size_t)page->limit - 1;
                const char *const parts[] = { page->sort->name, db_text(rows, last, 2), db_text(rows, last, 3) };

                link_add(links, call_href(call, "after", cursor_write(call->arena, parts, 3)), "next", GEO_TYPE);
        }
        return links;
}

/* Read before the list: what the list has not seen yet comes on the stream behind this number. */
static bool head_ask(Call *call, int64_t *feed, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(call->db, &rows, "SELECT feed FROM ops.feed_head", NULL, 0, err))
                return call_trouble(call, err);
        *feed = db_rows(rows) ? db_integer(rows, 0, 0) : 0;
        return true;
}

static void items(Call *call)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        int64_t feed = 0, matched = -1;
        char now[TIME_TEXT_SIZE];
        json_t *features, *list;
        Error err = { 0 };
        size_t size;
        Page page;

        if (!page_read(call, &page) || !head_ask(call, &feed, &err) || !page_ask(call, &page, &rows, &err) ||
            (!page.goes_on && !matched_ask(call, &matched, &err)))
                return;
        size = db_rows(rows) < (size_t)page.limit ? db_rows(rows) : (size_t)page.limit;
        features = features_of(rows, size, &err);
        if (!features) {
                (void)call_trouble(call, &err);
                return;
        }
        list = json_pack("{s:s, s:o, s:I, s:s, s:I, s:o}", "type", "FeatureCollection", "features", features,
                         "numberReturned", (json_int_t)json_array_size(features), "timeStamp",
                         time_text(time_now(), now), "feed", (json_int_t)feed, "links", links_of(call, &page, rows));
        if (matched >= 0)
                json_object_set_new(list, "numberMatched", json_integer(matched));
        call_json(call, OK, list);
        call->content_type = GEO_TYPE;
}

/* ---- one ---- */

static const char one_sql[] =
        "SELECT coalesce(o.payload, ops.incident_version(i.incident, i.epoch, i.version)), coalesce(o.feed, 0), i.zone,"
        " i.epoch || '.' || i.version, i.merged_into FROM dw.incident i LEFT JOIN ops.outbox o USING (incident, epoch, "
        "version)"
        " WHERE i.incident = $1 AND i.version > 0";

static bool incident_ask(Call *call, DbResult **rows)
{
        const char *const values[] = { call_parameter(call, "id") };
        Error err = { 0 };

        if (!db_query(call->db, rows, one_sql, values, 1, &err))
                return call_trouble(call, &err);
        if (db_rows(*rows) && person_sees(call->person, db_text(*rows, 0, 2)))
                return true;
        return call_problem(call, NOT_FOUND, "not-found", "no incident of this id");
}

static void item(Call *call)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        Error err = { 0 };
        json_t *feature, *links = json_array();
        const char *merged;

        if (!incident_ask(call, &rows) || !(feature = feature_of(db_text(rows, 0, 0), db_size(rows, 0, 0),
                                                                 db_integer(rows, 0, 1), time_now(), &err))) {
                if (err.kind)
                        (void)call_trouble(call, &err);
                json_decref(links);
                return;
        }
        merged = db_text(rows, 0, 4);
        link_add(links, call_href(call, "", NULL), "self", GEO_TYPE);
        link_add(links, "/v1/collections/incidents", "collection", "application/json");
        if (merged)
                link_add(links, arena_format(call->arena, "/v1/collections/incidents/items/%s", merged), "canonical",
                         GEO_TYPE);
        json_object_set_new(feature, "links", links);
        call_tell(call, "ETag", arena_format(call->arena, "\"%s\"", db_text(rows, 0, 3)));
        call_json(call, OK, feature);
        call->content_type = GEO_TYPE;
}

static const char *const items_arguments[] = { FILTER_ARGUMENTS, "limit", "after", "sort", NULL };

const Route items_routes[] = {
        { "GET", "/v1/collections/incidents/items", ROLE_VIEWER, items, items_arguments },
        { "GET", "/v1/collections/incidents/items/{id}", ROLE_VIEWER, item },
        { 0 },
};
