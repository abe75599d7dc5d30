#pragma once

/*
 * The hub with one of its guards taken away, by the linker (--wrap): what tests/system/96_controls.sh gives to the kill tests,
 * which must then fail. HUB_CONTROL names what is missing, several by commas; without it this is the hub as it is. The
 * product's sources know nothing of this.
 *
 *   compare     a batch moves the offset wherever it stood
 *   lock        every correlator believes that each partition is its own
 *   watermark   the relay takes what lies above the highest row that it numbered, as if rows were committed in their order
 *   flush       what the producer took counts as delivered
 *   autocommit  Kafka commits what was read, and reading goes on from there
 *   tag         a batch that failed is committed, and what COMMIT answers is not looked at
 *   puback      MQTT's messages are acknowledged before they lie in the spool
 *   gate        an event that was let in is let in again
 *   early       a peer that pushes is told 2xx before its record is in Kafka
 */

#include <stdbool.h>

bool is_away(const char *guard);
