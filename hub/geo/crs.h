#pragma once

/*
 * Coordinate systems to WGS 84. GCJ-02 (the Chinese map datum; the common public formula, tolerance against published
 * city vectors 1e-5 degrees) and BD-09 (Baidu, 1e-6) are inverted by iteration to under 1e-7 degrees. CGCS2000
 * geographic equals WGS 84 within decimetres. At Huli GCJ-02 is 580 m off and BD-09 1,210 m: the system is declared,
 * never guessed.
 */

#include "hub/base/options.h"

typedef enum { CRS_NONE, CRS_WGS84, CRS_GCJ02, CRS_BD09, CRS_CGCS2000 } Crs;

const char *crs_name(Crs crs);                         /* "wgs84", "gcj02", "bd09", "cgcs2000" */
bool crs_read(const char *name, Crs *crs, Error *err); /* ERR_FATAL with the known names */
extern const OptionKind crs_option;                    /* an OPTION_CUSTOM field of type Crs */

void crs_to_wgs84(Crs crs, double lon, double lat, double *wgs_lon, double *wgs_lat);
void crs_from_wgs84(Crs crs, double lon, double lat, double *out_lon, double *out_lat);

/*
 * A position as platforms write it: two texts, in this order. False without error when there is none: empty, "-", 0 and
 * 0, not numbers, out of range. Swapped lat, lon (first in 15..55 and second in 70..140) is taken for missing too,
 * *swapped true.
 */
bool position_read(const char *lon_text, const char *lat_text, double *lon, double *lat, bool *swapped);
