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

/* ---- lines ---- */

void explain_say(Explain *explain, const char *english, const char *const *more)
{
        phrase_write(&explain->line, explain->order->language, (Phrase){ english, more[0] }, more + 1);
}

void explain_line_end(Explain *explain)
{
        puts(explain->line.bytes ? explain->line.bytes : "");
        buffer_clear(&explain->line);
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
                explain_line_end(explain);
        }
}

static void incident_print(Explain *explain, const DbResult *rows)
{
        const Language language = explain->order->language;

        SAY(explain, "incident {} ({})", "案件 {}（{}）", db_text(rows, 0, 1), db_text(rows, 0, 0));
        buffer_format(&explain->line, ": %s", db_text(rows, 0, 6));
        explain_line_end(explain);
        buffer_format(&explain->line, "  %s %s; ", db_text(rows, 0, 4), db_text(rows, 0, 5));
        phrase_write(&explain->line, language, state_phrase(db_text(rows, 0, 2)), NULL);
        buffer_text(&explain->line, "; ");
        phrase_write(&explain->line, language, severity_phrase(db_text(rows, 0, 3)), NULL);
        explain_line_end(explain);
        buffer_text(&explain->line, "  ");
        SAY(explain, "{} reports of {}, opened {}", "{} 件上报，来自 {}，始于 {}", db_text(rows, 0, 7),
            db_text(rows, 0, 8), db_text(rows, 0, 9));
        explain_line_end(explain);
        if (db_text(rows, 0, 10)) {
                buffer_text(&explain->line, "  ");
                SAY(explain, "an operator merged it into {}", "已由人工并入 {}", db_text(rows, 0, 10));
                explain_line_end(explain);
        }
        if (db_text(rows, 0, 11)) {
                buffer_text(&explain->line, "  ");
                SAY(explain, "happens again: {} was the same problem and is closed", "反复发生：{} 为同一问题，已结案",
                    db_text(rows, 0, 11));
                explain_line_end(explain);
        }
        context_print(explain, db_text(rows, 0, 12));
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
        if (!db_query(db, &links, explain_links_sql, values, 2, err))
                return command_failed("explain", err);
        for (size_t i = 0; i < db_rows(links); i++)
                explain_link(explain, links, i);
        return EXIT_FINE;
}

static int explain_all(const ExplainOrder *order)
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
        ExplainOrder order = { .language = LANGUAGE_BOTH };

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
