#include "hub/geo/local_grid.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <math.h>
#include <proj.h>
#include <stdlib.h>
#include <string.h>

struct LocalGrid {
        PJ_CONTEXT *context;
        PJ *conversion; /* from the grid to WGS 84: easting, northing; longitude, latitude in degrees */
};

/* Metres out and back differ by less where a place is on the grid at all. */
static const double same_m = 0.01;

static bool is_projected(PJ_CONTEXT *context, const char *text)
{
        PJ *system = proj_create(context, text);
        PJ_TYPE type = system ? proj_get_type(system) : PJ_TYPE_UNKNOWN;
        PJ *bound = type == PJ_TYPE_BOUND_CRS ? proj_get_source_crs(context, system) : NULL;

        type = bound ? proj_get_type(bound) : type;
        proj_destroy(bound);
        proj_destroy(system);
        return type == PJ_TYPE_PROJECTED_CRS;
}

/* Axes in the order in which people write them, whatever the code's own order is. */
static PJ *conversion_make(PJ_CONTEXT *context, const char *text)
{
        PJ *made = proj_create_crs_to_crs(context, text, "+proj=longlat +datum=WGS84 +no_defs +type=crs", NULL);
        PJ *turned = made ? proj_normalize_for_visualization(context, made) : NULL;

        proj_destroy(made);
        return turned;
}

LocalGrid *local_grid_open(const char *text, Error *err)
{
        CLEANUP(mem_drop)
        char *system = text_format("%s%s", text, text[0] == '+' && !strstr(text, "+type=crs") ? " +type=crs" : "");
        LocalGrid *grid = mem_new(sizeof(*grid));

        grid->context = proj_context_create();
        proj_log_level(grid->context, PJ_LOG_NONE);
        proj_context_set_enable_network(grid->context, 0);
        if (is_projected(grid->context, system))
                grid->conversion = conversion_make(grid->context, system);
        if (grid->conversion)
                return grid;
        local_grid_close(grid);
        error_set(err, ERR_FATAL, NULL, "\"%s\" is no projected grid that PROJ knows", text);
        return NULL;
}

void local_grid_close(LocalGrid *grid)
{
        if (!grid)
                return;
        proj_destroy(grid->conversion);
        proj_context_destroy(grid->context);
        free(grid);
}

static bool is_place(PJ_COORD at)
{
        return isfinite(at.xy.x) && isfinite(at.xy.y) && fabs(at.xy.x) <= 180 && fabs(at.xy.y) <= 90;
}

bool local_grid_to_wgs84(const LocalGrid *grid, double east, double north, double *lon, double *lat)
{
        PJ_COORD at = proj_trans(grid->conversion, PJ_FWD, proj_coord(east, north, 0, 0));
        PJ_COORD back = is_place(at) ? proj_trans(grid->conversion, PJ_INV, at) : at;

        if (!is_place(at) || !(fabs(back.xy.x - east) < same_m) || !(fabs(back.xy.y - north) < same_m))
                return false;
        *lon = at.xy.x;
        *lat = at.xy.y;
        return true;
}

bool local_grid_from_wgs84(const LocalGrid *grid, double lon, double lat, double *east, double *north)
{
        PJ_COORD at = proj_trans(grid->conversion, PJ_INV, proj_coord(lon, lat, 0, 0));

        if (!isfinite(at.xy.x) || !isfinite(at.xy.y))
                return false;
        *east = at.xy.x;
        *north = at.xy.y;
        return true;
}
