#include "hub/serve/read/platforms.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/serve/call.h"
#include "hub/serve/read/feature.h"
#include "hub/serve/read/figures.h"
#include "hub/serve/read/statement.h"
#include "hub/serve/routes.h"

#include <stdlib.h>

enum { OK = 200, SILENT_MS = 3 * 60 * 1000, RECENT_MS = 3 * 60 * 1000, LAG_MOST = 1000, PER_CENT = 100, HOURS = 24 };

#define HOUR_MS INT64_C(3600000)

/* Columns of instances_sql. */
enum { INSTANCE, STATE, LAG, TICKED, PUBLISHED, REJECTED, IGNORED, LAST_EVENT };

/*
 * Of each instance its newest tick, what it counted today ($2), and when it published last: within its newest hour that has
 * something, the first tick that knew of all of it. Runs beside the instance itself (a retry, a replay, a span again) say
 * nothing of its state.
 */
static const char instances_sql[] =
        "SELECT n.name, t.source_state, t.lag, ops.time_text(t.at), d.published, d.rejected, d.ignored, "
        "ops.time_text(e.at)"
        " FROM unnest($1::text[]) WITH ORDINALITY AS n (name, number)"
        " LEFT JOIN LATERAL (SELECT source_state, lag, at FROM ops.tick WHERE instance = n.name AND source_state NOT IN"
        " ('retry', 'replay', 'span') ORDER BY hour DESC, at DESC, seq DESC LIMIT 1) AS t ON true"
        " LEFT JOIN LATERAL (SELECT sum(published) AS published, sum(rejected) AS rejected, sum(ignored) AS ignored "
        "FROM"
        " (SELECT DISTINCT ON (run, hour) published, rejected, ignored FROM ops.tick WHERE instance = n.name AND hour "
        ">="
        " $2::timestamptz ORDER BY run, hour, seq DESC) AS newest) AS d ON true"
        " LEFT JOIN LATERAL (SELECT min(f.at) AS at FROM (SELECT run, hour, published FROM ops.tick WHERE instance = "
        "n.name"
        " AND published > 0 ORDER BY hour DESC, published DESC LIMIT 1) AS best JOIN ops.tick f ON f.instance = n.name "
        "AND"
        " f.hour = best.hour AND f.run = best.run AND f.published = best.published) AS e ON true"
        " ORDER BY n.number";

/* What came in the last minutes is known to the millisecond. */
static const char recent_sql[] =
        "SELECT platform, ops.time_text(max(received)) FROM ops.event WHERE verdict = 'stored' AND"
        " received > $1::timestamptz AND platform IS NOT NULL GROUP BY platform";

typedef struct {
        const Config *config;
        const DbResult *instances, *recent;
        int64_t now;
        /* of the platform that is looked at */
        size_t ticked;
        int64_t published, rejected, ignored, lag, last_event;
        bool is_silent, is_away;
} Look;

static int64_t time_at(const DbResult *rows, size_t row, size_t column)
{
        const char *text = db_text(rows, row, column);
        int64_t ms;

        return text && time_read_canonical(text, db_size(rows, row, column), &ms) ? ms : TIME_NONE;
}

static void later(int64_t *than, int64_t ms)
{
        if (ms != TIME_NONE && (*than == TIME_NONE || ms > *than))
                *than = ms;
}

/* An instance that was stopped or paused by a person is not away. */
static void instance_look(Look *look, size_t row)
{
        const char *state = db_text(look->instances, row, STATE);
        const int64_t ticked = time_at(look->instances, row, TICKED), lag = db_integer(look->instances, row, LAG);

        if (ticked == TIME_NONE)
                return;
        look->ticked++;
        look->published += db_integer(look->instances, row, PUBLISHED);
        look->rejected += db_integer(look->instances, row, REJECTED);
        look->ignored += db_integer(look->instances, row, IGNORED);
        if (lag > look->lag)
                look->lag = lag;
        later(&look->last_event, time_at(look->instances, row, LAST_EVENT));
        if (look->now - ticked > SILENT_MS)
                look->is_silent = true;
        if (text_same(state, "away"))
                look->is_away = true;
}

static json_t *instance_json(const Look *look, size_t row)
{
        const DbResult *rows = look->instances;
        const char *state = db_text(rows, row, STATE);
        json_t *instance = json_pack("{s:s, s:I, s:I}", "instance", db_text(rows, row, INSTANCE), "published_today",
                                     (json_int_t)db_integer(rows, row, PUBLISHED), "rejected_today",
                                     (json_int_t)db_integer(rows, row, REJECTED));

        json_put_text(instance, "source_state", state);
        json_put_text(instance, "last_tick", db_text(rows, row, TICKED));
        if (db_text(rows, row, LAG) && db_integer(rows, row, LAG) >= 0)
                json_object_set_new(instance, "lag", json_integer(db_integer(rows, row, LAG)));
        if (text_same(state, "paused"))
                json_object_set_new(instance, "paused", json_true());
        return instance;
}

typedef struct {
        const char *light, *zh, *en;
} Said;

static Said said_of(const Look *look)
{
        const int64_t items = look->published + look->rejected;

        if (!look->ticked)
                return (Said){ "grey", "没有接入，或从未运行", "not connected, or never ran" };
        if (look->is_away)
                return (Said){ "red", "对方连不上", "its source cannot be reached" };
        if (look->is_silent)
                return (Said){ "red", "超过 3 分钟没有心跳", "no sign of life for over 3 minutes" };
        if (look->rejected * PER_CENT > items)
                return (Said){ "yellow", "今天有超过 1 % 的数据被拒收", "over 1 % of what came today was rejected" };
        if (look->lag > LAG_MOST)
                return (Said){ "yellow", "积压超过 1,000 条", "over 1,000 records wait" };
        if (look->last_event == TIME_NONE || look->now - look->last_event > HOURS * HOUR_MS)
                return (Said){ "yellow", "超过 24 小时没有新数据", "no event for over 24 hours" };
        return (Said){ "green", "正常", "well" };
}

static json_t *platform_json(Look *look, const Platform *platform)
{
        json_t *instances = json_array(), *one;
        char text[TIME_TEXT_SIZE];
        Said said;

        look->ticked = 0;
        look->published = look->rejected = look->ignored = look->lag = 0;
        look->last_event = TIME_NONE;
        look->is_silent = look->is_away = false;
        for (size_t i = 0; i < db_rows(look->instances); i++)
                if (text_same(look->config->instances[i].platform, platform->id)) {
                        instance_look(look, i);
                        json_array_append_new(instances, instance_json(look, i));
                }
        for (size_t i = 0; i < db_rows(look->recent); i++)
                if (text_same(db_text(look->recent, i, 0), platform->id))
                        later(&look->last_event, time_at(look->recent, i, 1));
        said = said_of(look);
        one = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:I, s:I, s:I, s:I, s:o}", "platform", platform->id, "name",
                        platform->name, "light", said.light, "said", "zh", said.zh, "en", said.en, "lag",
                        (json_int_t)look->lag, "rejected_today", (json_int_t)look->rejected, "published_today",
                        (json_int_t)look->published, "ignored_today", (json_int_t)look->ignored, "instances",
                        instances);
        json_put_text(one, "name_en", platform->name_en);
        json_put_text(one, "level", platform->level);
        if (look->last_event != TIME_NONE) {
                json_put_text(one, "last_event", time_text(look->last_event, text));
                json_object_set_new(one, "last_event_age_s", json_integer((look->now - look->last_event) / 1000));
        }
        return one;
}

static bool look_ask(const Config *config, Db *db, int64_t now, DbResult **instances, DbResult **recent, Error *err)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        const char **names = arena_take(arena, (config->instances_size + 1) * sizeof(char *));
        char day[TIME_TEXT_SIZE], since[TIME_TEXT_SIZE];
        const char *values[2];

        for (size_t i = 0; i < config->instances_size; i++)
                names[i] = config->instances[i].name;
        values[0] = statement_array(arena, names, config->instances_size);
        values[1] = time_text(day_begin(now), day);
        if (!db_query(db, instances, instances_sql, values, 2, err))
                return false;
        values[0] = time_text(now - RECENT_MS, since);
        return db_query(db, recent, recent_sql, values, 1, err);
}

json_t *platforms_of(const Config *config, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *instances = NULL, *recent = NULL;
        Look look = { .config = config, .now = time_now() };
        json_t *platforms;

        if (!look_ask(config, db, look.now, &instances, &recent, err))
                return NULL;
        look.instances = instances;
        look.recent = recent;
        platforms = json_array();
        for (size_t i = 0; i < platforms_size(config->platforms); i++)
                json_array_append_new(platforms, platform_json(&look, platforms_at(config->platforms, i)));
        return platforms;
}

static void platforms(Call *call)
{
        Error err = { 0 };
        json_t *found = platforms_of(call->serve->config, call->db, &err);

        if (found)
                call_json(call, OK, found);
        else
                (void)call_trouble(call, &err);
}

const Route platforms_routes[] = {
        { "GET", "/v1/platforms", ROLE_VIEWER, platforms },
        { 0 },
};
