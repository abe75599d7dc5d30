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
        void *opaque;
} KafkaCallbacks;

/* A client with the settings of the configuration, then those given. ERR_FATAL. */
rd_kafka_t *settings_client(rd_kafka_type_t type, const KafkaOptions *options, const KafkaSetting *settings,
                            size_t size, const KafkaCallbacks *callbacks, Error *err);
