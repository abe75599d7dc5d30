#pragma once

/*
 * Kafka, thinly: the only folder that includes librdkafka. It knows topics, partitions, offsets, headers and bytes; it
 * knows nothing of events. What librdkafka 2.0.2 taught us is kept here: the delivery report is the only truth about
 * "sent"; a destroyed producer drops what it holds in silence, so close means flush; offsets are ours, never a group's;
 * any gap is an alarm.
 */

#include "hub/base/error.h"
#include "hub/base/options.h"

#include <stdint.h>

/* The `kafka` section of the configuration. */
typedef struct {
        char *brokers; /* "host:port,host:port" */
        int security;  /* index: plaintext, ssl, sasl_plaintext, sasl_ssl */
        char *ca_file, *certificate_file, *key_file;
        char *mechanism, *user; /* SCRAM-SHA-512 and the like */
        char *password_file;    /* the password never stands in the configuration itself */
        int64_t replication;    /* for `hub topics`: 1 here, 3 in production */
        char *topic_prefix;     /* "hub": topics are PREFIX.events.v1 ... */
} KafkaOptions;

extern const Option kafka_options[];
extern const size_t kafka_options_size;

typedef struct {
        const char *key;
        const char *value;
        size_t size;
} KafkaHeader;

typedef struct {
        const char *topic;
        int32_t partition; /* -1: by key (murmur2, as Java does) */
        int64_t offset;    /* consumed messages only */
        int64_t stamp_ms;  /* Kafka's own timestamp: always wall time */
        const char *key;
        size_t key_size;
        const char *value;
        size_t value_size;
        const KafkaHeader *headers;
        size_t headers_size;
} KafkaMessage;

const char *kafka_header(const KafkaMessage *message, const char *key,
                         size_t *size); /* NULL when absent; NUL-terminated */

/* ---- producer: idempotent, acks=all ---- */

typedef struct KafkaProducer KafkaProducer;

/* Called from kafka_producer_poll/flush/close only. delivered false: `error` says why, and order behind it is not kept.
 */
typedef void (*KafkaReport)(void *context, void *opaque, bool delivered, const char *error);

typedef enum {
        KAFKA_TAKEN,  /* queued; a report will follow; bytes were copied */
        KAFKA_FULL,   /* queue full: stop reading, poll, try again */
        KAFKA_BROKEN, /* fatal or unusable: close, open a new producer, resend what has no report */
} KafkaTaken;

KafkaProducer *kafka_producer_open(const KafkaOptions *options, KafkaReport report, void *context, Error *err);
KafkaTaken kafka_produce(KafkaProducer *producer, const KafkaMessage *message, void *opaque, Error *err);
void kafka_producer_poll(KafkaProducer *producer, int wait_ms);
bool kafka_producer_reached(const KafkaProducer *producer);          /* a broker was connected some 2 s ago */
bool kafka_producer_broken(KafkaProducer *producer, Error *err);     /* a fatal error stands; err says which */
bool kafka_producer_flush(KafkaProducer *producer, int64_t wait_ms); /* true: nothing is left in flight */
size_t kafka_producer_pending(KafkaProducer *producer);
/* Purges, serves the reports of what is purged (delivered false), destroys. Flush first unless it is broken. */
void kafka_producer_close(KafkaProducer *producer);
void kafka_producer_break_for_test(KafkaProducer *producer); /* rd_kafka_test_fatal_error */

/* ---- consumer: explicit assignment, offsets of our own ---- */

typedef struct KafkaConsumer KafkaConsumer;

typedef struct {
        const char *topic;
        int32_t partition;
        int64_t offset; /* the next one to read */
} KafkaPosition;

KafkaConsumer *kafka_consumer_open(const KafkaOptions *options, const char *name,
                                   Error *err); /* name: group.id for lag tools */
/* Replaces the whole list; pass the next offset of each partition held. */
bool kafka_consumer_assign(KafkaConsumer *consumer, const KafkaPosition *positions, size_t size, Error *err);
/*
 * 1: *message is the next one, borrowed until the next call; 0: nothing within wait_ms; -1: err. ERR_RETRY for broker
 * trouble (the consumer mends itself), ERR_FATAL when an offset is out of range (topic made anew, or retention passed
 * us).
 */
int kafka_consumer_next(KafkaConsumer *consumer, KafkaMessage *message, int wait_ms, Error *err);
bool kafka_consumer_watermarks(KafkaConsumer *consumer, const char *topic, int32_t partition, int64_t *low,
                               int64_t *high, Error *err);
bool kafka_consumer_reached(const KafkaConsumer *consumer); /* a broker was connected some 2 s ago */
/* The first offset with Kafka's timestamp at or after ms; the end when there is none. */
bool kafka_consumer_offset_at(KafkaConsumer *consumer, const char *topic, int32_t partition, int64_t ms,
                              int64_t *offset, Error *err);
void kafka_consumer_commit(KafkaConsumer *consumer, const KafkaPosition *positions,
                           size_t size); /* best effort, for lag tools and for a group's next start */
/* As kafka_topic_partitions(), with the consumer's own connections. */
bool kafka_consumer_partitions(KafkaConsumer *consumer, const char *topic, int wait_ms, int32_t *partitions,
                               Error *err);
/* The end of a partition that is assigned, as the last fetch told it; -1 when none did yet. Asks nobody. */
int64_t kafka_consumer_end(KafkaConsumer *consumer, const char *topic, int32_t partition);
void kafka_consumer_close(KafkaConsumer *consumer);

/*
 * For topics of others, where a group is asked for: the group's coordinator gives partitions and takes them, which is told
 * from within kafka_consumer_next() and kafka_consumer_close(). What is given is read once it is assigned, from the offsets
 * given there; what is taken (all of it: size 0) is no longer read when this is told.
 */
typedef void (*KafkaShare)(void *context, const int32_t *partitions, size_t size);

bool kafka_consumer_join(KafkaConsumer *consumer, const char *topic, KafkaShare share, void *context, Error *err);
/* Sets each position's offset to what the group has committed, -1 where it has nothing. */
bool kafka_consumer_committed(KafkaConsumer *consumer, KafkaPosition *positions, size_t size, Error *err);

/* ---- admin ---- */

typedef struct {
        const char *name;
        int32_t partitions;
        int64_t retention_ms;
        const char *cleanup; /* "delete" or "compact" */
} KafkaTopic;

/* Creates what is absent; existing with another partition count is ERR_FATAL. Sets *created to how many were made. */
bool kafka_topics_create(const KafkaOptions *options, const KafkaTopic *topics, size_t size, size_t *created,
                         Error *err);
bool kafka_topics_delete(const KafkaOptions *options, const char *const *names, size_t size, Error *err);
/* Number of partitions; 0 and true when the topic does not exist. ERR_RETRY when no broker answers within wait_ms. */
bool kafka_topic_partitions(const KafkaOptions *options, const char *name, int wait_ms, int32_t *partitions,
                            Error *err);

/* ---- rights, where the brokers have an authorizer ---- */

typedef enum { KAFKA_READ, KAFKA_WRITE, KAFKA_ALL } KafkaOperation; /* each implies to describe */

typedef struct {
        const char *login; /* the SASL user */
        const char *name;  /* of a topic, or of a consumer group */
        bool is_group;
        bool is_prefix; /* every name that begins so */
        KafkaOperation operation;
} KafkaRight;

/* Grants each; one that is there stays. ERR_FATAL where the brokers have no authorizer. */
bool kafka_rights_grant(const KafkaOptions *options, const KafkaRight *rights, size_t size, Error *err);
