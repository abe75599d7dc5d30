#pragma once

/* One record through an adapter, and all that it said of it. */

#include "hub/conform/fixture.h"
#include "hub/pipe/output.h"

typedef struct {
        const char *id, *subject, *source_id;
        const char *bytes; /* the event as it goes to Kafka */
        size_t size;
        size_t telling; /* how much of it the platform told: all but `raw`, which stands last */
} TrialEvent;

typedef struct {
        const char *reason; /* NULL: none was given */
        const char *item;   /* of a batch; NULL: the record as a whole */
        size_t size;
        bool rejected; /* else ignored */
} TrialVerdict;

typedef struct {
        Arena *arena; /* holds all of it; the caller's */
        TrialEvent *events;
        TrialVerdict *verdicts;
        size_t events_size, events_room, verdicts_size, verdicts_room;
        ErrorKind ended;           /* how translate() failed, ERR_NONE: it did not. ERR_INPUT is a verdict as well */
        const char *text, *reason; /* and what it said; text is never NULL */
        int64_t ms;
} Outcome;

typedef struct {
        const Fixture *fixture;
        const Categories *categories;
        const Privacy *privacy;
} TrialSetup;

/* The outcome's texts live until the arena is reset. */
void trial_run(const TrialSetup *setup, const Record *record, Arena *arena, Outcome *outcome);
