/* hub promote: the generation that hub recorrelate made takes the live one's place. */

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/generation/generation.h"
#include "hub/pipe/signals.h"

#include <stdio.h>

enum { NEAR_ROUNDS = 2 }; /* what comes while the first one reads is little for the second */

static const char usage[] =
        "usage: hub promote [--config FILE]\n"
        "  Puts the generation that hub recorrelate made in place of the live one: brings it to the offsets of the "
        "live "
        "one, which wait\n"
        "  meanwhile, swaps the views of dw, raises the epoch and tells consumers what they see otherwise, all or "
        "nothing.\n"
        "  Set correlate.rules to the new rules first: correlators end when they see it, and start again under them.\n"
        "  hub compare says beforehand what will change. Run it as the owner of the database.\n";

static bool stopped(void *context)
{
        return signals_stop(context);
}

/* A process that starts from now on must decide as the generation did. */
static bool rules_check(Db *db, int32_t number, const char *rules, const char *path, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        char text[16];
        const char *const values[] = { text };

        snprintf(text, sizeof text, "%d", (int)number);
        if (!db_query(db, &result,
                      "SELECT rules, since IS NOT NULL, generation < ops.live_generation() FROM ops.generation WHERE"
                      " generation = $1::int",
                      values, 1, err))
                return false;
        if (db_flag(result, 0, 1))
                return error_set(err, ERR_INPUT, NULL, "generation %d has not read the whole log (--since)",
                                 (int)number);
        if (db_flag(result, 0, 2))
                return error_set(err, ERR_INPUT, NULL,
                                 "generation %d was live before: hub recorrelate with its rules brings it back",
                                 (int)number);
        return text_same(db_text(result, 0, 0), rules) ||
               error_set(err, ERR_INPUT, NULL,
                         "correlate.rules is %s, rules %s; generation %d was made under %s: set correlate.rules first",
                         path, rules, (int)number, db_text(result, 0, 0));
}

/* Near first, while correlators go on; then the rest, while they wait for the rows that we lock. */
static bool promote_all(const ReplaySetup *setup, Db *db, Store *store, int32_t number, DbResult **result, Error *err)
{
        char text[16];
        const char *const values[] = { text };
        int64_t events = 0;

        snprintf(text, sizeof text, "%d", (int)number);
        for (int round = 0; round < NEAR_ROUNDS; round++)
                if (!replay_run(setup, store, &events, err))
                        return false;
        log_info("the generation is near, correlators wait", LOG_NUMBER("records", events));
        return db_begin(db, "READ COMMITTED", err) &&
               db_query(db, NULL, "SELECT 1 FROM ops.kafka_offset ORDER BY topic, partition FOR UPDATE", NULL, 0,
                        err) &&
               replay_run(setup, store, &events, err) &&
               db_query(db, result, "SELECT new_epoch, told, gone FROM ops.generation_promote($1::int)", values, 1,
                        err) &&
               db_commit(db, err);
}

static int promote(const Config *config, const Rules *rules, Signals *signals, Error *err)
{
        CLEANUP(mem_drop) char *topic = tool_topic(config, "events");
        CLEANUP(db_drop) Db *db = tool_database(config, "hub promote", err);
        CLEANUP(db_result_drop) DbResult *result = NULL;
        const ReplaySetup setup = { .rules = rules,
                                    .zones = config->zones,
                                    .topic = topic,
                                    .page = 1000,
                                    .stopped = stopped,
                                    .stopped_context = signals };
        DbOptions options = config->postgres;
        int32_t live, number;
        Store *store = NULL;
        bool fine;

        options.statement_timeout_ms = 0;
        fine = db && generation_beside(db, &live, &number, err) &&
               rules_check(db, number, rules_version(rules), config->correlate.rules, err) &&
               (store = store_open_replay(&options, number, err)) &&
               promote_all(&setup, db, store, number, &result, err);
        store_close(store);
        if (!fine && err->kind == ERR_NONE)
                error_set(err, ERR_RETRY, NULL, "told to stop; nothing was changed");
        if (!fine)
                return command_failed("promote", err);
        printf("generation %d is live, epoch %s: %s incidents told anew, %s cancelled or merged\n", (int)number,
               db_text(result, 0, 0), db_text(result, 0, 1), db_text(result, 0, 2));
        return EXIT_FINE;
}

int command_promote(int argc, char **argv)
{
        CLEANUP(config_free) Config config = { 0 };
        const char *path = NULL;
        Rules *rules = NULL;
        Signals signals;
        Error err = { 0 };
        int code = tool_options(argc, argv, usage, &path);

        if (code != TOOL_GO_ON)
                return code;
        log_open("promote");
        if (config_load(&config, path, &err))
                rules = rules_load(config.correlate.rules, &err);
        if (!rules)
                return command_failed("promote", &err);
        signals_open(&signals);
        code = promote(&config, rules, &signals, &err);
        signals_close(&signals);
        rules_free(rules);
        return code;
}
