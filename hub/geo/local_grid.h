#pragma once

/*
 * A projected grid by PROJ (proj.org): metres to WGS 84 and back. The string names the projection, as "+proj=tmerc
 * +lon_0=118.5 +x_0=500000 +ellps=GRS80", or a code, as "EPSG:4549"; CGCS2000 is its GRS80 ellipsoid without a shift. The
 * conversion is made once (some 50 ms) and kept. Used by one thread at a time.
 */

#include "hub/base/error.h"

typedef struct LocalGrid LocalGrid;

LocalGrid *local_grid_open(const char *text,
                           Error *err); /* ERR_FATAL: PROJ does not know it, or it is no grid in metres */
void local_grid_close(LocalGrid *grid);

/* False: no place on this grid. */
bool local_grid_to_wgs84(const LocalGrid *grid, double east, double north, double *lon, double *lat);
bool local_grid_from_wgs84(const LocalGrid *grid, double lon, double lat, double *east, double *north);
