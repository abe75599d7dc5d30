#pragma once

/* Private to hub/kafka: what those share who ask the brokers to change something. One request at a time, answered on a queue. */

#include "hub/kafka/settings.h"

enum { ADMIN_WAIT_MS = 30 * 1000, TEXT_ROOM = 400 };

/* A consumer's client that creates no topic by asking for it. */
rd_kafka_t *admin_client(const KafkaOptions *options, Error *err);
rd_kafka_AdminOptions_t *admin_request(rd_kafka_t *client, rd_kafka_admin_op_t operation);

/* For CLEANUP. */
void admin_client_drop(rd_kafka_t **client);
void admin_queue_drop(rd_kafka_queue_t **queue);
void admin_event_drop(rd_kafka_event_t **event);
void admin_request_drop(rd_kafka_AdminOptions_t **request);
