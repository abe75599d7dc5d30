#pragma once

/*
 * Where an alert holds: its shapes, and whether it is of the site's district, by codes (GB/T 2260), else by words.
 */

#include "hub/event/event.h"
#include "hub/geo/crs.h"
#include "hub/geo/outline.h"

#include <jansson.h>

typedef struct {
        char *code;        /* NULL: of any */
        TextList names;    /* how texts call it, where no code is */
        Outline *boundary; /* its shape, for alerts of it that draw none; NULL: unknown */
} CapDistrict;

extern const Option cap_district_options[]; /* a part: district, district_names, boundary */

/*
 * Of every block in the language of `info`: polygons and circles together, latitude first, as event->geometry (what is none is left
 * out and marked partial), and event->place.district. False: its codes are all of other places.
 */
bool cap_areas(const CapDistrict *district, Crs crs, const json_t *alert, const json_t *info, Arena *arena,
               Event *event);

/* What an event that was filled in lacks: a district that its title or description names, and the boundary of the site's own. */
void cap_district_fill(const CapDistrict *district, Arena *arena, Event *event);
