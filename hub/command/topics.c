/* hub topics: creates our topics, and the offset row of each partition that the correlator will read. */

#include "hub/command/topics.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/command/topic_rights.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

enum { NUMBER_ROOM = 24 };

static const char usage[] =
        "usage: hub topics [--topic-prefix P [--delete] | --rights | --grant RIGHT] [--config FILE]\n"
        "  Creates the topics PREFIX.events.v1, .rejected.v1 and .incidents.v1 (kafka.topic_prefix, "
        "kafka.replication)\n"
        "  and notes in the database where each partition starts. After hub migrate; safe to repeat.\n"
        "  --topic-prefix P  the topics of a trial instead, which no database knows (hub run INSTANCE --topic-prefix P "
        "makes them,\n"
        "                    too); --delete: away with them and all that is in them\n"
        "  --rights          for brokers with an authorizer: what each process's login may do (adapter, correlator, "
        "relay, api,\n"
        "                    hub_owner, and centre for consumers), as a user that may alter rights\n"
        "  --grant RIGHT     one right more, LOGIN:read|write|all:TOPIC, as for a topic of somebody else that an "
        "adapter reads\n";

/* messages.md, section 1. */
static const struct {
        const char *name;
        int32_t partitions;
        int64_t retention_ms;
        bool logged; /* read into ods.record: each partition has a row in ops.kafka_offset */
} topics[] = {
        { "events", 24, 14 * DAY_MS, true },
        { "rejected", 6, 30 * DAY_MS, true },
        { "incidents", 6, 14 * DAY_MS, false },
};
enum { TOPICS = sizeof(topics) / sizeof(topics[0]) };

static void consumer_drop(KafkaConsumer **consumer)
{
        kafka_consumer_close(*consumer);
}

static bool topic_create(const Config *config, size_t index, bool is_trial, Error *err)
{
        CLEANUP(mem_drop) char *name = tool_topic(config, topics[index].name);
        const KafkaTopic topic = { .name = name,
                                   .partitions = topics[index].partitions,
                                   .retention_ms = is_trial ? DAY_MS : topics[index].retention_ms,
                                   .cleanup = "delete" };
        size_t created;

        if (!kafka_topics_create(&config->kafka, &topic, 1, &created, err))
                return false;
        if (created)
                printf("created %s, %d partitions\n", name, (int)topic.partitions);
        return true;
}

bool topics_create(const Config *config, bool is_trial, Error *err)
{
        for (size_t i = 0; i < TOPICS; i++)
                if (!topic_create(config, i, is_trial, err))
                        return false;
        return true;
}

static bool topics_delete(const Config *config, Error *err)
{
        char *names[TOPICS];
        bool deleted;

        for (size_t i = 0; i < TOPICS; i++)
                names[i] = tool_topic(config, topics[i].name);
        deleted = kafka_topics_delete(&config->kafka, (const char *const *)names, TOPICS, err);
        for (size_t i = 0; i < TOPICS; i++) {
                if (deleted)
                        printf("deleted %s\n", names[i]);
                free(names[i]);
        }
        return deleted;
}

/* An order that people get wrong: without tables there is nothing to note. */
static bool tables_check(Db *db, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;

        if (!db_query(db, &result, "SELECT to_regclass('ops.kafka_offset') IS NOT NULL", NULL, 0, err))
                return false;
        return db_flag(result, 0, 0) ||
               error_set(err, ERR_RETRY, NULL, "the database has no tables yet: run hub migrate first");
}

static bool offset_known(Db *db, const char *topic, const char *partition, bool *known, Error *err)
{
        CLEANUP(db_result_drop) DbResult *result = NULL;
        const char *const values[] = { topic, partition };

        if (!db_query(db, &result, "SELECT FROM ops.kafka_offset WHERE topic = $1 AND partition = $2::integer", values,
                      2, err))
                return false;
        *known = db_rows(result);
        return true;
}

/* A row that is there stays: it says how far the database is. */
static bool offset_note(Db *db, KafkaConsumer *consumer, const char *topic, int32_t partition, Error *err)
{
        char texts[2][NUMBER_ROOM];
        const char *const values[] = { topic, texts[0], texts[1] };
        int64_t low, high;
        bool known;

        snprintf(texts[0], sizeof(texts[0]), "%d", (int)partition);
        if (!offset_known(db, topic, texts[0], &known, err))
                return false;
        if (known)
                return true;
        if (!kafka_consumer_watermarks(consumer, topic, partition, &low, &high, err))
                return false;
        snprintf(texts[1], sizeof(texts[1]), "%lld", (long long)low);
        return db_query(db, NULL,
                        "INSERT INTO ops.kafka_offset (topic, partition, first_offset, next_offset)"
                        " VALUES ($1, $2::integer, $3::bigint, $3::bigint) ON CONFLICT DO NOTHING",
                        values, 3, err);
}

static bool offsets_note(const Config *config, Db *db, KafkaConsumer *consumer, size_t index, Error *err)
{
        CLEANUP(mem_drop) char *name = tool_topic(config, topics[index].name);

        for (int32_t i = 0; topics[index].logged && i < topics[index].partitions; i++)
                if (!offset_note(db, consumer, name, i, err))
                        return error_add(err, "noting where %s partition %d starts", name, (int)i);
        return true;
}

static bool topics_make(const Config *config, Error *err)
{
        CLEANUP(consumer_drop) KafkaConsumer *consumer = NULL;
        CLEANUP(db_drop) Db *db = NULL;

        if (!topics_create(config, false, err))
                return false;
        db = tool_database(config, "hub topics", err);
        consumer = db ? kafka_consumer_open(&config->kafka, "hub-topics", err) : NULL;
        if (!consumer || !tables_check(db, err))
                return false;
        for (size_t i = 0; i < TOPICS; i++)
                if (!offsets_note(config, db, consumer, i, err))
                        return false;
        return true;
}

/* What the command line says is to be done, in place of making the topics. */
typedef struct {
        const char *path, *prefix, *right;
        bool is_delete, is_rights;
} Order;

static bool order_do(const Config *config, const Order *order, Error *err)
{
        if (order->right)
                return topic_right_grant(config, order->right, err);
        if (order->is_rights)
                return topic_rights_grant(config, err);
        if (order->is_delete)
                return topics_delete(config, err);
        return order->prefix ? topics_create(config, true, err) : topics_make(config, err);
}

int command_topics(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "topic-prefix", required_argument, NULL, 'p' },
                                                 { "delete", no_argument, NULL, 'd' },
                                                 { "rights", no_argument, NULL, 'r' },
                                                 { "grant", required_argument, NULL, 'g' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        CLEANUP(config_free) Config config = { 0 };
        Order order = { 0 };
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        order.path = optarg;
                else if (option == 'p')
                        order.prefix = optarg;
                else if (option == 'g')
                        order.right = optarg;
                else if (option == 'd')
                        order.is_delete = true;
                else if (option == 'r')
                        order.is_rights = true;
                else
                        return tool_usage(usage, option == 'h');
        }
        if (optind < argc || (order.is_delete && !order.prefix))
                return tool_usage(usage, false);
        log_open("topics");
        if (!config_load(&config, order.path, &err) || (order.prefix && !tool_trial(&config, order.prefix, &err)) ||
            !order_do(&config, &order, &err))
                return command_failed("topics", &err);
        return EXIT_FINE;
}
