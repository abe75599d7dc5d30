#pragma once

/*
 * Does the process live, and does it reach its peers? The loop beats once a turn; whoever asks (another thread may) is told
 * whether the last beat is recent and which peers are away. Beats also feed systemd: READY=1 with the first, WATCHDOG=1 often
 * enough after each that came: a loop that stands still is ended by it, a peer that is away is no reason to end.
 *
 * To a Health that is NULL anything may be told, and nothing happens.
 */

#include "hub/base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum { HEALTH_KAFKA, HEALTH_POSTGRES, HEALTH_SOURCE, HEALTH_PEERS } HealthPeer;

typedef struct Health Health;

Health *health_new(int64_t patience_ms); /* a beat is recent for so long, or for WatchdogSec= where systemd sets it */
void health_free(Health *health);

void health_beat(Health *health);
void health_set(Health *health, HealthPeer peer, bool reachable); /* a peer never set is none of this process */
void health_stop(Health *health);                                 /* the loop ends: no more beats will come */

bool health_live(const Health *health);
bool health_ready(const Health *health,
                  Buffer *out); /* appends "kafka: away", a line a peer; false before any was set */
bool health_peer(const Health *health, HealthPeer peer, bool *reachable); /* false: none of this process */
const char *health_peer_name(HealthPeer peer);
