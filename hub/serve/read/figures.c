#include "hub/serve/read/figures.h"

#include "hub/base/time.h"
#include "hub/serve/read/filters.h"
#include "hub/serve/routes.h"

enum { OK = 200, NUMBERS = 6 };

#define DAY_MS      INT64_C(86400000)
#define SHANGHAI_MS INT64_C(28800000)

int64_t day_begin(int64_t now)
{
        return time_day_shanghai(now) * DAY_MS - SHANGHAI_MS;
}

/* $1 zones or NULL, $2 now, $3 an hour ago, $4 midnight. */
static const char figures_sql[] =
        "SELECT o.open, o.late, n.new_hour, j.joined, r.reports, (SELECT feed FROM ops.feed_head) FROM"
        " (SELECT count(*) AS open, count(*) FILTER (WHERE deadline < $2::timestamptz) AS late FROM dw.incident WHERE "
        "closed IS"
        " NULL AND version > 0 AND ($1::text[] IS NULL OR zone = ANY ($1::text[]))) AS o,"
        " (SELECT count(*) AS new_hour FROM dw.incident WHERE opened >= $3::timestamptz AND opened <= $2::timestamptz "
        "AND"
        " version > 0 AND merged_into IS NULL AND ($1::text[] IS NULL OR zone = ANY ($1::text[]))) AS n,"
        " (SELECT count(*) AS joined FROM dw.incident_status s WHERE s.at >= $4::timestamptz AND s.change = 'joined' "
        "AND"
        " ($1::text[] IS NULL OR EXISTS (SELECT FROM dw.incident i WHERE i.incident = s.incident AND i.zone = ANY"
        " ($1::text[])))) AS j,"
        " (SELECT count(*) AS reports FROM ops.event WHERE verdict = 'stored' AND kind = 'report' AND received >="
        " $4::timestamptz AND ($1::text[] IS NULL OR zone = ANY ($1::text[]))) AS r";

json_t *figures_of(Db *db, const char *const *zones, Error *err)
{
        static const char *const names[NUMBERS] = {
                "open", "late", "new_hour", "joined_today", "reports_today", "feed"
        };
        CLEANUP(arena_drop) Arena *arena = arena_new();
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        const int64_t moment = time_now();
        char now[TIME_TEXT_SIZE], hour[TIME_TEXT_SIZE], day[TIME_TEXT_SIZE];
        const char *values[] = { NULL, time_text(moment, now), time_text(moment - DAY_MS / 24, hour),
                                 time_text(day_begin(moment), day) };
        size_t size = 0;
        json_t *figures;

        while (zones && zones[size])
                size++;
        if (zones)
                values[0] = statement_array(arena, zones, size);
        if (!db_query(db, &rows, figures_sql, values, sizeof(values) / sizeof(values[0]), err))
                return NULL;
        figures = json_pack("{s:s}", "now", now);
        for (size_t i = 0; i < NUMBERS; i++)
                json_object_set_new(figures, names[i], json_integer(db_integer(rows, 0, i)));
        return figures;
}

static void figures(Call *call)
{
        Error err = { 0 };
        json_t *found = figures_of(call->db, call->person->sees_all ? NULL : call->person->zones, &err);

        if (found)
                call_json(call, OK, found);
        else
                (void)call_trouble(call, &err);
}

/* ---- facets ---- */

static const char facets_sql[] =
        ") SELECT 'state', state, NULL, count(*) FROM hit GROUP BY state"
        " UNION ALL SELECT 'severity', severity, NULL, count(*) FROM hit GROUP BY severity"
        " UNION ALL SELECT 'category', category, max(category_name), count(*) FROM hit GROUP BY category"
        " UNION ALL SELECT 'platform', p, NULL, count(*) FROM hit, unnest(platforms) AS p GROUP BY p"
        " UNION ALL SELECT 'subdistrict', subdistrict, NULL, count(*) FROM hit WHERE subdistrict IS NOT NULL GROUP BY "
        "subdistrict"
        " UNION ALL SELECT 'grid', grid, NULL, count(*) FROM hit WHERE grid IS NOT NULL GROUP BY grid"
        " UNION ALL SELECT 'total', NULL, NULL, count(*) FROM hit"
        " UNION ALL SELECT 'open', NULL, NULL, count(*) FROM hit WHERE closed IS NULL"
        " UNION ALL SELECT 'suggested', NULL, NULL, count(*) FROM hit WHERE EXISTS (SELECT FROM dw.suggestion s WHERE"
        " s.incident = hit.incident)"
        " UNION ALL SELECT 'overdue', NULL, NULL, count(*) FROM hit WHERE closed IS NULL AND deadline < ";

static bool facets_ask(Call *call, DbResult **rows)
{
        CLEANUP(statement_free) Statement statement = { .arena = call->arena };
        Error err = { 0 };

        statement_add(&statement,
                      "WITH hit AS MATERIALIZED (SELECT i.incident, i.state, i.severity, i.category, i.category_name,"
                      " i.platforms, i.subdistrict, i.grid, i.closed, i.deadline");
        if (!filters_add(call, &statement))
                return false;
        statement_add(&statement, facets_sql);
        statement_time(&statement, "?::timestamptz ORDER BY 1, 4 DESC, 2", time_now());
        return statement_ask(&statement, call->db, rows, &err) || call_trouble(call, &err);
}

/* Numbers stand alone, small closed lists are objects, long ones are sorted by how many there are. */
static void facet_put(json_t *facets, const DbResult *rows, size_t row)
{
        const char *facet = db_text(rows, row, 0), *value = db_text(rows, row, 1), *name = db_text(rows, row, 2);
        json_t *into = json_object_get(facets, facet);
        const json_int_t count = db_integer(rows, row, 3);

        if (json_is_array(into))
                json_array_append_new(into,
                                      name ? json_pack("{s:s, s:s, s:I}", "code", value, "name", name, "count", count)
                                           : json_pack("{s:s, s:I}", "code", value, "count", count));
        else if (json_is_object(into))
                json_object_set_new(into, value, json_integer(count));
        else
                json_object_set_new(facets, facet, json_integer(count));
}

static void facets(Call *call)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        json_t *found;

        if (!facets_ask(call, &rows))
                return;
        found = json_pack("{s:{}, s:{}, s:[], s:{}, s:[], s:[]}", "state", "severity", "category", "platform",
                          "subdistrict", "grid");
        for (size_t i = 0; i < db_rows(rows); i++)
                facet_put(found, rows, i);
        call_json(call, OK, found);
}

static const char *const facets_arguments[] = { FILTER_ARGUMENTS, NULL };

const Route figures_routes[] = {
        { "GET", "/v1/figures", ROLE_VIEWER, figures },
        { "GET", "/v1/facets", ROLE_VIEWER, facets, facets_arguments },
        { 0 },
};
