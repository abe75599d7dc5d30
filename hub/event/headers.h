#pragma once

/*
 * CloudEvents 1.0, Kafka protocol binding, binary mode (section 3.2 of the binding): attributes as ce_* headers, and
 * ours: hub_run, hub_seq, traceparent (W3C Trace Context level 1). Texts live in the arena.
 */

#include "hub/base/memory.h"
#include "hub/event/event.h"
#include "hub/kafka/kafka.h"

enum { EVENT_HEADERS_MOST = 20 };

size_t event_headers(const Event *event, const char *run, int64_t seq, Arena *arena,
                     KafkaHeader out[EVENT_HEADERS_MOST]);
/* For ticks, commands and incidents. A NULL run leaves hub_run and hub_seq out. */
size_t event_headers_plain(const char *kind, const char *id, const char *source, const char *zone, const char *subject,
                           int64_t at, const char *run, int64_t seq, Arena *arena, KafkaHeader out[EVENT_HEADERS_MOST]);
