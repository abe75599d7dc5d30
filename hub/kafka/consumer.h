#pragma once

/* Private to hub/kafka: a consumer, and what its group does to it. */

#include "hub/kafka/settings.h"

struct KafkaConsumer {
        rd_kafka_t *client;
        rd_kafka_message_t *message; /* lent out by the last kafka_consumer_next() */
        KafkaHeader *headers;
        size_t headers_room;
        bool reached;
        KafkaShare share;  /* NULL: it is in no group */
        void *context;     /* of share */
        char trouble[256]; /* the last that librdkafka told since the last kafka_consumer_next(), or "" */
};

rd_kafka_topic_partition_list_t *positions_list(const KafkaPosition *positions, size_t size); /* owned */
void partitions_drop(rd_kafka_topic_partition_list_t **list);                                 /* for CLEANUP */

/* librdkafka's rebalance callback; opaque is the consumer. */
void group_serve(rd_kafka_t *client, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t *list, void *opaque);
