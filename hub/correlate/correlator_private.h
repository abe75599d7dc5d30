#pragma once

/* What the files of the correlator share. */

#include "hub/base/backoff.h"
#include "hub/correlate/correlator.h"
#include "hub/correlate/writer.h"

typedef struct {
        const CorrelatorSetup *setup;
        Store *store;
        int32_t generation; /* that was live when we started; 0: not known yet */
        KafkaConsumer *consumer;
        Unit *units;
        size_t units_size;
        Backoff backoff;
        UnitContext context; /* the setup's, and who counts */
        Writer *writer;
        Decided flight; /* that the writer has; its unit NULL: it has none */
        int64_t balance_at, lag_at, show_at, batches;
        bool assign_due, ended;
} Correlator;

/*
 * A flight: the batch that is written while the next is decided. The next is not begun to be written before it is committed; when
 * it fails, what was decided upon it goes with the memory. Whatever needs the store's own connection, or ends, settles it first.
 */
bool flight_next(Correlator *correlator, Unit *unit, Error *err); /* decides the unit's next batch and hands it over */
bool flight_settle(Correlator *correlator, Error *err);           /* waits for it; true also when there is none */
bool flight_look(Correlator *correlator, Error *err);             /* settles it when it is over */

/*
 * Seats: which partitions this correlator holds. Each second its share is ceil(units / members), events and rejected records
 * apart; surplus is given back, what is free is taken and loaded.
 */
bool seats_balance(Correlator *correlator, Error *err);
bool seats_assign(Correlator *correlator, Error *err); /* tells the consumer, from each unit's next message on */
