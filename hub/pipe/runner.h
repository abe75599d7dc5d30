#pragma once

/*
 * The adapter process: open, read, translate, publish, and when every message of a record is in Kafka (delivery report,
 * not produce()) acknowledge it to its source in read order. What was acknowledged is never lost; what was not is read
 * again and gives the same event ids. While Kafka is away nothing is read.
 *
 * SIGTERM and SIGINT drain: stop reading, deliver, last tick, checkpoint. SIGHUP reads the adapter's options (its
 * registries) again; when they are wrong the old ones stay.
 */

#include "hub/base/health.h"
#include "hub/base/metric.h"
#include "hub/kafka/kafka.h"
#include "hub/pipe/output.h"
#include "hub/source/source.h"

typedef struct {
        OutputSetup output; /* instance, platform, zone, categories, privacy */
        int32_t partition;  /* of the zone */
        const Adapter *adapter;
        const void *options; /* of the adapter; until a reload */
        const SourceKind *source;
        const void *source_options;
        const KafkaOptions *kafka;
        const char *folder;     /* state of the instance; made when absent */
        const char *rejects;    /* folder that keeps rejects too large for Kafka; NULL: the same */
        const SourceSpan *span; /* NULL: go on where it was; else the folder is no instance's own */
        bool trial;             /* beside the instance itself: SourceSetup */
        int64_t tick_ms;        /* wall time between ticks */
        int64_t drain_ms;       /* how long a stop waits for Kafka */
        bool once;
        void *(*reload)(void *context,
                        Error *err); /* a fresh options struct for the adapter; NULL and err when wrong */
        void (*reload_free)(void *context, void *options);
        void *context;
        Metrics *metrics; /* borrowed; NULL: nobody counts */
        Health *health;   /* the same */
} RunnerSetup;

typedef struct {
        int64_t records, published, rejected, ignored, repeated;
        size_t unsent; /* messages without delivery report: they will be read again */
} RunnerTotals;

/* Until a stop, or the source's end with `once`. False: err says what a person must mend, or (ERR_RETRY) what a restart
 * may. */
bool runner_run(const RunnerSetup *setup, RunnerTotals *totals, Error *err);

/* --dry-run: the same translation to a terminal, with no Kafka and no state. */
bool runner_dry(const RunnerSetup *setup, size_t *items, size_t *rejected, Error *err);
