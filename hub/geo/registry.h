#pragma once

/* What the site's tables of places have in common: a row's lon, lat and crs, turned to WGS 84. */

#include "hub/base/csv.h"
#include "hub/base/map.h"
#include "hub/geo/crs.h"

#include <stdbool.h>

typedef struct {
        double lon, lat; /* WGS 84 */
        const char *raw_lon, *raw_lat;
        Crs crs;
        bool positioned; /* both cells may be empty or "-" */
} RegistryPosition;

const char *registry_cell(const Csv *table, size_t row, const char *column); /* "" where there is none */
bool registry_is_absent(const char *text);                                   /* "" or "-" */

/* ERR_FATAL with file and line. The texts are the table's; systems, by their names, are made once and the map's. */
bool registry_position(const Csv *table, size_t row, Map *systems, RegistryPosition *position, Error *err);
void registry_systems_free(Map *systems);
