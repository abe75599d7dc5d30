#pragma once

/*
 * A Kafka of librdkafka's own, inside the test: brokers that listen on loopback ports. Good for what a client does; no
 * evidence of delivery (it repeats retried sends, and keeps 5 MB a partition).
 */

#include "hub/base/memory.h"
#include "hub/kafka/kafka.h"

#include <check.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdlib.h>

typedef struct {
        rd_kafka_t *client;
        rd_kafka_mock_cluster_t *cluster;
        KafkaOptions options;
} Mock;

static void mock_open(Mock *mock, const char *topic, int partitions)
{
        rd_kafka_conf_t *conf = rd_kafka_conf_new();
        char text[256];

        rd_kafka_conf_set(conf, "log_level", "0", text, sizeof(text));
        mock->client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
        ck_assert_ptr_nonnull(mock->client);
        mock->cluster = rd_kafka_mock_cluster_new(mock->client, 1);
        ck_assert_ptr_nonnull(mock->cluster);
        mock->options = (KafkaOptions){ 0 };
        mock->options.brokers = text_copy(rd_kafka_mock_cluster_bootstraps(mock->cluster));
        mock->options.replication = 1;
        if (topic)
                ck_assert_int_eq(rd_kafka_mock_topic_create(mock->cluster, topic, partitions, 1),
                                 RD_KAFKA_RESP_ERR_NO_ERROR);
}

static void mock_close(Mock *mock)
{
        rd_kafka_mock_cluster_destroy(mock->cluster);
        rd_kafka_destroy(mock->client);
        free(mock->options.brokers);
}
