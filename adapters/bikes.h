#pragma once

/* Inside of the adapter of shared bicycles: what is told of one vehicle at one moment, in whichever form. */

#include "hub/adapter.h"

#include <jansson.h>

enum {
        DEVICE,
        PROVIDER,
        VEHICLE,
        EVENT,
        STATE,
        TIME,
        PUBLISHED,
        TYPE,
        TICKET,
        TIPPED,
        LON,
        LAT,
        ACCURACY,
        TAKEN,
        TEXTS
};

typedef enum { STANDING_UNKNOWN, STANDING_SILENT, STANDING_THERE, STANDING_GONE } Standing;

typedef struct {
        const char *texts[TEXTS]; /* of the document; LON to TAKEN are of one fix */
        const char *what;         /* the last of its event types that is known; else its state */
        Standing standing;
        bool spot;   /* of GBFS: a place, and no vehicle that could be known again */
        bool listed; /* of a list of states: what it did last */
        bool later;  /* the fix is its last one, of any time after the event */
        int64_t time_ms;
        Event event;
} Moment;

extern const char bikes_times[]; /* paths of TIME */

void bikes_moment(const json_t *item, Moment *moment); /* the texts and what they say; the moment begins as zeros */
const char *bikes_number(const json_t *item);          /* what only a vehicle has; NULL: it is none */
