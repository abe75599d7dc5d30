#pragma once

/*
 * Regions: which district, subdistrict, community and grid a place lies in, over GEOS (nobody else includes it). A GeoJSON
 * FeatureCollection in WGS 84; each feature's properties are `level` (district, subdistrict, community or grid), `id` (what the event
 * says), and `name`, for people. What is wrong in the file is ERR_FATAL with the feature's number, from 1.
 *
 * A place on a border belongs to the region that stands first in the file: the same file gives the same answer. The
 * regions of level district and subdistrict are the district: what none of them covers lies outside.
 */

#include "hub/base/error.h"

#include <stdbool.h>

typedef struct Regions Regions;

typedef struct {
        const char *district, *subdistrict, *community,
                *grid; /* borrowed from the regions; NULL: none covers the place */
} RegionPlace;

Regions *regions_load(const char *path, Error *err);
RegionPlace regions_find(const Regions *regions, double lon, double lat);
void regions_free(Regions *regions);
