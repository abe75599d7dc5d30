#pragma once

/*
 * What a platform draws: areas, lines and points, over GEOS, in WGS 84 whatever system they came in. Whoever drew it, it comes
 * out as RFC 7946 section 3.1.6 has it: rings closed, shells counter-clockwise and holes clockwise, on a grid of 1e-7 degree,
 * two dimensions. An area that crosses itself is repaired (a bow tie becomes its two triangles). The same area begun at
 * another corner, or drawn the other way round, is the same text.
 *
 * ERR_INPUT bad_position: no such geometry, a corner that is no place, latitude and longitude swapped, an area without area.
 * too_large: more than OUTLINE_POINTS_MOST corners; or an area that crosses itself, of more than OUTLINE_REPAIR_MOST corners
 * or OUTLINE_CROSSINGS_MOST crossings: a scribble may cost minutes.
 */

#include "hub/base/memory.h"
#include "hub/geo/crs.h"

#include <jansson.h>

enum {
        OUTLINE_POINTS_MOST = 100000,
        OUTLINE_REPAIR_MOST = 20000,
        OUTLINE_CROSSINGS_MOST = 10000,
        OUTLINE_TEXT_MOST = 32 * 1024,
};

typedef struct Outline Outline;

/* A GeoJSON geometry; numbers may be texts, as json_read() gives them. Of a collection it is the outline of its pieces together. */
Outline *outline_geojson(Crs crs, const json_t *geometry, Error *err);
Outline *outline_wkt(Crs crs, const char *text, Error *err); /* PostGIS' "SRID=4326;" before it is passed over */
extern const OptionKind outline_option; /* an OPTION_CUSTOM field of type Outline *: WKT in WGS 84 */
/* The corners of one area: "24.5,118.1 24.6,118.1 ...", parted by blanks, semicolons or bars. */
Outline *outline_ring(Crs crs, const char *points, bool lat_first, Error *err);
/* "24.5,118.1 10": a centre and a radius in kilometres, as CAP writes it. 64 corners; without radius a point. */
Outline *outline_circle(Crs crs, const char *circle, bool lat_first, Error *err);

/* Several: owned, beginning as zeros. Together their areas are one outline, merged where they overlap; without any, the first of them. */
typedef struct {
        Outline **items;
        size_t size;
} Outlines;

bool outlines_add(Outlines *outlines, Outline *outline); /* takes it; false: it is NULL */
Outline *outlines_together(const Outlines *outlines, Error *err);
void outlines_free(Outlines *outlines); /* also for CLEANUP */

/*
 * The geometry as JSON, for Event.geometry: up to OUTLINE_TEXT_MOST bytes; an outline with more corners is drawn more
 * simply, and where even that does not help it is NULL.
 */
const char *outline_text(const Outline *outline, Arena *arena);
void outline_point(const Outline *outline, double *lon, double *lat); /* a place inside it, always the same */
double outline_area_m2(const Outline *outline);                       /* on the ellipsoid; of lines and points 0 */
double outline_overlap(const Outline *one, const Outline *other);     /* common area as a share of the larger: 0..1 */
void outline_free(Outline *outline);
void outline_drop(Outline **outline); /* for CLEANUP */
