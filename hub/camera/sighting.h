#pragma once

/*
 * One word of a camera, or of a box behind it, about a rule: something is there, it is over, it happened. Whatever form it came in, it
 * is a state of (camera, rule, object) that begins and ends, so an event of its own name (source.episodic): repeats of a state say
 * nothing, and what comes after an end is another. Cameras send no position: the registry has it.
 *
 *     static const SightingForm form = { "macAddress", "dateTime", "E2128" };
 *     Sighting sighting = sighting_begin(&form, options, output);
 *
 *     sighting.id = ...; sighting.rule = ...; sighting.word = "active"; sighting.time = ...;
 *     sighting.event.status.state = STATE_RECEIVED;
 *     sighting_place(&sighting, names, 2);
 *     return sighting_emit(&sighting, err);
 */

#include "hub/dialect/place.h"

typedef struct {
        Devices *devices;
        TextTable categories;
        Crs crs;
        char *space;
} SightingOptions;

extern const Option sighting_options[]; /* a part: devices, categories, crs, space */

typedef struct {
        const char *id, *time; /* members, as errors call them */
        const char *fallback;  /* category of a rule that the site's table does not name */
} SightingForm;

typedef struct {
        const SightingOptions *options;
        Output *output;
        Arena *arena;
        const SightingForm *form;
        const char *id, *time;
        const char *rule, *name; /* name: of the rule, for people; NULL: none */
        const char *word;        /* of its state, as the platform has it */
        bool moment;             /* begins and ends at once: its time tells one from the next */
        bool vague;              /* names no object: its end counts where a beginning was told */
        bool resent;             /* kept while the line was down: it may be older than what was said since */
        Event event;             /* a report; its state, and what only the dialect knows */
} Sighting;

Sighting sighting_begin(const SightingForm *form, const SightingOptions *options, Output *output);

/* The first of these names that the registry knows, else the first that is not NULL. */
void sighting_place(Sighting *sighting, const char *const *names, size_t size);

/* ERR_INPUT: missing_field (id, time), bad_id, bad_time. Ignored where the site's table says "none" of the rule. */
bool sighting_emit(Sighting *sighting, Error *err);
