/* hub find: where is the citizen's number? Every case, event, incident and rejected record that bears it, in plain words. */

#include "hub/command/find.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
        "usage: hub find NUMBER [--sealed [--since TIME]] [--config FILE]\n"
        "  NUMBER is the platform's own (a work order, a case), or a whole event id or subject of ours. Says of every "
        "platform's\n"
        "  case that bears it what state it is in, which incident it belongs to and why, and each of its events with "
        "its\n"
        "  place in the log. Exit 3 when nothing is known of it.\n"
        "  --sealed  also opens what was rejected (received within 30 days, or since TIME) and looks for the number in "
        "its bytes:\n"
        "            needs the keys of privacy.keys, and is logged\n";

#define DAY_MS INT64_C(86400000)

enum { SEALED_DAYS = 30, EVENTS_MOST = 200 };

const char *find_text(const DbResult *rows, size_t row, size_t column, const char *absent)
{
        const char *text = db_text(rows, row, column);

        return text ? text : absent;
}

/* ---- cases ---- */

static const char subjects_sql[] =
        "SELECT s.subject, s.zone, s.platform, s.channel, s.state, s.outcome, s.title, s.category,"
        " to_char(s.occurred, 'YYYY-MM-DD HH24:MI:SS'), to_char(coalesce(s.closed, s.updated), 'YYYY-MM-DD "
        "HH24:MI:SS'),"
        " i.number, i.incident, i.state, i.reports, array_to_string(i.platforms, ', '), l.decision, l.score, l.against,"
        " i.merged_into, l.linked_by, l.doubtful"
        " FROM dw.subject s LEFT JOIN dw.incident i ON i.incident = s.incident"
        " LEFT JOIN dw.link l ON l.zone = s.zone AND l.subject = s.subject AND l.unlinked_at IS NULL"
        " WHERE split_part(s.subject, ':', 3) IN ($1, $2, $3) ORDER BY s.zone, s.subject";

static void link_print(const DbResult *rows, size_t row)
{
        const char *decision = find_text(rows, row, 15, "");

        printf("  incident   %s (%s), %s, %s reports of %s\n", find_text(rows, row, 10, "none"),
               find_text(rows, row, 11, "-"), find_text(rows, row, 12, "-"), find_text(rows, row, 13, "0"),
               find_text(rows, row, 14, "-"));
        if (db_text(rows, row, 18))
                printf("             merged into %s\n", db_text(rows, row, 18));
        if (strcmp(decision, "join") == 0)
                printf("             joined it with a score of %s, against %s\n", find_text(rows, row, 16, "-"),
                       find_text(rows, row, 17, "-"));
        else if (strcmp(decision, "new") == 0)
                puts("             opened it");
        else if (decision[0])
                printf("             put there by %s\n", find_text(rows, row, 19, "a command"));
        if (db_flag(rows, row, 20))
                puts("             doubtful: a later revision left its place or kind");
}

static void subject_print(const Find *find, const DbResult *rows, size_t row)
{
        const Platform *platform = platforms_find(find->config->platforms, db_text(rows, row, 2));
        const ZoneEntry *zone = zones_find(find->config->zones, db_text(rows, row, 1));
        const char *outcome = db_text(rows, row, 5), *changed = db_text(rows, row, 9);

        printf("case %s\n", db_text(rows, row, 0));
        printf("  platform   %s%s%s%s%s, zone %s%s%s\n", db_text(rows, row, 2),
               platform && platform->name_en ? " " : "", platform && platform->name_en ? platform->name_en : "",
               db_text(rows, row, 3) ? ", by " : "", find_text(rows, row, 3, ""), db_text(rows, row, 1),
               zone ? " " : "", zone ? zone->name : "");
        printf("  says       %s (%s), happened %s\n", db_text(rows, row, 6), db_text(rows, row, 7),
               db_text(rows, row, 8));
        printf("  state      %s%s%s%s%s\n", db_text(rows, row, 4), outcome ? ", " : "", outcome ? outcome : "",
               changed ? ", since " : "", changed ? changed : "");
        link_print(rows, row);
}

static bool subjects_find(Find *find, Error *err)
{
        const char *const values[] = { find->wanted[0], find->wanted[1], find->wanted[2] };
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(find->db, &rows, subjects_sql, values, 3, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++)
                subject_print(find, rows, i);
        find->found += db_rows(rows);
        return true;
}

/* ---- events ---- */

static const char events_sql[] =
        "SELECT id, coalesce(kind, '-'), to_char(received, 'YYYY-MM-DD HH24:MI:SS'), verdict, topic, partition, "
        "\"offset\","
        " coalesce(instance, '-'), (SELECT x.reason || ': ' || coalesce(x.text, '') FROM ops.rejected x WHERE x.topic "
        "= r.topic"
        " AND x.partition = r.partition AND x.\"offset\" = r.\"offset\")"
        " FROM ods.record r WHERE split_part(id, ':', 3) IN ($1, $2, $3) AND verdict IN ('stored', 'duplicate', "
        "'rejected')"
        " ORDER BY topic, partition, \"offset\" LIMIT 201";

static const char *verdict_words(const char *verdict)
{
        if (strcmp(verdict, "duplicate") == 0)
                return "came again, changed nothing";
        return strcmp(verdict, "rejected") == 0 ? "REJECTED by the correlator" : "stored";
}

static bool events_find(Find *find, Error *err)
{
        const char *const values[] = { find->wanted[0], find->wanted[1], find->wanted[2] };
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        size_t size;

        if (!db_query(find->db, &rows, events_sql, values, 3, err))
                return false;
        size = db_rows(rows) < EVENTS_MOST ? db_rows(rows) : EVENTS_MOST;
        if (size)
                printf("events, in the order of the log%s\n", db_rows(rows) > EVENTS_MOST ? " (the first 200)" : "");
        for (size_t i = 0; i < size; i++)
                printf("  %s\n             %s of %s, received %s, %s/%s/%s: %s%s%s\n", db_text(rows, i, 0),
                       db_text(rows, i, 1), db_text(rows, i, 7), db_text(rows, i, 2), db_text(rows, i, 4),
                       db_text(rows, i, 5), db_text(rows, i, 6), verdict_words(db_text(rows, i, 3)),
                       db_text(rows, i, 8) ? ": " : "", find_text(rows, i, 8, ""));
        find->found += size;
        return true;
}

/* ---- command line ---- */

static void find_close(Find *find)
{
        for (size_t i = 0; i < NUMBER_FORMS; i++)
                free(find->wanted[i]);
}

static int find(const FindOrder *order)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(find_close) Find find = { .order = order, .config = &config };
        CLEANUP(db_drop) Db *db = NULL;
        Error err = { 0 };

        if (config_load(&config, order->config, &err))
                db = tool_database(&config, "hub find", &err);
        if (!db)
                return command_failed("find", &err);
        find.db = db;
        number_forms(order->number, find.wanted);
        if (!subjects_find(&find, &err) || !events_find(&find, &err) || (order->sealed && !find_sealed(&find, &err)))
                return command_failed("find", &err);
        if (find.found)
                return EXIT_FINE;
        fprintf(stderr, "hub find: nothing is known of \"%s\": no case, no event%s\n", order->number,
                order->sealed ? ", no rejected record" : "; --sealed looks into what was rejected, too");
        return EXIT_NOTHING;
}

static bool option_read(int option, FindOrder *order)
{
        Error err;

        switch (option) {
        case 'c':
                order->config = optarg;
                return true;
        case 'x':
                order->sealed = true;
                return true;
        case 's':
                return time_read(optarg, &order->since, NULL, &err);
        default:
                return false;
        }
}

int command_find(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "sealed", no_argument, NULL, 'x' },
                                                 { "since", required_argument, NULL, 's' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        FindOrder order = { 0 };
        Error err = { 0 };

        if (!time_open(&err))
                return command_failed("find", &err);
        order.since = time_now() - SEALED_DAYS * DAY_MS;
        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;)
                if (!option_read(option, &order))
                        return tool_usage(usage, option == 'h');
        if (optind != argc - 1 || !argv[optind][0])
                return tool_usage(usage, false);
        order.number = argv[optind];
        log_open("find");
        return find(&order);
}
