#pragma once

/*
 * Records that are handed in, not read from a source: by `hub rejected retry` and `hub replay`. They are translated and
 * published as the runner does it, under a run of its own with ticks, so that the ledger balances; there is no position
 * to keep. A record may be the retry of a rejected one: then all that comes of it names that one, and once it is all in
 * the log a tick says so, by which the correlator marks the row. Killed at any time, the rows without that tick are
 * simply retried again: event ids make it harmless.
 */

#include "hub/kafka/kafka.h"
#include "hub/pipe/output.h"
#include "hub/pipe/signals.h"

typedef struct {
        OutputSetup output;
        int32_t partition; /* of the zone */
        const Adapter *adapter;
        const void *options;
        const KafkaOptions *kafka;
        const char *folder; /* state of the instance: rejects that are too large for Kafka are kept there */
        Signals *signals;   /* a stop gives up what Kafka does not take */
        const char *state;  /* of the source, for the ticks: "retry", "replay" */
        int64_t wait_ms;    /* the longest that Kafka may take to deliver what is on its way */
} FeedSetup;

typedef struct {
        int64_t records, published, rejected, ignored;
} FeedTotals;

typedef struct Feed Feed;

Feed *feed_open(const FeedSetup *setup, Error *err); /* setup is copied, what it points to is borrowed */
const char *feed_run(const Feed *feed);
/* retry: RUN:SEQ of the rejected record that this one is, NULL: none. False: Kafka takes nothing, or ERR_FATAL. */
bool feed_record(Feed *feed, const Record *record, const char *retry, Error *err);
bool feed_end(Feed *feed, FeedTotals *totals, Error *err); /* delivers the rest; the last tick */
void feed_close(Feed *feed);                               /* also after trouble */
