#pragma once

/* Private to hub/kafka: what all three kinds of client share. Borrowed texts of librdkafka become ours in one place. */

#include "hub/kafka/kafka.h"

#include <librdkafka/rdkafka.h>

typedef struct {
        const char *name, *value;
} KafkaSetting;

typedef struct {
        void (*report)(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque);
        void (*trouble)(rd_kafka_t *client, int code, const char *text, void *opaque); /* NULL: it is logged */
        void (*rebalance)(rd_kafka_t *client, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t *list,
                          void *opaque);                                           /* NULL: no group is ever joined */
        int (*figures)(rd_kafka_t *client, char *json, size_t size, void *opaque); /* NULL: none are gathered */
        void *opaque;
} KafkaCallbacks;

/* Do the client's figures (its statistics JSON) show a broker that is connected? */
bool settings_reached(const char *json);

/* A client with the settings of the configuration, then those given. ERR_FATAL. */
rd_kafka_t *settings_client(rd_kafka_type_t type, const KafkaOptions *options, const KafkaSetting *settings,
                            size_t size, const KafkaCallbacks *callbacks, Error *err);

/* Number of a topic's partitions, 0 when there is no such topic. */
bool metadata_partitions(rd_kafka_t *client, const char *topic, int wait_ms, int32_t *partitions, Error *err);
