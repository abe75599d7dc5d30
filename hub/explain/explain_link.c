/* A link of an incident: the report, how it was decided, and with what. */

#include "hub/explain/explain.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/event/platform.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char explain_links_sql[] =
        "SELECT l.event, l.decision, l.score, l.against, l.reasons::text, l.linked_by, l.doubtful, left(l.rules, 12),"
        " to_char(l.linked_at, 'YYYY-MM-DD HH24:MI:SS'), to_char(l.unlinked_at, 'YYYY-MM-DD HH24:MI:SS'), s.platform,"
        " s.channel, s.title, to_char(s.occurred, 'YYYY-MM-DD HH24:MI:SS'), c.verb, c.by_whom,"
        " (SELECT json_agg(json_build_object('number', coalesce(i.number, r.incident), 'title', coalesce(i.title, ''),"
        " 'score', r.score) ORDER BY r.score DESC, r.incident) FROM jsonb_to_recordset(l.refused) AS r(incident text,"
        " score bigint) LEFT JOIN dw.incident i ON i.incident = r.incident)::text"
        " FROM dw.link l LEFT JOIN dw.subject s ON s.zone = l.zone AND s.subject = l.subject"
        " LEFT JOIN ops.command c ON c.zone = l.zone AND c.id = l.linked_by"
        " WHERE l.incident = $1 AND (l.unlinked_at IS NULL OR $2::boolean) ORDER BY l.partition, l.\"offset\", "
        "l.subject";

enum {
        EVENT,
        DECISION,
        SCORE,
        AGAINST,
        REASONS,
        BY,
        DOUBTFUL,
        RULES,
        LINKED,
        ENDED,
        PLATFORM,
        CHANNEL,
        TITLE,
        OCCURRED,
        VERB,
        WHO,
        REFUSED
};

static const char *points_text(int64_t points, char text[24])
{
        snprintf(text, 24, "%+" PRId64 ".%03" PRId64, points / 1000, (points < 0 ? -points : points) % 1000);
        if (points < 0 && points > -1000)
                text[0] = '-';
        return text;
}

static void report_print(Explain *explain, const DbResult *rows, size_t row)
{
        const char *id = db_text(rows, row, PLATFORM), *channel = db_text(rows, row, CHANNEL);
        const Platform *platform = id ? platforms_find(explain->config->platforms, id) : NULL;
        char number[24];

        snprintf(number, sizeof number, "%zu", row + 1);
        explain_line_end(explain);
        SAY(explain, "report {}", "上报 {}", number);
        buffer_format(&explain->line, ": %s ", id ? id : "-");
        if (platform)
                SAY(explain, platform->name_en ? platform->name_en : platform->name, platform->name);
        buffer_format(&explain->line, "%s%s, %s: %s", channel ? ", " : "", channel ? channel : "",
                      db_text(rows, row, OCCURRED) ? db_text(rows, row, OCCURRED) : "-",
                      db_text(rows, row, TITLE) ? db_text(rows, row, TITLE) : "");
        explain_line_end(explain);
        printf("  %s\n", db_text(rows, row, EVENT));
}

static void decision_print(Explain *explain, const DbResult *rows, size_t row)
{
        const char *decision = db_text(rows, row, DECISION);
        char score[24];

        points_text(db_integer(rows, row, SCORE), score);
        buffer_text(&explain->line, "  ");
        if (text_same(decision, "command"))
                SAY(explain, "put here by {} with {} ({})", "由 {} 人工操作 {} 归入（{}）",
                    db_text(rows, row, WHO) ? db_text(rows, row, WHO) : "-",
                    db_text(rows, row, VERB) ? db_text(rows, row, VERB) : "-", db_text(rows, row, BY));
        else if (text_same(decision, "join"))
                SAY(explain, "joined with a score of {}; nearest to {}", "并入，得分 {}；最接近 {}", score,
                    db_text(rows, row, AGAINST) ? db_text(rows, row, AGAINST) : "-");
        else if (db_text(rows, row, SCORE))
                SAY(explain, "opened it: the likeliest other one scored {} against {}: too little, or it has no room",
                    "新立：最接近的另一案件得 {}（对 {}），分数不足或已无余地", score,
                    db_text(rows, row, AGAINST) ? db_text(rows, row, AGAINST) : "-");
        else
                SAY(explain, "opened it: no open incident was near enough to be compared",
                    "新立：附近没有可比的未结案件");
        explain_line_end(explain);
}

static void points_print(Explain *explain, int64_t points)
{
        char text[24];

        buffer_format(&explain->line, "    %8s  ", points_text(points, text));
}

/* It adds no points, and yet it was decided with it. */
static bool is_context(const json_t *reason)
{
        return text_same(json_string_value(json_object_get(reason, "feature")), "registry");
}

/* The contributions, their sum, and how many of them say nothing; a sum that is not the score is said. */
static void reasons_print(Explain *explain, const char *text, int64_t score)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *reasons = json_read_typed(text, strlen(text), &err);
        int64_t sum = 0, silent = 0, compared = 0;
        const json_t *reason;
        char count[24];
        size_t i;

        json_array_foreach(reasons, i, reason) {
                const int64_t points = json_integer_value(json_object_get(reason, "points"));

                if (is_context(reason)) {
                        buffer_format(&explain->line, "    %8s  ", "");
                        reason_write(&explain->line, explain->order->language, reason);
                        explain_line_end(explain);
                        continue;
                }
                compared++;
                sum += points;
                silent += points == 0;
                if (points == 0 && !explain->order->all)
                        continue;
                points_print(explain, points);
                reason_write(&explain->line, explain->order->language, reason);
                explain_line_end(explain);
        }
        if (compared == 0)
                return;
        snprintf(count, sizeof count, "%" PRId64, silent);
        points_print(explain, sum);
        if (sum == score && silent == 0)
                SAY(explain, "in all", "合计");
        else if (sum == score)
                SAY(explain, "in all; {} more features say nothing", "合计；另有 {} 项不加不减", count);
        else
                SAY(explain, "in all, which is NOT the score that is stored", "合计，与所存得分不符");
        explain_line_end(explain);
}

static void refused_print(Explain *explain, const char *text)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *refused = text ? json_read_typed(text, strlen(text), &err) : NULL;
        const json_t *one;
        char score[24];
        size_t i;

        json_array_foreach(refused, i, one) {
                points_text(json_integer_value(json_object_get(one, "score")), score);
                buffer_text(&explain->line, "  ");
                SAY(explain, "not taken: {}, score {}", "未选：{}，得分 {}",
                    json_string_value(json_object_get(one, "number")), score);
                buffer_format(&explain->line, ": %s", json_string_value(json_object_get(one, "title")));
                explain_line_end(explain);
        }
}

void explain_link(Explain *explain, const DbResult *rows, size_t row)
{
        report_print(explain, rows, row);
        decision_print(explain, rows, row);
        reasons_print(explain, db_text(rows, row, REASONS), db_integer(rows, row, SCORE));
        refused_print(explain, db_text(rows, row, REFUSED));
        buffer_text(&explain->line, "  ");
        SAY(explain, "linked {}, by rules {}", "归入时间 {}，规则 {}", db_text(rows, row, LINKED),
            db_text(rows, row, RULES));
        explain_line_end(explain);
        if (db_text(rows, row, ENDED)) {
                buffer_text(&explain->line, "  ");
                SAY(explain, "ended {}: an operator moved the report", "已于 {} 由人工移出", db_text(rows, row, ENDED));
                explain_line_end(explain);
        }
        if (db_flag(rows, row, DOUBTFUL)) {
                buffer_text(&explain->line, "  ");
                SAY(explain, "doubtful: a later revision left the incident's place or kind",
                    "存疑：后来的更新已偏离该案件的地点或类别");
                explain_line_end(explain);
        }
}
