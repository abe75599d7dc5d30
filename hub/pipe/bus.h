#pragma once

/*
 * The way to Kafka of one run of an instance. Every message gets the next number (hub_seq: 1, 2, 3 ... over both
 * topics, ticks included) and is kept, bytes, headers and number, until its delivery report says delivered. After a
 * failed report or a fatal error the producer is replaced, with back-off, and everything unreported goes out again in
 * order, the same bytes under the same numbers. So Kafka may be away for ever: nothing is lost, bus_full() says when to
 * stop reading.
 */

#include "hub/base/metric.h"
#include "hub/kafka/kafka.h"

enum { BUS_MESSAGES_MOST = 20000, BUS_BYTES_MOST = 64 * 1024 * 1024, BUS_RUN_SIZE = 17 };

typedef enum { BUS_EVENT, BUS_REJECTED, BUS_TICK } BusKind;

typedef struct {
        BusKind kind;      /* rejected ones go to PREFIX.rejected.v1 by key, all else to PREFIX.events.v1 */
        int32_t partition; /* of events and ticks */
        const char *key;
        const char *value;
        size_t size;
        const KafkaHeader *headers;
        size_t headers_size;
        void *owner; /* handed back when delivered */
} BusMessage;

typedef void (*BusDelivered)(void *context, BusKind kind, void *owner); /* from bus_poll, bus_flush */

typedef struct Bus Bus;

Bus *bus_open(const KafkaOptions *options, BusDelivered delivered, void *context, Error *err);
const char *bus_run(const Bus *bus);                /* 16 characters, new at each opening */
int64_t bus_next(const Bus *bus);                   /* the number of the next message */
void bus_send(Bus *bus, const BusMessage *message); /* copied; never refuses, so ask bus_full() first */
bool bus_full(const Bus *bus);
void bus_poll(Bus *bus, int wait_ms);           /* serves reports, sends what waits, replaces a broken producer */
int64_t bus_acked(const Bus *bus);              /* every number up to this one is delivered */
size_t bus_pending(const Bus *bus);             /* messages without a delivery report */
size_t bus_bytes(const Bus *bus);               /* what they take */
int64_t bus_producers(const Bus *bus);          /* how many producers it took so far */
bool bus_reached(const Bus *bus);               /* a broker is connected */
void bus_watch(Bus *bus, Metric *delivery);     /* a histogram: from bus_send() to the delivery report */
bool bus_flush(Bus *bus, int64_t wait_ms);      /* true: nothing is pending */
void bus_close(Bus *bus);                       /* flushes nothing */
KafkaProducer *bus_producer_for_test(Bus *bus); /* NULL between two producers */
