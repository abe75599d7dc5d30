/* hub audit: balances the ledger of every platform and hour, and names what is missing. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/ledger/ledger.h"
#include "hub/tool/tool.h"

#include <stdio.h>

static const char usage[] =
        "usage: hub audit [--since last|TIME] [--wait DURATION] [--config FILE]\n"
        "  Balances what instances say they published against what lies in the database. Exit code 0: balances;\n"
        "  1: a hole or an inequality, each named by platform, instance, hour and seq, or nothing could be read;\n"
        "  3: pending, a partition is behind. --wait: how long to wait for it, such as 30s; not at all by default.\n"
        "  --since last: what came since the last look that balanced, so that a look each hour costs an hour;\n"
        "  --since TIME: what was received since then. Without it the whole log.\n";

typedef struct {
        const char *config, *since;
        int64_t wait_ms;
} Order;

/* Not an error: two zones may hold the same case, but somebody should know. */
static bool strays_tell(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!db_query(db, &rows,
                      "SELECT subject, string_agg(DISTINCT zone, ', ' ORDER BY zone) FROM ods.record WHERE verdict = "
                      "'stored'"
                      " AND subject IS NOT NULL GROUP BY subject HAVING count(DISTINCT zone) > 1 ORDER BY subject "
                      "LIMIT 100",
                      NULL, 0, err))
                return false;
        for (size_t i = 0; i < db_rows(rows); i++)
                printf("note: subject %s stands in zones %s\n", db_text(rows, i, 0), db_text(rows, i, 1));
        return true;
}

static int verdict_tell(const Ledger *ledger)
{
        if (ledger->lines.size)
                fputs(ledger->lines.bytes, stdout);
        if (ledger_balances(ledger)) {
                printf("balances: %zu runs, %zu hours, no hole\n", ledger->runs, ledger->hours);
                return EXIT_FINE;
        }
        if (ledger->pending && !ledger->offsets) {
                printf("pending: %zu partitions are behind\n", ledger->pending);
                return EXIT_NOTHING;
        }
        printf("does not balance: holes %zu, inequalities %zu, gaps of offsets %zu\n", ledger->holes,
               ledger->inequalities, ledger->offsets);
        return EXIT_FAILED;
}

/* For whoever watches: when it was asked last, and what it found. That this cannot be kept changes no verdict. */
static void verdict_keep(Db *db, const Ledger *ledger)
{
        CLEANUP(mem_drop) char *found = text_format("%zu", ledger->holes + ledger->inequalities + ledger->offsets);
        const char *const values[] = { found };
        Error err = { 0 };

        if (ledger->pending && !ledger->offsets)
                return;
        if (!db_query(db, NULL, "INSERT INTO ops.audit (holes) VALUES ($1::bigint)", values, 1, &err) ||
            !db_query(db, NULL, "DELETE FROM ops.audit WHERE at < clock_timestamp() - interval '400 days'", NULL, 0,
                      &err))
                log_warning("the verdict is not kept", LOG_TEXT("error", err.text));
}

static int audit(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(ledger_free) Ledger ledger = { .since = order->since };
        CLEANUP(mem_drop) char *events = NULL;
        CLEANUP(db_drop) Db *db = NULL;
        Error err = { 0 };

        if (config_load(&config, order->config, &err))
                db = tool_database(&config, "hub audit", &err);
        if (!db || !ledger_read(&ledger, &config, db, order->wait_ms, &err) ||
            (!order->since && !strays_tell(db, &err)))
                return command_failed("audit", &err);
        verdict_keep(db, &ledger);
        events = tool_topic(&config, "events");
        if (!ledger_remember(&ledger, db, events, &err))
                log_warning("where it balanced is not kept", LOG_TEXT("error", err.text));
        return verdict_tell(&ledger);
}

static bool since_read(const char *text, char since[TIME_TEXT_SIZE])
{
        Error err = { 0 };
        int64_t ms;

        if (text_same(text, "last"))
                return true;
        return time_read(text, &ms, NULL, &err) && time_text(ms, since);
}

int command_audit(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "wait", required_argument, NULL, 'w' },
                                                 { "since", required_argument, NULL, 's' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        Order order = { 0 };
        char since[TIME_TEXT_SIZE];
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        order.config = optarg;
                else if (option == 's' && since_read(optarg, since))
                        order.since = text_same(optarg, "last") ? optarg : since;
                else if (option != 'w' || !time_read_duration(optarg, &order.wait_ms, &err))
                        return tool_usage(usage, option == 'h');
        }
        if (optind != argc)
                return tool_usage(usage, false);
        log_open("audit");
        return audit(&order);
}
