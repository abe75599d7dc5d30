#pragma once

/*
 * The gazetteer (messages.md section 7): CSV with name,kind,lon,lat,crs,radius_m; positions are turned to WGS 84 on loading. For reports
 * that have only words. Other names of a place stand in its cell, parted by "|". Kinds, from the finest on: house, crossing,
 * estate and landmark (as fine as each other), road, area.
 *
 * Of several names at one place of a text the longest counts ("枋湖南路与金湖路交叉口" is neither road), and of all that a text names the
 * finest kind; a number runs to its end ("1号" is not named by "21号"), and a road that has another side before its name is another one ("枋湖路" in
 * "南枋湖路"). What names two places of the finest kind, one name that two rows have, or places too far apart to be one, names
 * none: better no position than a wrong one.
 *
 * radius_m is how far the place reaches from its position. Words alone are good to GAZETTEER_LEAST_M at best, unless they name a house or a
 * crossing.
 */

#include "hub/base/error.h"

#include <stddef.h>

enum { GAZETTEER_LEAST_M = 500 };

typedef struct Gazetteer Gazetteer;

typedef struct {
        const char *name; /* the row's own, borrowed */
        double lon, lat;  /* WGS 84 */
        double accuracy_m;
} GazetteerPlace;

Gazetteer *gazetteer_load(const char *path, Error *err); /* ERR_FATAL with file and line */

/* What the texts name, the first of them that names anything; NULL where that is nothing, or no one place. Texts may be NULL. */
const GazetteerPlace *gazetteer_find(const Gazetteer *gazetteer, const char *const *texts, size_t size);
void gazetteer_free(Gazetteer *gazetteer);
