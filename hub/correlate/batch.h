#pragma once

/* A batch of a unit: the messages of one transaction. What unit_commit.c and the two kinds of batches share. */

#include "hub/correlate/unit.h"

/* One message of the running batch. */
typedef struct {
        const UnitMessage *message;
        EventValue value;
        Error why;        /* why.kind ERR_NONE: value holds it */
        bool fresh;       /* the gate let it in */
        const char *text; /* in the unit's arena: of a value that was emptied; NULL: as it came */
        size_t text_size;
        const char *band; /* of the decision, for who counts; NULL: none */
        bool bounded;     /* a bound cut the decision short */
} Entry;

typedef struct {
        Unit *unit;
        const UnitContext *context;
        Store *store;
        Entry *entries;
        size_t size;
        Map *fresh; /* "zone NUL id" that the gate let in and nobody took yet */
        size_t duplicates, rejected;
} Batch;

bool batch_events(Batch *batch, Error *err); /* reads, lets in, decides; rows go to the store */
void batch_rejected(Batch *batch);           /* sealed rejects of adapters */

const char *batch_verdict(const Entry *entry); /* stored, duplicate, rejected, command, tick */

/* A value that is no event: kept with its reason, in the correlator's stage. */
void batch_reject(Batch *batch, const Entry *entry);
void batch_retried(Batch *batch, const Entry *entry, int64_t seq);      /* a tick that ends a retry marks its row */
int64_t batch_received(const UnitMessage *message, const char *header); /* the header's time, else Kafka's stamp */
