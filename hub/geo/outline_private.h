#pragma once

/* Inside of an outline: what its readers, its writer and its sums share. */

#include "hub/geo/outline.h"

#include <geos_c.h>

struct Outline {
        GEOSContextHandle_t geos;
        GEOSGeometry *shape;
};

/* Takes a shape in crs, which may be NULL: no geometry. The context is its own. */
Outline *outline_of(GEOSContextHandle_t geos, GEOSGeometry *shape, Crs crs, Error *err);

/* How many of its sides cross, not how many it has, is what a repair costs. */
bool outline_repairable(const Outline *outline);
GEOSGeometry *outline_repaired(const Outline *outline); /* owned; NULL: it cannot be */
