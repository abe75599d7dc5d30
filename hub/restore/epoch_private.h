#pragma once

/* Private to hub epoch: what the topics hold, looked at before and after a restore. */

#include "hub/ledger/ledger_private.h"
#include "hub/tool/tool.h"

typedef struct {
        int64_t incidents, epoch, feed; /* how many, and the highest of each; 0 when the topic is empty */
} EpochSeen;

/* Reads PREFIX.incidents.v1 to its end into the temporary table told (incident, epoch, version, payload): the newest
 * version of each incident that any consumer may hold. */
bool epoch_topic_read(const Config *config, Db *db, EpochSeen *seen, Error *err);

/*
 * Whether Kafka still continues what the database has read: each partition of ops.kafka_offset holds next_offset, and
 * the value before it is the one whose SHA-256 was kept. Prints a line a partition that does not; *passed counts those
 * whose next_offset retention has passed, *other those that a person must look at.
 */
bool epoch_offsets_check(const Config *config, Db *db, size_t *passed, size_t *other, Error *err);
