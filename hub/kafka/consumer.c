#include "hub/kafka/consumer.h"

#include "hub/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WATERMARK_WAIT_MS = 5 * 1000 };

void partitions_drop(rd_kafka_topic_partition_list_t **list)
{
        if (*list)
                rd_kafka_topic_partition_list_destroy(*list);
}

/* Served inside kafka_consumer_next() and kafka_consumer_watermarks(), by the same thread. */
static void trouble_keep(rd_kafka_t *client, int code, const char *text, void *opaque)
{
        KafkaConsumer *consumer = opaque;

        (void)client;
        (void)code;
        snprintf(consumer->trouble, sizeof(consumer->trouble), "%s", text);
}

static int figures_serve(rd_kafka_t *client, char *json, size_t size, void *opaque)
{
        KafkaConsumer *consumer = opaque;

        (void)client;
        (void)size;
        consumer->reached = settings_reached(json);
        return 0;
}

KafkaConsumer *kafka_consumer_open(const KafkaOptions *options, const char *name, Error *err)
{
        const KafkaSetting settings[] = {
                { "group.id", name }, /* rd_kafka_assign() needs one even without a group */
                { "enable.auto.commit", "false" },
                { "enable.auto.offset.store", "false" },
                { "auto.offset.reset", "error" },
                { "check.crcs", "true" },
                { "enable.partition.eof", "false" },
                { "topic.metadata.propagation.max.ms", "5000" }, /* an absent topic is told after this */
                { "allow.auto.create.topics", "false" },
                { "queued.max.messages.kbytes", "16384" },
                { "queued.min.messages", "10000" },
                { "fetch.message.max.bytes", "131072" }, /* compressed, some 1,000 events: partitions take turns */
                { "fetch.wait.max.ms", "100" }, /* a partition newly assigned waits behind the fetch that stands */
        };
        KafkaConsumer *consumer = mem_new(sizeof(*consumer));
        const KafkaCallbacks callbacks = {
                .trouble = trouble_keep, .rebalance = group_serve, .figures = figures_serve, .opaque = consumer
        };

        consumer->client = settings_client(RD_KAFKA_CONSUMER, options, settings, sizeof(settings) / sizeof(settings[0]),
                                           &callbacks, err);
        if (!consumer->client) {
                mem_drop(&consumer);
                return NULL;
        }
        rd_kafka_poll_set_consumer(consumer->client);
        return consumer;
}

rd_kafka_topic_partition_list_t *positions_list(const KafkaPosition *positions, size_t size)
{
        rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)size);

        for (size_t i = 0; i < size; i++)
                rd_kafka_topic_partition_list_add(list, positions[i].topic, positions[i].partition)->offset =
                        positions[i].offset;
        return list;
}

bool kafka_consumer_assign(KafkaConsumer *consumer, const KafkaPosition *positions, size_t size, Error *err)
{
        CLEANUP(partitions_drop) rd_kafka_topic_partition_list_t *list = positions_list(positions, size);
        rd_kafka_resp_err_t code = rd_kafka_assign(consumer->client, size ? list : NULL);

        return !code ||
               error_set(err, ERR_RETRY, NULL, "kafka: assigning %zu partitions: %s", size, rd_kafka_err2str(code));
}

static void message_return(KafkaConsumer *consumer)
{
        if (consumer->message)
                rd_kafka_message_destroy(consumer->message);
        consumer->message = NULL;
}

static void header_put(KafkaConsumer *consumer, size_t index, KafkaHeader header)
{
        if (index == consumer->headers_room) {
                consumer->headers_room = 2 * index + 16;
                consumer->headers = mem_resize(consumer->headers, consumer->headers_room * sizeof(*consumer->headers));
        }
        consumer->headers[index] = header;
}

/* librdkafka keeps a NUL behind every header value; a header without value is an empty one to us. */
static size_t headers_read(KafkaConsumer *consumer)
{
        rd_kafka_headers_t *headers;
        const void *value;
        const char *key;
        size_t count = 0, size;

        if (rd_kafka_message_headers(consumer->message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
                return 0;
        while (rd_kafka_header_get_all(headers, count, &key, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR)
                header_put(consumer, count++,
                           (KafkaHeader){ .key = key, .value = value ? value : "", .size = value ? size : 0 });
        return count;
}

static void message_lend(KafkaConsumer *consumer, KafkaMessage *out)
{
        const rd_kafka_message_t *message = consumer->message;

        *out = (KafkaMessage){
                .topic = rd_kafka_topic_name(message->rkt),
                .partition = message->partition,
                .offset = message->offset,
                .stamp_ms = rd_kafka_message_timestamp(message, NULL),
                .key = message->key,
                .key_size = message->key_len,
                .value = message->payload,
                .value_size = message->len,
        };
        out->headers_size = headers_read(consumer);
        out->headers = consumer->headers;
}

/* An offset that Kafka does not have: the topic was made anew, its end was lost, or retention passed us. Never reset.
 */
static bool is_out_of_range(rd_kafka_resp_err_t code)
{
        return code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || code == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE;
}

static int trouble_tell(const rd_kafka_message_t *message, Error *err)
{
        const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "";
        const char *detail = message->payload ? rd_kafka_message_errstr(message) : rd_kafka_err2str(message->err);

        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
                return 0;
        error_set(err, is_out_of_range(message->err) ? ERR_FATAL : ERR_RETRY, NULL, "kafka: %s partition %d%s: %s",
                  topic, (int)message->partition,
                  is_out_of_range(message->err)
                          ? ": the next offset is not there (topic made anew, or retention passed it)"
                          : "",
                  detail);
        return -1;
}

static int trouble_take(KafkaConsumer *consumer, Error *err)
{
        if (!consumer->trouble[0])
                return 0;
        error_set(err, ERR_RETRY, NULL, "kafka: %s", consumer->trouble);
        consumer->trouble[0] = '\0';
        return -1;
}

int kafka_consumer_next(KafkaConsumer *consumer, KafkaMessage *message, int wait_ms, Error *err)
{
        message_return(consumer);
        consumer->message = rd_kafka_consumer_poll(consumer->client, wait_ms);
        if (!consumer->message)
                return trouble_take(consumer, err);
        if (consumer->message->err)
                return trouble_tell(consumer->message, err);
        message_lend(consumer, message);
        return 1;
}

const char *kafka_header(const KafkaMessage *message, const char *key, size_t *size)
{
        for (size_t i = 0; i < message->headers_size; i++) {
                const KafkaHeader *header = &message->headers[i];

                if (strcmp(header->key, key) == 0) {
                        if (size)
                                *size = header->size;
                        return header->value;
                }
        }
        return NULL;
}

/* Offsets "by time": -2 is the first, -1 the end. rd_kafka_query_watermark_offsets() does not keep its timeout (issue
 * 4460). */
static bool offset_ask(KafkaConsumer *consumer, const char *topic, int32_t partition, int64_t which, int64_t *offset,
                       Error *err)
{
        const KafkaPosition position = { .topic = topic, .partition = partition, .offset = which };
        CLEANUP(partitions_drop) rd_kafka_topic_partition_list_t *list = positions_list(&position, 1);
        rd_kafka_resp_err_t code = rd_kafka_offsets_for_times(consumer->client, list, WATERMARK_WAIT_MS);

        if (!code)
                code = list->elems[0].err;
        if (code)
                return error_set(err, ERR_RETRY, NULL, "kafka: watermarks of %s partition %d: %s", topic,
                                 (int)partition, rd_kafka_err2str(code));
        *offset = list->elems[0].offset;
        return true;
}

bool kafka_consumer_watermarks(KafkaConsumer *consumer, const char *topic, int32_t partition, int64_t *low,
                               int64_t *high, Error *err)
{
        return offset_ask(consumer, topic, partition, RD_KAFKA_OFFSET_BEGINNING, low, err) &&
               offset_ask(consumer, topic, partition, RD_KAFKA_OFFSET_END, high, err);
}

bool kafka_consumer_offset_at(KafkaConsumer *consumer, const char *topic, int32_t partition, int64_t ms,
                              int64_t *offset, Error *err)
{
        if (!offset_ask(consumer, topic, partition, ms > 0 ? ms : 0, offset, err))
                return false;
        return *offset >= 0 || offset_ask(consumer, topic, partition, RD_KAFKA_OFFSET_END, offset, err);
}

bool kafka_consumer_reached(const KafkaConsumer *consumer)
{
        return consumer->reached;
}

void kafka_consumer_commit(KafkaConsumer *consumer, const KafkaPosition *positions, size_t size)
{
        CLEANUP(partitions_drop) rd_kafka_topic_partition_list_t *list = positions_list(positions, size);

        if (size)
                rd_kafka_commit(consumer->client, list, 1);
}

bool kafka_consumer_partitions(KafkaConsumer *consumer, const char *topic, int wait_ms, int32_t *partitions, Error *err)
{
        return metadata_partitions(consumer->client, topic, wait_ms, partitions, err);
}

int64_t kafka_consumer_end(KafkaConsumer *consumer, const char *topic, int32_t partition)
{
        int64_t low, high;
        rd_kafka_resp_err_t code = rd_kafka_get_watermark_offsets(consumer->client, topic, partition, &low, &high);

        return code || high < 0 ? -1 : high;
}

/* Without a group there is nobody to tell, and nothing to wait for: what was read and not kept elsewhere comes again. */
void kafka_consumer_close(KafkaConsumer *consumer)
{
        if (!consumer)
                return;
        message_return(consumer);
        if (consumer->share)
                rd_kafka_consumer_close(consumer->client);
        rd_kafka_destroy_flags(consumer->client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        free(consumer->headers);
        free(consumer);
}
