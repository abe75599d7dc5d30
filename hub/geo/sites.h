#pragma once

/*
 * The registry of monitoring sites (messages.md section 7): CSV with mn,name,lon,lat,crs,factor,unit,limit,period and, at will,
 * kind. A row is what one device measures of one factor, in the unit in which the device tells it and in which the limit is
 * written; a row without factor is a device alone. Positions are turned to WGS 84 on loading; one row of a device may have it.
 *
 * limit may be empty: measured, not judged. period says which readings it judges: `rtd` the momentary ones, 10min, 1h, 1d the
 * means of about so long; empty: all. kind: dust, fume or noise; empty: as the factor says.
 */

#include "hub/geo/registry.h"

#include <stdint.h>

enum { SITE_PERIOD_ALL = -1, SITE_PERIOD_MOMENT = 0 };

typedef struct Site {
        const char *mn, *name, *factor, *unit, *period, *kind; /* "" when empty; borrowed from the registry */
        double limit;                                          /* NAN: none */
        int64_t period_ms;                                     /* or SITE_PERIOD_* */
        RegistryPosition at;                                   /* in the first row of a device: the device's */
        const struct Site *next;                               /* of the same device, in the order of the file */
} Site;

typedef struct Sites Sites;

Sites *sites_load(const char *path, Error *err); /* ERR_FATAL with file and line */
const Site *sites_find(const Sites *sites,
                       const char *mn); /* the first row of that device; NULL: unknown, or no registry */
void sites_free(Sites *sites);

extern const OptionKind sites_option; /* an OPTION_CUSTOM field of type Sites * */
