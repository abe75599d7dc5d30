/* hub epoch: after a database was restored from a back-up, makes consumers of incidents follow it (deploy/restore). */

#include "hub/restore/epoch_private.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/correlate/store.h"
#include "hub/relay/outbox.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
        "usage: hub epoch [show | raise [--accept-loss] | settle] [--config FILE]\n"
        "  Versions of incidents are ordered by (epoch, version). A restored database gives the same versions anew, "
        "with\n"
        "  other content perhaps: under a higher epoch every consumer takes them.\n"
        "  show    the epoch (the default)\n"
        "  raise   once after a restore, while no correlator and no relay runs: checks that Kafka goes on where the\n"
        "          database ends, then raises the epoch over every one that was published, and the feed with it.\n"
        "          Exit code 3: Kafka's retention has passed the database, and nothing was changed;\n"
        "          --accept-loss goes on all the same, from what Kafka still has, and notes the loss in ops.loss\n"
        "  settle  when the log was read to its end again: publishes a version of each incident of which consumers "
        "hold\n"
        "          something newer than the database, and cancels those that the database does not know\n";

typedef struct {
        const char *verb, *config;
        bool accept;
} Order;

static bool alone_check(Db *db, Error *err)
{
        bool correlators, relay;

        if (!store_alone(db, &correlators, err) || !outbox_claim(db, &relay, err))
                return false;
        if (!correlators)
                return error_set(err, ERR_RETRY, NULL, "a hub correlate is at work: stop it first");
        return relay || error_set(err, ERR_RETRY, NULL, "a hub relay is at work: stop it first");
}

static bool tables_check(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result, "SELECT to_regclass('ops.loss') IS NOT NULL", NULL, 0, err))
                return false;
        return db_flag(result, 0, 0) ||
               error_set(err, ERR_RETRY, NULL, "the database lacks tables of this hub: run hub migrate first");
}

static int epoch_show(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result, "SELECT epoch FROM ops.generation WHERE live", NULL, 0, err))
                return command_failed("epoch", err);
        printf("%s\n", db_rows(result) ? db_text(result, 0, 0) : "none is live");
        return EXIT_FINE;
}

/* The ends of retention are asked again here: they move while somebody thinks about the loss. */
static bool loss_accept(const Config *config, Db *db, Error *err)
{
        KafkaConsumer *consumer = kafka_consumer_open(&config->kafka, "hub-epoch", err);
        CLEANUP(db_result_drop) DbResult *rows = NULL;
        bool fine = consumer && db_query(db, &rows, "SELECT topic, partition::text, next_offset FROM ops.kafka_offset",
                                         NULL, 0, err);

        for (size_t i = 0; fine && i < db_rows(rows); i++) {
                char text[24];
                const char *const values[] = { db_text(rows, i, 0), db_text(rows, i, 1), text };
                int64_t low, high;

                fine = kafka_consumer_watermarks(consumer, values[0], (int32_t)db_integer(rows, i, 1), &low, &high,
                                                 err);
                snprintf(text, sizeof(text), "%lld", (long long)low);
                if (fine && low > db_integer(rows, i, 2))
                        fine = db_query(
                                db, NULL,
                                "WITH lost AS (INSERT INTO ops.loss (topic, partition, first_offset, last_offset)"
                                " SELECT topic, partition, next_offset, $3::bigint - 1 FROM ops.kafka_offset"
                                " WHERE topic = $1 AND partition = $2::integer)"
                                " UPDATE ops.kafka_offset SET next_offset = $3::bigint, last_sha256 = NULL"
                                " WHERE topic = $1 AND partition = $2::integer",
                                values, 3, err);
        }
        kafka_consumer_close(consumer);
        return fine;
}

static bool raise_write(Db *db, const EpochSeen *seen, DbResult **raised, Error *err)
{
        char epoch[24], feed[24];
        const char *const values[] = { epoch, feed };

        snprintf(epoch, sizeof(epoch), "%lld", (long long)seen->epoch);
        snprintf(feed, sizeof(feed), "%lld", (long long)seen->feed);
        return db_query(db, raised,
                        "WITH head AS (UPDATE ops.feed_head SET feed = greatest(feed, $2::bigint) RETURNING feed)"
                        " UPDATE ops.generation SET epoch = greatest(epoch, $1::integer) + 1 FROM head WHERE live"
                        " RETURNING epoch, feed",
                        values, 2, err);
}

static int epoch_raise(const Order *order, const Config *config, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *raised = NULL;
        size_t passed, other;
        EpochSeen seen;

        if (!tables_check(db, err) || !alone_check(db, err) || !epoch_offsets_check(config, db, &passed, &other, err))
                return command_failed("epoch", err);
        if (other || (passed && !order->accept)) {
                printf("nothing was changed: %zu partitions passed by retention, %zu that do not go on from the "
                       "database\n",
                       passed, other);
                return other ? EXIT_FAILED : EXIT_NOTHING;
        }
        if (!epoch_topic_read(config, db, &seen, err) || !db_begin(db, "READ COMMITTED", err) ||
            (passed && !loss_accept(config, db, err)) || !raise_write(db, &seen, &raised, err) || !db_commit(db, err))
                return command_failed("epoch", err);
        printf("epoch %s, feed goes on after %s; the topic's highest epoch was %lld\n", db_text(raised, 0, 0),
               db_text(raised, 0, 1), (long long)seen.epoch);
        return EXIT_FINE;
}

/* Nobody knows what an incident will be before its log was read to the end again. */
static bool settle_ready(const Config *config, Db *db, bool *ready, Error *err)
{
        CLEANUP(ledger_free) Ledger ledger = { 0 };
        CLEANUP(db_result_drop) DbResult *waiting = NULL;

        if (!ledger_ends_ask(&ledger, config, db, err) || !ledger_pending(&ledger, db, 0, err) ||
            !db_query(db, &waiting, "SELECT count(*) FROM ops.outbox WHERE published_at IS NULL", NULL, 0, err))
                return false;
        *ready = !ledger.pending && !db_integer(waiting, 0, 0);
        if (!*ready)
                printf("pending: %zu partitions are behind, %s versions are not published: wait for hub correlate and "
                       "hub relay\n",
                       ledger.pending, db_text(waiting, 0, 0));
        return true;
}

/*
 * Each statement looks again at the row that it changes: a correlator may be at work. Versions in the new epoch are the
 * correlator's alone; a cancelled one that the database does not know is therefore told under the epoch that it has.
 */
static bool settle_write(Db *db, DbResult **again, DbResult **cancelled, Error *err)
{
        return db_query(
                       db, again,
                       "WITH live AS (SELECT epoch FROM ops.generation WHERE live),"
                       " stale AS (UPDATE dw.incident AS i SET epoch = live.epoch FROM told, live"
                       " WHERE told.incident = i.incident AND (i.epoch, i.version) < (told.epoch, told.version)"
                       " AND i.epoch < live.epoch RETURNING i.incident, i.zone, live.epoch, i.version, i.state),"
                       " status AS (INSERT INTO dw.incident_status SELECT incident, epoch, version, 'updated', state,"
                       " state, clock_timestamp(), 'hub epoch settle' FROM stale)"
                       " INSERT INTO ops.outbox (zone, incident, epoch, version, payload) SELECT zone, incident, epoch,"
                       " version, ops.version_payload(incident, epoch, 'updated') FROM stale ORDER BY incident",
                       NULL, 0, err) &&
               db_query(db, cancelled,
                        "INSERT INTO ops.outbox (zone, incident, epoch, version, payload)"
                        " SELECT payload::jsonb ->> 'zone', incident, epoch, version + 1, (payload::jsonb - 'feed' ||"
                        " jsonb_build_object('version', version + 1, 'change', 'cancelled', 'state', 'void', "
                        "'reports', 0,"
                        " 'platforms', '[]'::jsonb, 'newest', '[]'::jsonb))::text FROM told"
                        " WHERE payload::jsonb ->> 'state' <> 'void' AND NOT EXISTS (SELECT FROM dw.incident AS i"
                        " WHERE i.incident = told.incident) ORDER BY incident",
                        NULL, 0, err);
}

static int epoch_settle(const Config *config, Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *again = NULL, *cancelled = NULL;
        EpochSeen seen;
        bool ready;

        if (!tables_check(db, err) || !settle_ready(config, db, &ready, err))
                return command_failed("epoch", err);
        if (!ready)
                return EXIT_NOTHING;
        if (!epoch_topic_read(config, db, &seen, err) || !db_begin(db, "READ COMMITTED", err) ||
            !settle_write(db, &again, &cancelled, err) || !db_commit(db, err))
                return command_failed("epoch", err);
        printf("settled: %lld incidents on the topic, %lld told again, %lld cancelled\n", (long long)seen.incidents,
               (long long)db_affected(again), (long long)db_affected(cancelled));
        return EXIT_FINE;
}

static int epoch(const Order *order)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        Error err = { 0 };

        if (config_load(&config, order->config, &err))
                db = tool_database(&config, "hub epoch", &err);
        if (!db)
                return command_failed("epoch", &err);
        if (strcmp(order->verb, "raise") == 0)
                return epoch_raise(order, &config, db, &err);
        return strcmp(order->verb, "settle") == 0 ? epoch_settle(&config, db, &err) : epoch_show(db, &err);
}

static bool verb_read(Order *order, int operands, char *const *operand)
{
        static const char *const verbs[] = { "show", "raise", "settle" };

        order->verb = operands ? operand[0] : "show";
        if (operands > 1 || (order->accept && strcmp(order->verb, "raise") != 0))
                return false;
        for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
                if (strcmp(order->verb, verbs[i]) == 0)
                        return true;
        return false;
}

int command_epoch(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "accept-loss", no_argument, NULL, 'a' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        Order order = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        order.config = optarg;
                else if (option == 'a')
                        order.accept = true;
                else
                        return tool_usage(usage, option == 'h');
        }
        if (!verb_read(&order, argc - optind, argv + optind))
                return tool_usage(usage, false);
        log_open("epoch");
        return epoch(&order);
}
