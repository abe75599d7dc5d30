/* hub epoch: the topic of incidents, read to its end into a temporary table. */

#include "hub/restore/epoch_private.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>

enum { METADATA_WAIT_MS = 10000, WAIT_MS = 1000, STILL_MOST = 60, CHUNK = 5000 };

typedef struct {
        KafkaConsumer *consumer;
        KafkaPosition *positions;
        int64_t *ends;
        size_t size, reached;
        DbCopy rows;
        EpochSeen *seen;
} Reading;

static void reading_close(Reading *reading)
{
        kafka_consumer_close(reading->consumer);
        free(reading->positions);
        free(reading->ends);
        db_copy_free(&reading->rows);
}

static bool reading_open(Reading *reading, const Config *config, const char *topic, Error *err)
{
        int32_t partitions;
        int64_t low;

        reading->consumer = kafka_consumer_open(&config->kafka, "hub-epoch", err);
        if (!reading->consumer || !kafka_topic_partitions(&config->kafka, topic, METADATA_WAIT_MS, &partitions, err))
                return false;
        if (!partitions)
                return error_set(err, ERR_RETRY, NULL, "there is no topic %s (hub topics makes it)", topic);
        reading->size = (size_t)partitions;
        reading->positions = mem_new(reading->size * sizeof(*reading->positions));
        reading->ends = mem_new(reading->size * sizeof(*reading->ends));
        for (size_t i = 0; i < reading->size; i++) {
                if (!kafka_consumer_watermarks(reading->consumer, topic, (int32_t)i, &low, &reading->ends[i], err))
                        return false;
                reading->positions[i] = (KafkaPosition){ .topic = topic, .partition = (int32_t)i, .offset = low };
                reading->reached += low >= reading->ends[i];
        }
        return kafka_consumer_assign(reading->consumer, reading->positions, reading->size, err);
}

static bool rows_send(Reading *reading, Db *db, Error *err)
{
        return db_copy_end(db, &reading->rows, "COPY told_all (incident, epoch, version, payload) FROM STDIN", err);
}

/* A value that is no version of ours says nothing about an incident: somebody else wrote it. */
static void message_note(Reading *reading, const KafkaMessage *message)
{
        Error ignored;
        CLEANUP(json_drop) json_t *value = json_read_typed(message->value, message->value_size, &ignored);
        const char *incident = json_string_value(json_object_get(value, "incident"));
        const int64_t epoch = json_integer_value(json_object_get(value, "epoch"));
        const int64_t feed = json_integer_value(json_object_get(value, "feed"));

        if (!incident || epoch < 1 || epoch >= INT32_MAX)
                return;
        if (epoch > reading->seen->epoch)
                reading->seen->epoch = epoch;
        if (feed > reading->seen->feed)
                reading->seen->feed = feed;
        db_copy_text(&reading->rows, incident);
        db_copy_integer(&reading->rows, epoch);
        db_copy_integer(&reading->rows, json_integer_value(json_object_get(value, "version")));
        db_copy_bytes(&reading->rows, message->value, message->value_size);
        db_copy_row(&reading->rows);
}

static bool message_take(Reading *reading, Db *db, const KafkaMessage *message, Error *err)
{
        const int64_t end = reading->ends[message->partition];

        if (message->offset < end)
                message_note(reading, message);
        reading->reached += message->offset + 1 == end;
        return reading->rows.count < CHUNK || rows_send(reading, db, err);
}

static bool reading_end(Reading *reading, Db *db, Error *err)
{
        size_t still = 0;
        KafkaMessage message;

        while (reading->reached < reading->size) {
                int got = kafka_consumer_next(reading->consumer, &message, WAIT_MS, err);

                if (got > 0 && !message_take(reading, db, &message, err))
                        return false;
                if (got < 0 && err->kind == ERR_FATAL)
                        return false;
                still = got > 0 ? 0 : still + 1;
                if (still == STILL_MOST)
                        return error_set(err, ERR_RETRY, NULL,
                                         "kafka: the topic of incidents does not come to its end");
        }
        return rows_send(reading, db, err);
}

bool epoch_topic_read(const Config *config, Db *db, EpochSeen *seen, Error *err)
{
        CLEANUP(mem_drop) char *topic = tool_topic(config, "incidents");
        CLEANUP(reading_close) Reading reading = { .seen = seen };
        CLEANUP(db_result_drop) DbResult *result = NULL;

        *seen = (EpochSeen){ 0 };
        if (!reading_open(&reading, config, topic, err) ||
            !db_run(db,
                    "CREATE TEMP TABLE told_all (incident text, epoch integer, version bigint, payload text);"
                    "CREATE TEMP TABLE told (incident text PRIMARY KEY, epoch integer, version bigint, payload text)",
                    err) ||
            !reading_end(&reading, db, err) ||
            !db_query(db, &result,
                      "INSERT INTO told SELECT DISTINCT ON (incident) incident, epoch, version, payload FROM told_all"
                      " ORDER BY incident, epoch DESC, version DESC",
                      NULL, 0, err))
                return error_add(err, "reading %s", topic);
        seen->incidents = db_affected(result);
        return db_run(db, "DROP TABLE told_all; ANALYZE told", err);
}
