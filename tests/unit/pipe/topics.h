#pragma once

/* Kafka inside the test with our two topics, and what lies in them. */

#include "hub/base/buffer.h"
#include "hub/base/memory.h"
#include "tests/unit/kafka/mock.h"

#include <stdbool.h>
#include <string.h>

enum { TOPICS_READ_MOST = 64 * 1024 };

typedef struct {
        char *topic, *key, *value, *headers; /* headers: "\nname=value" each */
        size_t size;
        int32_t partition;
        long seq;
} Landed;

typedef struct {
        Landed *items;
        size_t size;
} Log;

static inline void topics_open(Mock *mock)
{
        mock_open(mock, "hub.events.v1", 24);
        ck_assert_int_eq(rd_kafka_mock_topic_create(mock->cluster, "hub.rejected.v1", 6, 1),
                         RD_KAFKA_RESP_ERR_NO_ERROR);
        mock->options.topic_prefix = text_copy("hub");
}

static inline void topics_close(Mock *mock)
{
        free(mock->options.topic_prefix);
        mock_close(mock);
}

static inline Landed landed_copy(const KafkaMessage *message)
{
        Buffer headers = { 0 };
        const char *seq = kafka_header(message, "hub_seq", NULL);

        buffer_text(&headers, "");
        for (size_t i = 0; i < message->headers_size; i++)
                buffer_format(&headers, "\n%s=%.*s", message->headers[i].key, (int)message->headers[i].size,
                              message->headers[i].value);
        buffer_text(&headers, "\n");
        return (Landed){ .topic = text_copy(message->topic),
                         .key = mem_copy(message->key, message->key_size),
                         .value = mem_copy(message->value, message->value_size),
                         .headers = headers.bytes,
                         .size = message->value_size,
                         .partition = message->partition,
                         .seq = seq ? atol(seq) : 0 };
}

static inline void partition_read(const Mock *mock, KafkaConsumer *consumer, const char *topic, int32_t partition,
                                  Log *log)
{
        KafkaPosition position = { topic, partition, 0 };
        int64_t low, high;
        Error err = { 0 };

        (void)mock;
        ck_assert_msg(kafka_consumer_watermarks(consumer, topic, partition, &low, &high, &err), "%s", err.text);
        position.offset = low;
        ck_assert(low == high || kafka_consumer_assign(consumer, &position, 1, &err));
        while (low < high) {
                KafkaMessage message;

                if (kafka_consumer_next(consumer, &message, 1000, &err) != 1)
                        continue;
                log->items = mem_resize(log->items, (log->size + 1) * sizeof(Landed));
                log->items[log->size++] = landed_copy(&message);
                low = message.offset + 1;
        }
}

/* All of the given partition of events and, when asked, of all rejected partitions. */
static inline Log topics_read(const Mock *mock, int32_t partition, bool with_rejected)
{
        Error err = { 0 };
        KafkaConsumer *consumer = kafka_consumer_open(&mock->options, "test", &err);
        Log log = { 0 };

        ck_assert_msg(consumer != NULL, "%s", err.text);
        partition_read(mock, consumer, "hub.events.v1", partition, &log);
        for (int32_t i = 0; with_rejected && i < 6; i++)
                partition_read(mock, consumer, "hub.rejected.v1", i, &log);
        kafka_consumer_close(consumer);
        return log;
}

static inline const Landed *log_find(const Log *log, const char *header)
{
        for (size_t i = 0; i < log->size; i++)
                if (strstr(log->items[i].headers, header))
                        return &log->items[i];
        return NULL;
}

static inline void log_free(Log *log)
{
        for (size_t i = 0; i < log->size; i++) {
                free(log->items[i].topic);
                free(log->items[i].key);
                free(log->items[i].value);
                free(log->items[i].headers);
        }
        free(log->items);
}
