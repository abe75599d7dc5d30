#include "hub/event/calendar.h"

#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/base/yaml.h"
#include "hub/event/category.h"

#include <stdlib.h>

enum { SPAN_MOST = 60, THURSDAY = 4, WEEK = 7 };
#define DAY_MS      INT64_C(86400000)
#define SHANGHAI_MS INT64_C(28800000)

struct Calendar {
        Yaml *yaml;   /* names and notices are its texts */
        Map *days;    /* day -> CalendarDay * */
        Map *notices; /* year -> its notice; borrowed */
};

/* Days since 1970-01-01 back to a civil year (proleptic Gregorian). */
static int64_t year_of(int64_t day)
{
        int64_t year = 1970 + day / 366;

        while (time_days(year + 1, 1, 1) <= day)
                year++;
        return year;
}

static bool day_read(const Yaml *yaml, const json_t *node, int64_t *day, Error *err)
{
        TimePrecision precision;
        int64_t ms;

        if (!json_is_string(node) || !time_read(json_string_value(node), &ms, &precision, err) ||
            precision != PRECISION_DAY)
                return yaml_error(yaml, node, err, "a day is needed, such as 2024-02-10");
        *day = time_day_shanghai(ms);
        return true;
}

static void day_put(Calendar *calendar, int64_t day, bool works, const char *holiday, const char *notice)
{
        CalendarDay *one = mem_new(sizeof *one);

        *one = (CalendarDay){ works, holiday, notice };
        free(map_take(calendar->days, &day, sizeof day));
        map_put(calendar->days, &day, sizeof day, one);
}

static bool holiday_read(Calendar *calendar, const json_t *node, const char *notice, Error *err)
{
        const char *name = json_string_value(json_object_get(node, "name"));
        int64_t from = 0, to = 0;

        if (!name || json_object_size(node) != 3)
                return yaml_error(calendar->yaml, node, err, "a holiday is { name, from, to }");
        if (!day_read(calendar->yaml, json_object_get(node, "from"), &from, err) ||
            !day_read(calendar->yaml, json_object_get(node, "to"), &to, err))
                return false;
        if (to < from || to - from >= SPAN_MOST)
                return yaml_error(calendar->yaml, node, err, "%s: to lies before from, or too long after it", name);
        for (int64_t day = from; day <= to; day++)
                day_put(calendar, day, false, name, notice);
        return true;
}

static bool year_read(Calendar *calendar, const char *key, const json_t *node, Error *err)
{
        const char *notice = json_string_value(json_object_get(node, "notice"));
        const json_t *one;
        int64_t year, day = 0;
        size_t i;

        if (!text_read_integer(key, &year) || year < 1980 || year > 9999)
                return yaml_error(calendar->yaml, node, err, "\"%s\" is no year", key);
        if (!notice || !json_is_array(json_object_get(node, "holidays")) ||
            !json_is_array(json_object_get(node, "work")) || json_object_size(node) != 3)
                return yaml_error(calendar->yaml, node, err, "a year is { notice, holidays: [...], work: [...] }");
        map_put(calendar->notices, &year, sizeof year, (char *)(uintptr_t)notice);
        json_array_foreach(json_object_get(node, "holidays"), i, one)
                if (!holiday_read(calendar, one, notice, err))
                        return false;
        json_array_foreach(json_object_get(node, "work"), i, one) {
                if (!day_read(calendar->yaml, one, &day, err))
                        return false;
                day_put(calendar, day, true, "调休上班", notice);
        }
        return true;
}

static bool years_read(Calendar *calendar, Error *err)
{
        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_t *root = (json_t *)(uintptr_t)yaml_root(calendar->yaml);
        const char *key;
        json_t *node;

        if (!json_is_object(root))
                return yaml_error(calendar->yaml, root, err, "a mapping of years is needed");
        json_object_foreach(root, key, node)
                if (!year_read(calendar, key, node, err))
                        return false;
        return true;
}

Calendar *calendar_load(const char *path, Error *err)
{
        Calendar *calendar = mem_new(sizeof *calendar);
        CLEANUP(buffer_free) Buffer shipped = { 0 };

        schemas_path(&shipped, "calendar.yaml");
        calendar->days = map_new();
        calendar->notices = map_new();
        calendar->yaml = yaml_load(path ? path : shipped.bytes, err);
        if (calendar->yaml && years_read(calendar, err))
                return calendar;
        calendar_free(calendar);
        return NULL;
}

CalendarDay calendar_day(const Calendar *calendar, int64_t day)
{
        const CalendarDay *named = map_get(calendar->days, &day, sizeof day);
        const int64_t year = year_of(day), week = ((day + THURSDAY) % WEEK + WEEK) % WEEK; /* Sunday 0 */

        if (named)
                return *named;
        return (CalendarDay){ week != 0 && week != WEEK - 1, NULL, map_get(calendar->notices, &year, sizeof year) };
}

int64_t calendar_add(const Calendar *calendar, int64_t ms, int64_t workdays)
{
        int64_t day = time_day_shanghai(ms);
        const int64_t hour = ms + SHANGHAI_MS - day * DAY_MS;
        const bool works = calendar_day(calendar, day).works;

        while (workdays > 0)
                workdays -= calendar_day(calendar, ++day).works;
        return day * DAY_MS - SHANGHAI_MS + (works ? hour : DAY_MS);
}

void calendar_free(Calendar *calendar)
{
        if (!calendar)
                return;
        map_free(calendar->days, free);
        map_free(calendar->notices, NULL);
        yaml_close(calendar->yaml);
        free(calendar);
}
