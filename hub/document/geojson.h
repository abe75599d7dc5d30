#pragma once

/*
 * The system that a file of GeoJSON names at its beginning, as was usual before RFC 7946: "crs": {"type": "name", "properties": {"name":
 * "urn:ogc:def:crs:EPSG::4490"}}. EPSG:4490 is CGCS2000, 4326 and CRS84 are WGS 84; of a local grid only a person can say which it is.
 */

#include "hub/adapter.h"
#include "hub/geo/crs.h"

/* Whether it names another one than `crs`; false where it names none, and of a local grid. In UTF-16, too. */
bool geojson_is_of_another(const Record *record, Crs crs);
