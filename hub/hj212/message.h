#pragma once

/*
 * A packet of readings as they are to be judged: each in the unit of mass that its kind is told in, beside the rows of the site's registry
 * (hub/geo/sites.h) that are about its device and factor; when it was measured, and how long a mean it is (CN 2011 the moment, 2051
 * ten minutes, 2061 an hour, 2031 a day).
 */

#include "hub/event/event.h"
#include "hub/geo/sites.h"
#include "hub/hj212/hj212.h"

enum { HJ212_MN_MOST = 64 };

typedef enum { HJ212_DUST, HJ212_FUME, HJ212_NOISE } Hj212Kind;

typedef struct {
        const Hj212Item *item;
        const Site *row;  /* the first of this factor; NULL: the registry has none */
        Hj212Kind kind;   /* as the registry says, else as the factor's code does */
        const char *unit; /* ours; NULL: unknown */
        double scale;     /* of the device's unit to ours */
} Hj212Reading;

typedef struct {
        Hj212 packet;
        Hj212Content content;
        const struct Hj212Span *span;
        const Site *site; /* the device; NULL: unknown */
        Hj212Reading readings[EVENT_MEASUREMENTS_MOST];
        size_t size;
        const char *stamp; /* the readings' time as told, where it may stand in an id */
        const char *
                revision; /* "2011-20231205083000-HASH" of what was read: a resend is the same, two devices under one number are not */
        int64_t occurred;
        TimePrecision precision;
        unsigned
                quality; /* of all of it: partial; late, where it was sent again after a break, or told by a clock of twelve hours */
} Hj212Message;

/*
 * Reads message->packet, which is open, into the rest. `other`: what it is where there is nothing to judge ("heartbeat", "no readings"),
 * else NULL. ERR_INPUT: missing_field (CN, MN), bad_id.
 */
bool hj212_message(const Sites *sites, int64_t received_ms, Arena *arena, Hj212Message *message, const char **other,
                   Error *err);

/* Whether the limit of a row is one for this reading: of its factor, and of means about so long. */
bool hj212_judges(const Site *row, const Hj212Message *message, const Hj212Reading *reading);

/* The reading as a measurement of the event, with the limit of a row (NULL: none); without a unit the event is partial. */
void hj212_measure(const Hj212Message *message, const Hj212Reading *reading, const Site *row, Event *event);
