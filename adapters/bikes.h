#pragma once

/* Inside of the adapter of shared bicycles: what is told of one vehicle at one moment, in whichever form. */

#include "hub/adapter.h"

#include <jansson.h>

/* Of several the first that is there: of MDS 2.0, of its status, of 1.x and its status; of GBFS. */
#define BIKES_TIMES   "timestamp|last_event.timestamp|event_time|last_event_time"
#define BIKES_NUMBERS "device_id|vehicle_id|bike_id" /* what only a vehicle has */

typedef enum { STANDING_UNKNOWN, STANDING_SILENT, STANDING_THERE, STANDING_GONE } Standing;

typedef struct {
        const char *what; /* the last of its event types that is known; else its state */
        Standing standing;
        bool spot;                                /* of GBFS: a place, and no vehicle that could be known again */
        bool listed;                              /* of a list of states: what it did last */
        const char *lon, *lat, *accuracy, *taken; /* of one fix */
        bool later;                               /* the fix is its last one, of any time after the event */
        int64_t time_ms;
        Event event;
} Moment;

void bikes_moment(const json_t *item, Moment *moment); /* all but the event and its time; the moment begins as zeros */
