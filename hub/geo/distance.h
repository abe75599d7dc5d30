#pragma once

/*
 * Integer geometry, so that the same log gives the same incidents on every machine: positions in units of 1e-7 degree
 * (11 mm), distances in centimetres on a local plane (equirectangular at the mean latitude; error under 0.1 % to 50
 * km).
 */

#include <stdbool.h>
#include <stdint.h>

#define GEO_NONE INT32_MIN

typedef struct {
        int32_t lon, lat; /* 1e-7 degree; GEO_NONE: no position */
} GeoPoint;

GeoPoint geo_point(double lon, double lat);
static inline bool geo_known(GeoPoint point)
{
        return point.lon != GEO_NONE && point.lat != GEO_NONE;
}

/* Both known. Integer arithmetic only: two tables of the WGS 84 ellipsoid, an integer root. */
int64_t geo_distance_cm(GeoPoint one, GeoPoint other);

int64_t geo_length_cm(int64_t x, int64_t y); /* the root of x^2 + y^2, floored; integers only */

bool geo_in_huli(double lon, double lat); /* the sanity box: 118.05..118.22, 24.46..24.57 WGS 84 */
