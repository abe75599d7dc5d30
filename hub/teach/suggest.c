/* hub suggest: likely twins for an operator, the most telling questions first, each with the commands that answer it. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/rules/rules.h"
#include "hub/teach/telling.h"
#include "hub/tool/tool.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 1000, LOOKED_AT = 5000 };

static const char usage[] =
        "usage: hub suggest --most-telling N [--zone Z] [--json] [--config FILE]\n"
        "  The N pairs of open incidents whose answer would teach hub learn --from-commands most: near the threshold "
        "to join\n"
        "  at, of every kind (categories, platforms, metres, hours), few of a kind that was answered often. Each with\n"
        "  the two commands that answer it. Exit 3 when there is nothing to ask.\n";

typedef struct {
        const char *config, *zone;
        int64_t most;
        bool json;
} Order;

/* Kinds as ranges that a person would tell apart; of what is answered, those of the first reports. */
static const char kinds_sql[] =
        "CREATE FUNCTION pg_temp.kind(a dw.incident, b dw.incident) RETURNS text LANGUAGE sql AS $$"
        " SELECT concat_ws(' ', least(a.category, b.category), greatest(a.category, b.category),"
        " least(a.platforms[1], b.platforms[1]), greatest(a.platforms[1], b.platforms[1]),"
        " coalesce(width_bucket(ST_Distance(a.geom::geography, b.geom::geography), ARRAY[5, 15, 30, 60, "
        "120]::float[])::text, '-'),"
        " width_bucket(abs(extract(epoch FROM a.opened - b.opened)) / 3600.0, ARRAY[0.5, 6, 24, 96, 336]::numeric[])) "
        "$$";

static const char answered_sql[] =
        "CREATE TEMP TABLE answered AS SELECT pg_temp.kind(a, b) AS kind, count(*) AS count FROM ops.command c"
        " JOIN dw.incident a ON a.incident = c.incident JOIN dw.incident b ON b.merged_into = a.incident"
        " WHERE c.verb = 'merge' AND c.outcome = 'done' GROUP BY 1";

static const char questions_sql[] =
        "SELECT s.score, pg_temp.kind(a, b), coalesce(n.count, 0), a.zone, b.founding, a.founding, a.number, b.number,"
        " a.title, b.title, a.category, b.category, round(ST_Distance(a.geom::geography, b.geom::geography)),"
        " round(abs(extract(epoch FROM a.opened - b.opened)) / 3600.0, 1)"
        " FROM dw.suggestion s JOIN dw.incident a ON a.incident = s.incident JOIN dw.incident b ON b.incident = s.other"
        " LEFT JOIN answered n ON n.kind = pg_temp.kind(a, b)"
        " WHERE a.merged_into IS NULL AND b.merged_into IS NULL AND a.reports > 0 AND b.reports > 0"
        " AND ($1::text IS NULL OR a.zone = $1) ORDER BY abs(s.score - $2::int), a.incident, b.incident LIMIT $3::int";

enum {
        SCORE,
        KIND,
        ANSWERED,
        ZONE,
        EARLIER,
        LATER,
        NUMBER,
        EARLIER_NUMBER,
        TITLE,
        EARLIER_TITLE,
        CATEGORY,
        EARLIER_CATEGORY,
        METRES,
        HOURS
};

static void text_print(const DbResult *rows, const size_t *chosen, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                const size_t row = chosen[i];

                printf("%zu. %s %s: %s\n   %s %s: %s\n   score %s, %s%s%s h apart\n", i + 1,
                       db_text(rows, row, EARLIER_NUMBER), db_text(rows, row, EARLIER_CATEGORY),
                       db_text(rows, row, EARLIER_TITLE), db_text(rows, row, NUMBER), db_text(rows, row, CATEGORY),
                       db_text(rows, row, TITLE), db_text(rows, row, SCORE),
                       db_text(rows, row, METRES) ? db_text(rows, row, METRES) : "",
                       db_text(rows, row, METRES) ? " m and " : "", db_text(rows, row, HOURS));
                printf("   the same:      hub command merge %s %s --zone %s\n   not the same:  hub command apart %s %s "
                       "--zone "
                       "%s\n",
                       db_text(rows, row, EARLIER), db_text(rows, row, LATER), db_text(rows, row, ZONE),
                       db_text(rows, row, EARLIER), db_text(rows, row, LATER), db_text(rows, row, ZONE));
        }
}

static void json_print(const DbResult *rows, const size_t *chosen, size_t count)
{
        json_t *list = json_array();

        for (size_t i = 0; i < count; i++) {
                const size_t row = chosen[i];

                json_array_append_new(
                        list, json_pack("{s:I, s:s, s:[s, s], s:[s, s], s:[s, s], s:s?, s:s}", "score",
                                        (json_int_t)db_integer(rows, row, SCORE), "zone", db_text(rows, row, ZONE),
                                        "events", db_text(rows, row, EARLIER), db_text(rows, row, LATER), "numbers",
                                        db_text(rows, row, EARLIER_NUMBER), db_text(rows, row, NUMBER), "titles",
                                        db_text(rows, row, EARLIER_TITLE), db_text(rows, row, TITLE), "metres",
                                        db_text(rows, row, METRES), "hours", db_text(rows, row, HOURS)));
        }
        json_dumpf(list, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(list);
}

static bool questions_load(Db *db, const Order *order, int32_t merge, DbResult **rows, Error *err)
{
        char threshold[16], most[16];
        const char *const values[] = { order->zone, threshold, most };

        snprintf(threshold, sizeof threshold, "%d", (int)merge);
        snprintf(most, sizeof most, "%d", (int)LOOKED_AT);
        return db_begin(db, "REPEATABLE READ", err) && db_run(db, kinds_sql, err) && db_run(db, answered_sql, err) &&
               db_query(db, rows, questions_sql, values, 3, err);
}

static int suggest(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        Rules *rules = NULL;
        Error err = { 0 };

        if (config_load(&config, order->config, &err))
                rules = rules_load(config.correlate.rules, &err);
        const int32_t merge = rules ? rules_set(rules)->merge : 0;
        if (rules)
                db = tool_database(&config, "hub suggest", &err);
        rules_free(rules);
        if (!db || !questions_load(db, order, merge, &rows, &err))
                return command_failed("suggest", &err);
        CLEANUP(mem_drop) Question *questions = mem_new((db_rows(rows) + 1) * sizeof *questions);
        CLEANUP(mem_drop) size_t *chosen = mem_new(((size_t)order->most + 1) * sizeof *chosen);
        for (size_t i = 0; i < db_rows(rows); i++)
                questions[i] = (Question){ db_integer(rows, i, SCORE) - merge, db_text(rows, i, KIND),
                                           db_integer(rows, i, ANSWERED) };
        const size_t count = telling_choose(questions, db_rows(rows), chosen, (size_t)order->most);
        db_rollback(db);
        (order->json ? json_print : text_print)(rows, chosen, count);
        return count > 0 ? EXIT_FINE : EXIT_NOTHING;
}

int command_suggest(int argc, char **argv)
{
        static const struct option options[] = {
                { "config", required_argument, NULL, 'c' }, { "most-telling", required_argument, NULL, 'm' },
                { "zone", required_argument, NULL, 'z' },   { "json", no_argument, NULL, 'j' },
                { "help", no_argument, NULL, 'h' },         { 0 }
        };
        Order order = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        order.config = optarg;
                else if (option == 'z')
                        order.zone = optarg;
                else if (option == 'j')
                        order.json = true;
                else if (option != 'm' || !text_read_integer(optarg, &order.most) || order.most < 1 ||
                         order.most > MOST)
                        return tool_usage(usage, option == 'h');
        }
        if (optind != argc || order.most == 0)
                return tool_usage(usage, false);
        log_open("suggest");
        return suggest(&order);
}
