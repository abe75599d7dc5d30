/* hub explain: why do these reports stand together? Each link of an incident in words that an operator understands. */

#include "hub/explain/explain.h"

#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/tool/tool.h"
#include "hub/zone/zone.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
        "usage: hub explain INCIDENT [--lang zh|en] [--all] [--config FILE]\n"
        "  INCIDENT is an incident's id or number, or a case or event that it holds. Says of each report why it stands "
        "there:\n"
        "  what was compared, with how many points (they add up to the score), by which rules, and what was not "
        "taken.\n"
        "  What is told of two reports is told of the nearest one; points are the mean over up to eight of the "
        "incident.\n"
        "  --lang  one language; both by default\n"
        "  --all   also what added no points, and links that have ended\n"
        "  Exit 3 when no such incident is known.\n";

typedef struct {
        const char *what, *config;
        Language language;
        bool all;
} Order;

typedef struct {
        const Order *order;
        const Config *config;
        Buffer line;
} Explain;

/* ---- lines ---- */

/* The English phrase; then the Chinese one and what stands for each "{}" of both, which end with NULL. */
static void say(Explain *explain, const char *english, const char *const *more)
{
        phrase_write(&explain->line, explain->order->language, (Phrase){ english, more[0] }, more + 1);
}

#define SAY(explain, english, ...) say((explain), (english), (const char *const[]){ __VA_ARGS__, NULL })

static void line_end(Explain *explain)
{
        puts(explain->line.bytes ? explain->line.bytes : "");
        buffer_clear(&explain->line);
}

static const char *points_text(int64_t points, char text[24])
{
        snprintf(text, 24, "%+" PRId64 ".%03" PRId64, points / 1000, (points < 0 ? -points : points) % 1000);
        if (points < 0 && points > -1000)
                text[0] = '-';
        return text;
}

/* ---- the incident ---- */

static const char incident_sql[] =
        "SELECT incident, number, state, severity, category, coalesce(category_name, ''), title, reports,"
        " array_to_string(platforms, ', '), to_char(opened, 'YYYY-MM-DD HH24:MI:SS'), merged_into, recurrence_of, "
        "context"
        " FROM dw.incident WHERE incident = $1 OR number = upper($1) OR incident IN"
        " (SELECT incident FROM dw.subject WHERE subject IN ($1, $2)) ORDER BY number LIMIT 1";

/* What beside its reports made it graver or less grave. */
static void context_print(Explain *explain, const char *text)
{
        Error err = { 0 };
        CLEANUP(json_drop) json_t *context = text ? json_read_typed(text, strlen(text), &err) : NULL;
        const json_t *one;
        size_t i;

        json_array_foreach(context, i, one) {
                const char *subject = json_string_value(json_object_get(one, "subject"));

                buffer_text(&explain->line, "  ");
                reason_write(&explain->line, explain->order->language, one);
                buffer_format(&explain->line, "%s%s%s", subject ? " (" : "", subject ? subject : "",
                              subject ? ")" : "");
                line_end(explain);
        }
}

static void incident_print(Explain *explain, const DbResult *rows)
{
        const Language language = explain->order->language;

        SAY(explain, "incident {} ({})", "案件 {}（{}）", db_text(rows, 0, 1), db_text(rows, 0, 0));
        buffer_format(&explain->line, ": %s", db_text(rows, 0, 6));
        line_end(explain);
        buffer_format(&explain->line, "  %s %s; ", db_text(rows, 0, 4), db_text(rows, 0, 5));
        phrase_write(&explain->line, language, state_phrase(db_text(rows, 0, 2)), NULL);
        buffer_text(&explain->line, "; ");
        phrase_write(&explain->line, language, severity_phrase(db_text(rows, 0, 3)), NULL);
        line_end(explain);
        buffer_text(&explain->line, "  ");
        SAY(explain, "{} reports of {}, opened {}", "{} 件上报，来自 {}，始于 {}", db_text(rows, 0, 7),
            db_text(rows, 0, 8), db_text(rows, 0, 9));
        line_end(explain);
        if (db_text(rows, 0, 10)) {
                buffer_text(&explain->line, "  ");
                SAY(explain, "an operator merged it into {}", "已由人工并入 {}", db_text(rows, 0, 10));
                line_end(explain);
        }
        if (db_text(rows, 0, 11)) {
                buffer_text(&explain->line, "  ");
                SAY(explain, "happens again: {} was the same problem and is closed", "反复发生：{} 为同一问题，已结案",
                    db_text(rows, 0, 11));
                line_end(explain);
        }
        context_print(explain, db_text(rows, 0, 12));
}

/* ---- its links ---- */

static const char links_sql[] =
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

static void report_print(Explain *explain, const DbResult *rows, size_t row)
{
        const char *id = db_text(rows, row, PLATFORM), *channel = db_text(rows, row, CHANNEL);
        const Platform *platform = id ? platforms_find(explain->config->platforms, id) : NULL;
        char number[24];

        snprintf(number, sizeof number, "%zu", row + 1);
        line_end(explain);
        SAY(explain, "report {}", "上报 {}", number);
        buffer_format(&explain->line, ": %s ", id ? id : "-");
        if (platform)
                SAY(explain, platform->name_en ? platform->name_en : platform->name, platform->name);
        buffer_format(&explain->line, "%s%s, %s: %s", channel ? ", " : "", channel ? channel : "",
                      db_text(rows, row, OCCURRED) ? db_text(rows, row, OCCURRED) : "-",
                      db_text(rows, row, TITLE) ? db_text(rows, row, TITLE) : "");
        line_end(explain);
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
        line_end(explain);
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
                        line_end(explain);
                        continue;
                }
                compared++;
                sum += points;
                silent += points == 0;
                if (points == 0 && !explain->order->all)
                        continue;
                points_print(explain, points);
                reason_write(&explain->line, explain->order->language, reason);
                line_end(explain);
        }
        if (compared == 0)
                return;
        snprintf(count, sizeof count, "%" PRId64, silent);
        points_print(explain, sum);
        if (sum == score)
                SAY(explain, "in all; {} more features say nothing", "合计；另有 {} 项不加不减", count);
        else
                SAY(explain, "in all, which is NOT the score that is stored", "合计，与所存得分不符");
        line_end(explain);
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
                line_end(explain);
        }
}

static void link_print(Explain *explain, const DbResult *rows, size_t row)
{
        report_print(explain, rows, row);
        decision_print(explain, rows, row);
        reasons_print(explain, db_text(rows, row, REASONS), db_integer(rows, row, SCORE));
        refused_print(explain, db_text(rows, row, REFUSED));
        buffer_text(&explain->line, "  ");
        SAY(explain, "linked {}, by rules {}", "归入时间 {}，规则 {}", db_text(rows, row, LINKED),
            db_text(rows, row, RULES));
        line_end(explain);
        if (db_text(rows, row, ENDED)) {
                buffer_text(&explain->line, "  ");
                SAY(explain, "ended {}: an operator moved the report", "已于 {} 由人工移出", db_text(rows, row, ENDED));
                line_end(explain);
        }
        if (db_flag(rows, row, DOUBTFUL)) {
                buffer_text(&explain->line, "  ");
                SAY(explain, "doubtful: a later revision left the incident's place or kind",
                    "存疑：后来的更新已偏离该案件的地点或类别");
                line_end(explain);
        }
}

/* ---- command line ---- */

static void explain_close(Explain *explain)
{
        buffer_free(&explain->line);
}

static int explain_print(Explain *explain, Db *db, Error *err)
{
        CLEANUP(buffer_free) Buffer subject = { 0 };
        CLEANUP(db_result_drop) DbResult *incident = NULL, *links = NULL;

        subject_of(&subject, explain->order->what);
        const char *const wanted[] = { explain->order->what, subject.bytes };
        if (!db_query(db, &incident, incident_sql, wanted, 2, err))
                return command_failed("explain", err);
        if (db_rows(incident) == 0) {
                fprintf(stderr, "hub explain: no incident, case or event \"%s\" is known\n", explain->order->what);
                return EXIT_NOTHING;
        }
        incident_print(explain, incident);
        const char *const values[] = { db_text(incident, 0, 0), explain->order->all ? "true" : "false" };
        if (!db_query(db, &links, links_sql, values, 2, err))
                return command_failed("explain", err);
        for (size_t i = 0; i < db_rows(links); i++)
                link_print(explain, links, i);
        return EXIT_FINE;
}

static int explain_all(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(explain_close) Explain explain = { .order = order, .config = &config };
        CLEANUP(db_drop) Db *db = NULL;
        Error err = { 0 };

        if (config_load(&config, order->config, &err))
                db = tool_database(&config, "hub explain", &err);
        return db ? explain_print(&explain, db, &err) : command_failed("explain", &err);
}

static bool language_read(const char *text, Language *language)
{
        if (text_same(text, "zh"))
                *language = LANGUAGE_CHINESE;
        else if (text_same(text, "en"))
                *language = LANGUAGE_ENGLISH;
        else
                return false;
        return true;
}

int command_explain(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "lang", required_argument, NULL, 'l' },
                                                 { "all", no_argument, NULL, 'a' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        Order order = { .language = LANGUAGE_BOTH };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        order.config = optarg;
                else if (option == 'a')
                        order.all = true;
                else if (option != 'l' || !language_read(optarg, &order.language))
                        return tool_usage(usage, option == 'h');
        }
        if (optind != argc - 1 || !argv[optind][0])
                return tool_usage(usage, false);
        order.what = argv[optind];
        log_open("explain");
        return explain_all(&order);
}
