#pragma once

/*
 * Coordinate systems to WGS 84. GCJ-02 (the Chinese map datum; the common public formula, tolerance against published
 * city vectors 1e-5 degrees) and BD-09 (Baidu, 1e-6) are inverted by iteration to under 1e-7 degrees. CGCS2000
 * geographic equals WGS 84 within decimetres. At Huli GCJ-02 is 580 m off and BD-09 1,210 m: the system is declared,
 * never guessed.
 *
 * A local grid is written NAME=PROJ, as "gk39=+proj=tmerc +lon_0=117 +x_0=39500000 +ellps=GRS80" or "gk39=EPSG:4527"
 * (proj.org, PROJ strings): easting and northing in metres, converted by PROJ. Whether eastings carry the number of their
 * zone stands in x_0; it is not guessed. A grid is used by one thread at a time.
 */

#include "hub/base/options.h"

typedef struct CrsSystem CrsSystem;
typedef const CrsSystem *Crs;

extern const CrsSystem crs_wgs84, crs_gcj02, crs_bd09, crs_cgcs2000;
#define CRS_NONE     ((Crs)NULL)
#define CRS_WGS84    (&crs_wgs84)
#define CRS_GCJ02    (&crs_gcj02)
#define CRS_BD09     (&crs_bd09)
#define CRS_CGCS2000 (&crs_cgcs2000)

const char *crs_name(Crs crs);                         /* "wgs84", "gcj02", "bd09", "cgcs2000", or a grid's name; "" */
bool crs_read(const char *text, Crs *crs, Error *err); /* owned: crs_free(). ERR_FATAL with the known names */
void crs_free(Crs crs);                                /* of grids; the others stay */
extern const OptionKind crs_option;                    /* an OPTION_CUSTOM field of type Crs */

/* False: that place is not on this grid. */
bool crs_to_wgs84(Crs crs, double lon, double lat, double *wgs_lon, double *wgs_lat);
bool crs_from_wgs84(Crs crs, double lon, double lat, double *out_lon, double *out_lat);

/*
 * A position as platforms write it: two decimal numbers (exponents too), in this order, to WGS 84. False without error when
 * there is none: both absent ("", "-") or both 0. What was told and is none is false and *wrong, for the caller to mark
 * partial: one of the two missing or 0, degrees and minutes, a comma inside, metres where degrees are due, swapped lat and
 * lon (first in 15..55 and second in 70..140), what lies outside of a grid.
 */
bool position_read(Crs crs, const char *lon_text, const char *lat_text, double *lon, double *lat, bool *wrong);

/* The same of two numbers. False: no place, *swapped says whether because of that. */
bool position_turn(Crs crs, double x, double y, double *lon, double *lat, bool *swapped);
