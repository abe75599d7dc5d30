#pragma once

/*
 * The ledger's side of an instance (messages.md section 4): totals for each hour of `received` in this run, and the
 * ticks that tell them. An item counts when it is settled. A tick comes for each hour touched since its last one, and
 * always for the present hour, so that a silent instance is seen to live.
 */

#include "hub/pipe/bus.h"

typedef struct {
        int64_t hour;
        int64_t records, published, rejected, ignored, repeated;
        bool touched;
} HourTotals;

typedef struct {
        const char *instance, *platform, *zone;
        int32_t partition;
        const char *state; /* of the source: "reading", "away" */
        int64_t lag;       /* -1 unknown */
        bool final;        /* on the last tick of the run, and only there */
        const char *retry; /* RUN:SEQ: this tick ends the retry of that rejected record; NULL: none */
} TickSetup;

typedef struct Ticks Ticks;

Ticks *ticks_new(int64_t every_ms);                     /* wall time between two ticks */
HourTotals *ticks_hour(Ticks *ticks, int64_t received); /* to be added to at once; borrowed until the next call */
HourTotals ticks_sum(const Ticks *ticks);               /* of the whole run */
bool ticks_due(const Ticks *ticks);
void ticks_send(Ticks *ticks, const TickSetup *setup, Bus *bus);
void ticks_delivered(Ticks *ticks); /* one delivery report of a tick */
void ticks_free(Ticks *ticks);
