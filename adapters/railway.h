#pragma once

/* Private to railway*.c: what the platform's three dialects have in common. */

#include "hub/base/json.h"
#include "hub/dialect/place.h"

typedef struct {
        Devices *devices;
        TextTable categories;
        Crs crs;
        char *space;
} RailwayOptions;

typedef struct {
        const RailwayOptions *options;
        const Record *record;
        Output *output;
} Context;

/* One word of a camera about a rule. */
typedef struct {
        const char *id, *id_member, *rule, *name; /* name: of the rule, for people */
        const char *word;                         /* of its state, as the platform has it */
        const char *time, *time_member;
        bool moment; /* begins and ends at once: its time tells one from the next */
        bool vague;  /* names no object: its end counts where a beginning was told */
        bool resent; /* kept while the line was down: it may be older than what was said since */
} Sighting;

/* The first of these names that the registry knows, else the first that is not NULL. */
void camera_fill(const Context *context, const char *const *names, size_t size, Event *event);

/* The event's state, kind and camera are there, and what only its dialect knows; the rest follows from the sighting. */
bool sighting_emit(const Context *context, const Sighting *sighting, Event *event, Error *err);

bool onvif_translate(const Context *context, const json_t *message, Error *err); /* NULL: a message without bytes */
