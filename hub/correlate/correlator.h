#pragma once

/*
 * The correlator: owns a share of the partitions, reads them, decides and stores. It may be killed at any time. Each partition
 * has one owner: the one that holds its advisory lock on the very connection that writes.
 */

#include "hub/base/health.h"
#include "hub/base/metric.h"
#include "hub/correlate/unit.h"

typedef struct {
        const KafkaOptions *kafka;
        const DbOptions *postgres;
        UnitContext context;
        const char *events_topic, *rejected_topic;
        int32_t rejected_partitions;
        int64_t batch_events, batch_ms;
        bool (*stopped)(void *context); /* asked often: has a signal said to stop? */
        void *stopped_context;
        Metrics *metrics;     /* NULL: nobody counts */
        Health *health;       /* the same */
        int64_t most_batches; /* for tests: stop after so many commits; 0: never */
} CorrelatorSetup;

/* Runs until stopped(). False with ERR_FATAL: an alarm that a person must look at (a gap, a topic made anew). */
bool correlator_run(const CorrelatorSetup *setup, Error *err);
