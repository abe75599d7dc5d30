#pragma once

/*
 * The sink of `hub run`: events and sealed rejects go to the bus, repeats and ignored items only to the totals. While
 * the bus is full it waits, serving delivery reports, so one huge record cannot outgrow memory; when the process is
 * told to stop and Kafka still takes nothing, the record is given up unacknowledged: it will be read again.
 */

#include "hub/pipe/bus.h"
#include "hub/pipe/inflight.h"
#include "hub/pipe/output.h"
#include "hub/pipe/seen.h"
#include "hub/pipe/signals.h"
#include "hub/pipe/ticks.h"

enum { PUBLISH_REASONS = 16 };

typedef struct {
        const char *reason; /* NULL: free; the last one stands for all that found no place */
        int64_t count;
} PublishReason;

typedef struct {
        OutputSetup setup;
        int32_t partition;
        const char *folder; /* state of the instance */
        Bus *bus;
        Ticks *ticks;
        Seen *seen;
        Signals *signals;
        int64_t drain_ms;                       /* how long a full bus is waited for once we are to stop */
        Flight *flight;                         /* of the record that is translated */
        const char *retry;                      /* RUN:SEQ when it is a retry of that rejected record, else NULL */
        bool abandoned;                         /* it was given up */
        PublishReason reasons[PUBLISH_REASONS]; /* why items were ignored */
        Arena *arena;                           /* owned by whoever made the Publisher */
        struct PipeMetrics *metrics;            /* borrowed; NULL: nobody counts */
        void (*tick)(void *context); /* optional: a tick is due while a record is translated; large ones take minutes */
        void *tick_context;
} Publisher;

extern const OutputSink publish_sink; /* its context is a Publisher */

/* A BusDelivered with a Publisher as context: settles the message's flight and counts the item. */
void publish_delivered(void *context, BusKind kind, void *owner);

void publish_reasons_log(const Publisher *publisher); /* why items were ignored, and how many: a line each */

/* CHANNEL without user and password, query and fragment; in the arena. */
const char *publish_channel(const char *channel, Arena *arena);
