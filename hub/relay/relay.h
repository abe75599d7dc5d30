#pragma once

/*
 * The relay: the outbox onto hub.incidents.v1, at least once, in order, each version with its feed number in front. One
 * relay works at a time; others wait for its lock. A row is marked only after the delivery report of it and of all
 * before it, so whatever is killed, what was not marked is sent again with the same bytes.
 */

#include "hub/base/health.h"
#include "hub/base/metric.h"
#include "hub/db/db.h"
#include "hub/kafka/kafka.h"

typedef struct {
        const KafkaOptions *kafka;
        const DbOptions *postgres;
        const char *topic;
        Metrics *metrics;               /* NULL: nobody counts */
        Health *health;                 /* the same */
        bool (*stopped)(void *context); /* asked often; from the first true on the relay drains and returns */
        void *context;
        void (*produced)(
                KafkaProducer *producer); /* for tests: between producing a batch and its reports; NULL: nothing */
} RelaySetup;

/* Returns when stopped. Peers that are away are waited for; false: ERR_FATAL, or rows in flight that were not reported
 * in time. */
bool relay_run(const RelaySetup *setup, Error *err);

/* The value on Kafka: the stored version with its feed number as first member. ERR_FATAL when it is no object. */
bool relay_value(Buffer *out, const char *feed, const char *payload, size_t size, Error *err);
