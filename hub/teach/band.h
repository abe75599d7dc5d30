#pragma once

/* The suggested band of a run of decisions: how many true pairs operators are shown, how often they are asked, and whether scores mean what they say. */

#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/learn/measure.h"

#include <jansson.h>

typedef struct {
        const char *incident, *other;
} BandPair;

typedef struct {
        Arena *texts;
        Map *founders;   /* incident -> subject that opened it */
        Map *asked;      /* both incidents -> itself */
        BandPair *pairs; /* each once; owned */
        size_t size, room;
        int64_t fresh, suggestions; /* new incidents; suggestions for them */
        Reliability reliability;
} Band;

/* The true incident of a subject; NULL: not in the truth. */
typedef const char *(*BandTruth)(const void *context, const char *subject);

void band_open(Band *band);
void band_close(Band *band);
void band_take(Band *band, const json_t *line, BandTruth truth, const void *context); /* a line of hub decide */
/*
 * Of true pairs, how many stand in one incident or in two of which one was suggested for the other, and at how many suggestions;
 * whether scores mean what they say. report NULL: as text on stdout.
 */
void band_tell(const Band *band, const Measured *rows, size_t size, json_t *report);
