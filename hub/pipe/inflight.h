#pragma once

/*
 * Records between read and acknowledgement, in read order. A record is settled when it is translated (closed) and each
 * of its messages has its delivery report; records leave strictly in read order, so that acknowledging one settles all
 * before it.
 */

#include "hub/adapter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INFLIGHT_MOST = 20000 };

typedef struct {
        uint64_t token, window; /* of the source */
        int64_t received;
        uint64_t crash; /* key of a record that was rejected as crashed, else 0 */
        size_t pending; /* messages without a delivery report */
        bool closed;    /* translated: no more messages come */
        bool dropped;   /* no record after all (ERR_RETRY): leaves without acknowledgement */
        bool own;       /* the runner's own word on a silence: no record of the source's */
        Reply *answer;  /* owned: what its peer will be told; NULL: it has none */
} Flight;

typedef struct Inflight Inflight;

Inflight *inflight_new(void);
Flight *inflight_open(Inflight *inflight, uint64_t token, uint64_t window,
                      int64_t received);                  /* stays put until it leaves */
const Flight *inflight_settled(const Inflight *inflight); /* the oldest, when it may leave; else NULL */
void flight_answer(Flight *flight, const Reply *reply);   /* copied */
void inflight_leave(Inflight *inflight);                  /* the oldest goes */
Reply *inflight_take_answer(Inflight *inflight);          /* of the oldest, before it goes; free(); or NULL */
bool inflight_full(const Inflight *inflight);
size_t inflight_size(const Inflight *inflight);
void inflight_free(Inflight *inflight);
