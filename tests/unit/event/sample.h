#pragma once

/* Events to write and to read: the smallest, and one that has everything. */

#include "hub/event/event.h"

#define SAMPLE_SHA "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static inline Event sample_event(EventKind kind)
{
        Event event;

        event_init(&event, kind);
        event.id = "p12::A1:1";
        event.subject = "p12::A1";
        event.platform = "p12";
        event.instance = "grid";
        event.zone = "350206";
        event.source.id = "A1";
        event.source.revision = "1";
        event.time.occurred = 1701736930000;
        event.time.received = 1701736990123;
        event.time.precision = PRECISION_S;
        event.status.state = STATE_RECEIVED;
        event.category.code = "E0504";
        event.category.method = METHOD_CODE;
        event.severity = SEVERITY_LOW;
        event.title = "沿街店铺占道";
        event.raw.sha256 = SAMPLE_SHA;
        event.raw.bytes = 194;
        return event;
}
