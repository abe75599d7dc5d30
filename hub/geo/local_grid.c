#include "hub/geo/local_grid.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/geo/proj_library.h"

#include <math.h>
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
        const Proj *proj = proj_library();
        PJ *system = proj->proj_create(context, text);
        PJ_TYPE type = system ? proj->proj_get_type(system) : PJ_TYPE_UNKNOWN;
        PJ *bound = type == PJ_TYPE_BOUND_CRS ? proj->proj_get_source_crs(context, system) : NULL;

        type = bound ? proj->proj_get_type(bound) : type;
        proj->proj_destroy(bound);
        proj->proj_destroy(system);
        return type == PJ_TYPE_PROJECTED_CRS;
}

/* Axes in the order in which people write them, whatever the code's own order is. */
static PJ *conversion_make(PJ_CONTEXT *context, const char *text)
{
        const Proj *proj = proj_library();
        PJ *made = proj->proj_create_crs_to_crs(context, text, "+proj=longlat +datum=WGS84 +no_defs +type=crs", NULL);
        PJ *turned = made ? proj->proj_normalize_for_visualization(context, made) : NULL;

        proj->proj_destroy(made);
        return turned;
}

LocalGrid *local_grid_open(const char *text, Error *err)
{
        const Proj *proj = proj_library();
        CLEANUP(mem_drop)
        char *system = text_format("%s%s", text, text[0] == '+' && !strstr(text, "+type=crs") ? " +type=crs" : "");
        LocalGrid *grid = mem_new(sizeof(*grid));

        grid->context = proj->proj_context_create();
        proj->proj_log_level(grid->context, PJ_LOG_NONE);
        proj->proj_context_set_enable_network(grid->context, 0);
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
        const Proj *proj = proj_library();
        if (!grid)
                return;
        proj->proj_destroy(grid->conversion);
        proj->proj_context_destroy(grid->context);
        free(grid);
}

static bool is_place(PJ_COORD at)
{
        return isfinite(at.xy.x) && isfinite(at.xy.y) && fabs(at.xy.x) <= 180 && fabs(at.xy.y) <= 90;
}

bool local_grid_to_wgs84(const LocalGrid *grid, double east, double north, double *lon, double *lat)
{
        const Proj *proj = proj_library();
        PJ_COORD at = proj->proj_trans(grid->conversion, PJ_FWD, proj->proj_coord(east, north, 0, 0));
        PJ_COORD back = is_place(at) ? proj->proj_trans(grid->conversion, PJ_INV, at) : at;

        if (!is_place(at) || !(fabs(back.xy.x - east) < same_m) || !(fabs(back.xy.y - north) < same_m))
                return false;
        *lon = at.xy.x;
        *lat = at.xy.y;
        return true;
}

bool local_grid_from_wgs84(const LocalGrid *grid, double lon, double lat, double *east, double *north)
{
        const Proj *proj = proj_library();
        PJ_COORD at = proj->proj_trans(grid->conversion, PJ_INV, proj->proj_coord(lon, lat, 0, 0));

        if (!isfinite(at.xy.x) || !isfinite(at.xy.y))
                return false;
        *east = at.xy.x;
        *north = at.xy.y;
        return true;
}
