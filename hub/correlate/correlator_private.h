#pragma once

/* What correlator.c and seats.c share. */

#include "hub/base/backoff.h"
#include "hub/correlate/correlator.h"

typedef struct {
        const CorrelatorSetup *setup;
        Store *store;
        int32_t generation; /* that was live when we started; 0: not known yet */
        KafkaConsumer *consumer;
        Unit *units;
        size_t units_size;
        Backoff backoff;
        UnitContext context; /* the setup's, and who counts */
        int64_t balance_at, lag_at, show_at, batches;
        int64_t took_ms; /* the last batch, from its begin to its commit */
        bool assign_due, ended;
} Correlator;

/*
 * Seats: which partitions this correlator holds. Each second its share is ceil(units / members), events and rejected records
 * apart; surplus is given back, what is free is taken and loaded.
 */
bool seats_balance(Correlator *correlator, Error *err);
bool seats_assign(Correlator *correlator, Error *err); /* tells the consumer, from each unit's next message on */
