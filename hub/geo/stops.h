#pragma once

/*
 * The site's stops: places where vehicles may be left, or, in a file of their own, where they may not. Which of them is
 * nearest, and how far away: inside of an area, or within the radius of a point or a line, it is 0.
 *
 * A GeoJSON FeatureCollection (or an MDS geography around one), each feature an area, a line or a point in WGS 84 unless its
 * properties say `crs`; `name`, for people, and `radius_m` (of points and lines 10, of areas 0). Or a table, FILE.csv, of points:
 * stop,lon,lat,crs,radius_m. What is wrong in the file is ERR_FATAL with the number of the feature, from 1, or of the line.
 */

#include "hub/base/options.h"

typedef struct Stops Stops;

Stops *stops_load(const char *path, Error *err);
void stops_free(Stops *stops);

/* Metres to the nearest, within 0.1 %, and its name ("": none), which is the registry's. Of several the one that stands first. */
double stops_away(const Stops *stops, double lon, double lat, const char **name);

extern const OptionKind stops_option; /* an OPTION_CUSTOM field of type Stops * */
