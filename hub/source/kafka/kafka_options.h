#pragma once

/* The options of source kafka, and what their table cannot say. */

#include "hub/kafka/kafka.h"

typedef enum { START_FIRST, START_END } KafkaStart;

typedef struct {
        KafkaOptions kafka; /* of the cluster that the topic is in */
        char *topic, *group;
        TextList partitions; /* none: all of them */
        int start;           /* KafkaStart */
        int64_t look_ms;
} KafkaSourceOptions;

enum { KAFKA_SOURCE_OPTIONS = 13 };
extern const Option kafka_source_options[KAFKA_SOURCE_OPTIONS];

bool kafka_source_check(const void *options, Error *err);
bool kafka_source_connect_check(const void *options, Error *err);
int32_t kafka_partition(const KafkaSourceOptions *options, size_t index); /* of the list, which is checked */
