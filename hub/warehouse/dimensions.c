#include "hub/warehouse/dimensions.h"

#include "hub/base/json.h"
#include "hub/base/time.h"
#include "hub/event/calendar.h"
#include "hub/rules/rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOUR_MS INT64_C(3600000)

enum { YEAR_FIRST = 2020, YEARS_AHEAD = 2, DATE_SIZE = 11 };

static void rules_drop(Rules **rules)
{
        rules_free(*rules);
}

static void calendar_drop(Calendar **calendar)
{
        calendar_free(*calendar);
}

static void text_set(json_t *row, const char *key, const char *text)
{
        if (text)
                json_object_set_new(row, key, json_string(text));
}

/* One statement a dimension; $1 is all its rows as JSON, and what is as it was is not written again. */
static bool rows_put(Db *db, const char *sql, const json_t *rows, Error *err)
{
        CLEANUP(mem_drop) char *text = json_dumps(rows, JSON_COMPACT);
        const char *const values[] = { text };

        return db_query(db, NULL, sql, values, 1, err);
}

static bool zones_put(const Config *config, Db *db, Error *err)
{
        CLEANUP(json_drop) json_t *rows = json_array();

        for (size_t i = 0; i < zones_size(config->zones); i++) {
                const ZoneEntry *zone = zones_at(config->zones, i);
                json_t *row = json_object();

                text_set(row, "zone", zone->id);
                text_set(row, "name", zone->name);
                json_array_append_new(rows, row);
        }
        return rows_put(db,
                        "INSERT INTO dw.dim_zone AS d SELECT * FROM json_populate_recordset(NULL::dw.dim_zone, "
                        "$1::json) ON CONFLICT (zone) DO UPDATE SET name = excluded.name WHERE d.name <> excluded.name",
                        rows, err);
}

static bool platforms_put(const Config *config, Db *db, Error *err)
{
        CLEANUP(json_drop) json_t *rows = json_array();

        for (size_t i = 0; i < platforms_size(config->platforms); i++) {
                const Platform *platform = platforms_at(config->platforms, i);
                json_t *row = json_object();

                text_set(row, "platform", platform->id);
                text_set(row, "name", platform->name);
                text_set(row, "name_en", platform->name_en);
                text_set(row, "level", platform->level);
                json_array_append_new(rows, row);
        }
        return rows_put(db,
                        "INSERT INTO dw.dim_platform AS d SELECT * FROM json_populate_recordset(NULL::dw.dim_platform, "
                        "$1::json) ON CONFLICT (platform) DO UPDATE SET name = excluded.name, name_en = "
                        "excluded.name_en, level = excluded.level"
                        " WHERE (d.name, d.name_en, d.level) IS DISTINCT FROM (excluded.name, excluded.name_en, "
                        "excluded.level)",
                        rows, err);
}

static json_t *category_row(const Category *category, const CategoryRules *rule)
{
        json_t *row = json_object();

        text_set(row, "category", category->code);
        text_set(row, "name", category->name);
        text_set(row, "name_en", category->name_en);
        text_set(row, "kind", category->code[0] == 'P' ? "component" : "event");
        json_object_set_new(row, "class", json_stringn(category->code, strnlen(category->code, 3)));
        text_set(row, "kin", category->group[0] ? category->group : NULL);
        if (rule->deadline_workdays > 0)
                json_object_set_new(row, "limit_workdays", json_integer(rule->deadline_workdays));
        else if (rule->deadline_ms > 0)
                json_object_set_new(row, "limit_hours", json_real((double)rule->deadline_ms / HOUR_MS));
        return row;
}

static bool categories_put(const Config *config, Db *db, Error *err)
{
        CLEANUP(rules_drop) Rules *rules = rules_load(config->correlate.rules, err);
        CLEANUP(json_drop) json_t *rows = json_array();

        if (!rules)
                return false;
        for (size_t i = 0; i < categories_size(config->categories); i++) {
                const Category *category = categories_at(config->categories, i);

                json_array_append_new(rows, category_row(category, rules_category(rules, category->code)));
        }
        return rows_put(db,
                        "INSERT INTO dw.dim_category AS d SELECT * FROM json_populate_recordset(NULL::dw.dim_category, "
                        "$1::json) ON CONFLICT (category) DO UPDATE SET name = excluded.name, name_en = "
                        "excluded.name_en, kind = excluded.kind, class = excluded.class, kin = excluded.kin, "
                        "limit_hours = excluded.limit_hours, limit_workdays = excluded.limit_workdays"
                        " WHERE (d.*) IS DISTINCT FROM (excluded.*)",
                        rows, err);
}

/* The civil date of a day since 1970-01-01, as text. */
static const char *date_text(int64_t day, char out[DATE_SIZE])
{
        char text[TIME_TEXT_SIZE];

        snprintf(out, DATE_SIZE, "%.10s", time_text(day * 24 * HOUR_MS, text));
        return out;
}

static json_t *day_row(const Calendar *calendar, int64_t day)
{
        const CalendarDay said = calendar_day(calendar, day);
        char date[DATE_SIZE], month[DATE_SIZE];
        json_t *row = json_object();

        text_set(row, "day", date_text(day, date));
        snprintf(month, sizeof month, "%.8s01", date);
        text_set(row, "month", month);
        json_object_set_new(row, "workday", json_boolean(said.works));
        text_set(row, "holiday", said.holiday);
        text_set(row, "source", said.notice ? said.notice : "周历");
        return row;
}

static bool days_put(Db *db, Error *err)
{
        CLEANUP(calendar_drop) Calendar *calendar = calendar_load(NULL, err);
        CLEANUP(json_drop) json_t *rows = json_array();
        char now[TIME_TEXT_SIZE];
        int64_t year = YEAR_FIRST;

        if (!calendar)
                return false;
        sscanf(time_text(time_now(), now), "%" SCNd64, &year); /* NOLINT(cert-err34-c): our own text */
        for (int64_t day = time_days(YEAR_FIRST, 1, 1); day < time_days(year + YEARS_AHEAD + 1, 1, 1); day++)
                json_array_append_new(rows, day_row(calendar, day));
        return rows_put(db,
                        "INSERT INTO dw.dim_date AS d SELECT * FROM json_populate_recordset(NULL::dw.dim_date, "
                        "$1::json) ON CONFLICT (day) DO UPDATE SET workday = excluded.workday, holiday = "
                        "excluded.holiday, source = excluded.source"
                        " WHERE (d.workday, d.holiday, d.source) IS DISTINCT FROM (excluded.workday, excluded.holiday, "
                        "excluded.source)",
                        rows, err);
}

bool dimensions_fill(const Config *config, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *there = NULL;

        if (!db_query(db, &there, "SELECT to_regclass('dw.dim_zone') IS NOT NULL", NULL, 0, err))
                return false;
        return !db_flag(there, 0, 0) ||
               (zones_put(config, db, err) && platforms_put(config, db, err) && categories_put(config, db, err) &&
                days_put(db, err)) ||
               error_add(err, "filling the dimensions");
}
