#pragma once

/* Inside of source kafka: its state, and finding our place in a topic that others make, cut, compact and delete. */

#include "hub/base/backoff.h"
#include "hub/source/kafka/kafka_options.h"
#include "hub/source/kafka/lanes.h"
#include "hub/source/source.h"

/* Something of theirs that we shall never read, or read once more: told as a record that is refused, in its place. */
typedef struct {
        int32_t partition; /* -1: the whole topic */
        int64_t next;      /* where reading goes on */
        char *position;
        Error why;
} KafkaAlarm;

struct Source {
        const KafkaSourceOptions *options;
        KafkaConsumer *consumer;
        Lanes lanes;
        bool once, grouped, kept;  /* kept: the positions are ours to keep */
        bool placed;               /* the lanes are assigned where we are */
        bool begun;                /* they were, once */
        int64_t place_ms, look_ms; /* monotonic: not before */
        Backoff backoff;
        Error away; /* ERR_RETRY: why we are not placed */
        int absent; /* so often in a row there was no such topic */
        KafkaAlarm *alarms;
        size_t alarms_at, alarms_size;
        int64_t holes;   /* offsets that the topic lacks between records that we read */
        int64_t last_ms; /* monotonic: of the last record, or since we are placed */
        int64_t commit_ms;
        bool commit_due; /* something is acknowledged that the group does not know */
        Buffer value, key, position, sequence, checkpoint;
        RecordHeader *headers; /* ends with a NULL name */
        size_t headers_room;
};

/* Assigns each lane where we are, or where its partition begins when that is gone. ERR_RETRY: not now. */
bool kafka_place(Source *source, Error *err);
void kafka_given(void *context, const int32_t *partitions, size_t size); /* a KafkaShare */
void kafka_alarm_drop(Source *source);                                   /* the first one: it is told */

uint64_t kafka_mark(const KafkaMessage *message);                                          /* of a record; never 0 */
void kafka_record_fill(Source *source, const KafkaMessage *message, SourceRecord *record); /* and moves its lane on */
