/* hub compare: what would change if the generation beside the live one took its place. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/generation/generation.h"

#include <jansson.h>
#include <stdio.h>

static const char usage[] =
        "usage: hub compare [--limit N] [--json] [--config FILE]\n"
        "  The live generation against the one that hub recorrelate made, over the cases that both hold:\n"
        "  join  an incident of the other that holds cases of several live ones\n"
        "  part  a live incident whose cases stand in several of the other\n"
        "  Exit 0 when each case stands with the same others, 3 when not. --limit N: at most N lines of the list\n";

typedef struct {
        const char *config;
        int64_t limit;
        bool json;
} Order;

bool generation_alone(Db *db, Error *err)
{
        bool taken = false;

        if (!store_replay_alone(db, &taken, err))
                return false;
        return taken || error_set(err, ERR_RETRY, NULL, "another hub recorrelate or hub promote is at work");
}

bool generation_beside(Db *db, int32_t *live, int32_t *other, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result,
                      "SELECT ops.live_generation(), generation FROM ops.generation WHERE NOT live ORDER BY generation"
                      " DESC LIMIT 1",
                      NULL, 0, err))
                return false;
        if (db_rows(result) == 0)
                return error_set(err, ERR_INPUT, NULL, "there is no generation beside the live one: hub recorrelate");
        *live = (int32_t)db_integer(result, 0, 0);
        *other = (int32_t)db_integer(result, 0, 1);
        return true;
}

static const char counts_sql[] =
        "SELECT category, count(DISTINCT mine) FILTER (WHERE parted), count(DISTINCT theirs) FILTER (WHERE joined),"
        " count(DISTINCT mine), count(DISTINCT theirs), count(DISTINCT mine) FILTER (WHERE NOT parted AND NOT joined),"
        " coalesce(sum(subjects) FILTER (WHERE parted OR joined), 0), grouping(category)"
        " FROM differs GROUP BY GROUPING SETS ((), (category)) ORDER BY 8 DESC, 1";

static const char list_sql[] = "SELECT * FROM (SELECT 'join', theirs, string_agg(mine, ' ' ORDER BY mine), "
                               "min(category) FROM differs WHERE joined"
                               " GROUP BY theirs UNION ALL SELECT 'part', mine, string_agg(theirs, ' ' ORDER BY "
                               "theirs), min(category) FROM differs"
                               " WHERE parted GROUP BY mine) AS list ORDER BY 1, 2 LIMIT $1::bigint";

static bool pairs_make(Db *db, int32_t live, int32_t other, Error *err)
{
        char one[16], two[16];
        const char *const values[] = { one, two };

        snprintf(one, sizeof one, "%d", live);
        snprintf(two, sizeof two, "%d", other);
        return db_run(db, "CREATE TEMP TABLE pairs (category text, mine text, theirs text, subjects bigint)", err) &&
               db_query(db, NULL, "INSERT INTO pairs SELECT * FROM ops.generation_pairs($1::int, $2::int)", values, 2,
                        err) &&
               db_run(db,
                      "CREATE TEMP TABLE differs AS SELECT *, count(*) OVER (PARTITION BY mine) > 1 AS parted,"
                      " count(*) OVER (PARTITION BY theirs) > 1 AS joined FROM pairs",
                      err);
}

static void text_print(const DbResult *counts, const DbResult *list, int32_t live, int32_t other)
{
        printf("generation %d (live) and %d\n%-12s %10s %10s %10s %10s %10s %10s\n", (int)live, (int)other, "category",
               "live", "other", "same", "joined", "parted", "cases");
        for (size_t i = 0; i < db_rows(counts); i++)
                printf("%-12s %10s %10s %10s %10s %10s %10s\n",
                       db_integer(counts, i, 7) ? "all" : db_text(counts, i, 0), db_text(counts, i, 3),
                       db_text(counts, i, 4), db_text(counts, i, 5), db_text(counts, i, 2), db_text(counts, i, 1),
                       db_text(counts, i, 6));
        for (size_t i = 0; i < db_rows(list); i++)
                printf("%s %s %s: %s\n", db_text(list, i, 0), db_text(list, i, 3), db_text(list, i, 1),
                       db_text(list, i, 2));
}

static void json_print(const DbResult *counts, const DbResult *list, int32_t live, int32_t other)
{
        json_t *root = json_pack("{s:i, s:i, s:[], s:[]}", "live", (int)live, "other", (int)other, "counts", "list");

        for (size_t i = 0; i < db_rows(counts); i++)
                json_array_append_new(
                        json_object_get(root, "counts"),
                        json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "category",
                                  db_integer(counts, i, 7) ? "all" : db_text(counts, i, 0), "live",
                                  (json_int_t)db_integer(counts, i, 3), "other", (json_int_t)db_integer(counts, i, 4),
                                  "same", (json_int_t)db_integer(counts, i, 5), "joined",
                                  (json_int_t)db_integer(counts, i, 2), "parted", (json_int_t)db_integer(counts, i, 1),
                                  "cases", (json_int_t)db_integer(counts, i, 6)));
        for (size_t i = 0; i < db_rows(list); i++)
                json_array_append_new(json_object_get(root, "list"),
                                      json_pack("{s:s, s:s, s:s, s:s}", "change", db_text(list, i, 0), "category",
                                                db_text(list, i, 3), "incident", db_text(list, i, 1), "others",
                                                db_text(list, i, 2)));
        json_dumpf(root, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(root);
}

static int compare(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        CLEANUP(db_result_drop) DbResult *counts = NULL, *list = NULL;
        int32_t live = 0, other = 0;
        Error err = { 0 };
        char limit[24];
        const char *const values[] = { order->limit ? limit : NULL };

        snprintf(limit, sizeof limit, "%lld", (long long)order->limit);
        if (config_load(&config, order->config, &err))
                db = tool_database(&config, "hub compare", &err);
        if (!db || !db_begin(db, "REPEATABLE READ", &err) || !generation_beside(db, &live, &other, &err) ||
            !pairs_make(db, live, other, &err) || !db_query(db, &counts, counts_sql, NULL, 0, &err) ||
            !db_query(db, &list, list_sql, values, 1, &err))
                return command_failed("compare", &err);
        db_rollback(db);
        (order->json ? json_print : text_print)(counts, list, live, other);
        return db_integer(counts, 0, 1) || db_integer(counts, 0, 2) ? EXIT_NOTHING : EXIT_FINE;
}

int command_compare(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "limit", required_argument, NULL, 'l' },
                                                 { "json", no_argument, NULL, 'j' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        Order order = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        order.config = optarg;
                else if (option == 'j')
                        order.json = true;
                else if (option != 'l' || !text_read_integer(optarg, &order.limit) || order.limit < 1)
                        return tool_usage(usage, option == 'h');
        }
        if (optind != argc)
                return tool_usage(usage, false);
        log_open("compare");
        return compare(&order);
}
