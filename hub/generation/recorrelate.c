/* hub recorrelate: the log once more, under the same or other rules, into a generation beside the live one. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"
#include "hub/generation/generation.h"
#include "hub/pipe/signals.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
        "usage: hub recorrelate [--rules FILE] [--since TIME] [--anew] [--config FILE]\n"
        "  Decides the whole log (ods.record) again into a generation beside the live one. hub compare then shows what "
        "would change,\n"
        "  hub promote puts it in place. Run it as the owner of the database; correlators go on meanwhile.\n"
        "  --rules FILE  the rules to try; without it those of the configuration\n"
        "  --since TIME  only records received since then (RFC 3339): quicker, for comparing only\n"
        "  --anew        drops what an earlier recorrelate made; without it the same rules go on where they stopped\n";

typedef struct {
        const char *config, *rules, *since;
        bool anew;
} Order;

static bool stopped(void *context)
{
        return signals_stop(context);
}

/* The generation to fill: the one that these rules began, or a new one. */
static bool generation_find(const Order *order, Db *db, const char *rules, int32_t *number, Error *err)
{
        CLEANUP(db_result_drop) DbResult *other = NULL, *made = NULL;
        const char *const values[] = { rules, order->since };

        if (!generation_alone(db, err))
                return false;
        if (!db_query(db, &other,
                      "SELECT generation, rules = $1 AND since IS NOT DISTINCT FROM $2::timestamptz AND"
                      " generation > ops.live_generation() AS same, generation < ops.live_generation() FROM"
                      " ops.generation WHERE NOT live",
                      values, 2, err))
                return false;
        for (size_t i = 0; i < db_rows(other); i++) {
                const char *const drop[] = { db_text(other, i, 0) };

                *number = (int32_t)db_integer(other, i, 0);
                if (db_flag(other, i, 1) && !order->anew)
                        return true;
                if (!order->anew && !db_flag(other, i, 2))
                        return error_set(err, ERR_INPUT, NULL,
                                         "generation %d of other rules is beside the live one: --anew drops it",
                                         (int)*number);
                if (!db_query(db, NULL, "SELECT ops.generation_drop($1::int)", drop, 1, err))
                        return false;
        }
        if (!db_query(db, &made, "SELECT ops.generation_make($1, $2::timestamptz)", values, 2, err))
                return error_add(err, "making the generation");
        *number = (int32_t)db_integer(made, 0, 0);
        return true;
}

static int replay(const Order *order, const Config *config, const Rules *rules, Signals *signals, Error *err)
{
        CLEANUP(mem_drop) char *topic = tool_topic(config, "events");
        CLEANUP(db_drop) Db *db = tool_database(config, "hub recorrelate", err);
        const ReplaySetup setup = { .rules = rules,
                                    .zones = config->zones,
                                    .topic = topic,
                                    .page = config->correlate.batch_events < 1000 ? config->correlate.batch_events
                                                                                  : 1000,
                                    .stopped = stopped,
                                    .stopped_context = signals };
        DbOptions options = config->postgres;
        int64_t events = 0;
        int32_t number = 0;
        Store *store;
        bool fine;

        if (!db || !generation_find(order, db, rules_version(rules), &number, err))
                return command_failed("recorrelate", err);
        db_drop(&db); /* and its lock, for the store takes it */
        db = NULL;
        options.statement_timeout_ms = 0;
        store = store_open_replay(&options, number, err);
        fine = store && replay_run(&setup, store, &events, err);
        store_close(store);
        if (!fine && err->kind != ERR_NONE)
                return command_failed("recorrelate", err);
        printf("generation %d: %lld records read%s, rules %s\n", (int)number, (long long)events,
               fine ? "" : " before the signal to stop", rules_version(rules));
        return fine ? EXIT_FINE : EXIT_FAILED;
}

static int recorrelate(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        Rules *rules = NULL;
        Signals signals;
        Error err = { 0 };
        int code;

        if (config_load(&config, order->config, &err))
                rules = rules_load(order->rules ? order->rules : config.correlate.rules, &err);
        if (!rules)
                return command_failed("recorrelate", &err);
        signals_open(&signals);
        code = replay(order, &config, rules, &signals, &err);
        signals_close(&signals);
        rules_free(rules);
        return code;
}

int command_recorrelate(int argc, char **argv)
{
        static const struct option options[] = {
                { "config", required_argument, NULL, 'c' }, { "rules", required_argument, NULL, 'r' },
                { "since", required_argument, NULL, 's' },  { "anew", no_argument, NULL, 'a' },
                { "help", no_argument, NULL, 'h' },         { 0 }
        };
        Order order = { 0 };
        int64_t ignored;

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        order.config = optarg;
                else if (option == 'r')
                        order.rules = optarg;
                else if (option == 's' && time_read_canonical(optarg, strlen(optarg), &ignored))
                        order.since = optarg;
                else if (option == 'a')
                        order.anew = true;
                else
                        return tool_usage(usage, option == 'h');
        }
        if (optind != argc)
                return tool_usage(usage, false);
        log_open("recorrelate");
        return recorrelate(&order);
}
