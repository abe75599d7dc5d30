#include "hub/geo/outline_private.h"

#include "hub/geo/proj_library.h"

#include <math.h>
#include <stdlib.h>

#define GRID 1e-7 /* degree: 11 mm */

/* GRS 80 and WGS 84 differ by less than the grid. */
#define AXIS       6378137.0
#define FLATTENING (1 / 298.257223563)

void outline_free(Outline *outline)
{
        if (!outline)
                return;
        if (outline->shape)
                GEOSGeom_destroy_r(outline->geos, outline->shape);
        GEOS_finish_r(outline->geos);
        free(outline);
}

void outline_drop(Outline **outline)
{
        outline_free(*outline);
        *outline = NULL;
}

static bool refuse(Error *err, const char *why)
{
        return error_set(err, ERR_INPUT, "bad_position", "%s", why);
}

/* The next shape in place of the last one, which may be NULL: GEOS failed. */
static bool shape_become(Outline *outline, GEOSGeometry *next, const char *why, Error *err)
{
        if (next)
                GEOSGeom_destroy_r(outline->geos, outline->shape);
        outline->shape = next ? next : outline->shape;
        return next || refuse(err, why);
}

static bool is_area(const Outline *outline)
{
        return GEOSGeom_getDimensions_r(outline->geos, outline->shape) == 2;
}

/* ---- to WGS 84 ---- */

typedef struct {
        Crs crs;
        const char *wrong;
} Turning;

static int corner_turn(double *x, double *y, void *context)
{
        Turning *turning = context;
        bool swapped;

        if (!turning->wrong && !position_turn(turning->crs, *x, *y, x, y, &swapped))
                turning->wrong = swapped ? "latitude and longitude look swapped" : "a corner is no place";
        return !turning->wrong;
}

static bool turn(Outline *outline, Crs crs, Error *err)
{
        Turning turning = { .crs = crs };
        GEOSGeometry *turned = GEOSGeom_transformXY_r(outline->geos, outline->shape, corner_turn, &turning);

        if (turning.wrong && turned)
                GEOSGeom_destroy_r(outline->geos, turned);
        return shape_become(outline, turning.wrong ? NULL : turned, turning.wrong ? turning.wrong : "no geometry", err);
}

/* ---- in order ---- */

/* Its areas alone: a repair leaves lines behind where an area was folded to one. */
static GEOSGeometry *areas_of(const Outline *outline, const GEOSGeometry *shape)
{
        const int size = GEOSGetNumGeometries_r(outline->geos, shape);
        GEOSGeometry **parts = mem_new(((size_t)size + 1) * sizeof(GEOSGeometry *));
        unsigned found = 0;
        GEOSGeometry *areas = NULL;

        for (int i = 0; i < size; i++) {
                const GEOSGeometry *part = GEOSGetGeometryN_r(outline->geos, shape, i);

                if (GEOSGeomTypeId_r(outline->geos, part) == GEOS_MULTIPOLYGON) {
                        free(parts);
                        return areas_of(outline, part); /* a collection holds one at most */
                }
                if (GEOSGeomTypeId_r(outline->geos, part) == GEOS_POLYGON && GEOSisEmpty_r(outline->geos, part) == 0)
                        parts[found++] = GEOSGeom_clone_r(outline->geos, part);
        }
        if (found == 1)
                areas = parts[0];
        else if (found)
                areas = GEOSGeom_createCollection_r(outline->geos, GEOS_MULTIPOLYGON, parts, found);
        free(parts);
        return areas;
}

static bool areas_keep(Outline *outline, GEOSGeometry *shape, Error *err)
{
        GEOSGeometry *areas = shape ? areas_of(outline, shape) : NULL;

        if (shape)
                GEOSGeom_destroy_r(outline->geos, shape);
        return shape_become(outline, areas, "an area without area", err);
}

static bool repair(Outline *outline, Error *err)
{
        if (GEOSisValid_r(outline->geos, outline->shape) == 1)
                return true;
        if (!outline_repairable(outline))
                return error_set(err, ERR_INPUT, "too_large", "an area that crosses itself too often to be repaired");
        return areas_keep(outline, outline_repaired(outline), err);
}

/* GEOS' own order has shells clockwise. */
static bool wind(Outline *outline, Error *err)
{
        return GEOSNormalize_r(outline->geos, outline->shape) >= 0 &&
               shape_become(outline, GEOSReverse_r(outline->geos, outline->shape), "no geometry", err);
}

static bool area_order(Outline *outline, Error *err)
{
        return repair(outline, err) &&
               areas_keep(outline, GEOSGeom_setPrecision_r(outline->geos, outline->shape, GRID, 0), err) &&
               wind(outline, err);
}

static bool line_order(Outline *outline, Error *err)
{
        return shape_become(outline, GEOSGeom_setPrecision_r(outline->geos, outline->shape, GRID, GEOS_PREC_NO_TOPO),
                            "no geometry", err);
}

static bool order(Outline *outline, Crs crs, Error *err)
{
        if (!outline->shape || GEOSisEmpty_r(outline->geos, outline->shape) != 0 ||
            GEOSGeomTypeId_r(outline->geos, outline->shape) == GEOS_GEOMETRYCOLLECTION)
                return refuse(err, "no geometry");
        if (GEOSGetNumCoordinates_r(outline->geos, outline->shape) > OUTLINE_POINTS_MOST)
                return error_set(err, ERR_INPUT, "too_large", "more than %d corners", OUTLINE_POINTS_MOST);
        if (!turn(outline, crs, err))
                return false;
        return is_area(outline) ? area_order(outline, err) : line_order(outline, err);
}

Outline *outline_of(GEOSContextHandle_t geos, GEOSGeometry *shape, Crs crs, Error *err)
{
        Outline *outline = mem_new(sizeof(Outline));

        *outline = (Outline){ geos, shape };
        if (order(outline, crs, err))
                return outline;
        outline_free(outline);
        return NULL;
}

/* ---- sums ---- */

void outline_point(const Outline *outline, double *lon, double *lat)
{
        GEOSGeometry *point = GEOSPointOnSurface_r(outline->geos, outline->shape);

        *lon = *lat = nan("");
        if (!point)
                return;
        GEOSGeomGetX_r(outline->geos, point, lon);
        GEOSGeomGetY_r(outline->geos, point, lat);
        GEOSGeom_destroy_r(outline->geos, point);
}

static double ring_area(const Outline *outline, const struct geod_geodesic *earth, const GEOSGeometry *ring)
{
        const Proj *proj = proj_library();
        const GEOSCoordSequence *corners = GEOSGeom_getCoordSeq_r(outline->geos, ring);
        struct geod_polygon polygon;
        unsigned size = 0;
        double area = 0;

        GEOSCoordSeq_getSize_r(outline->geos, corners, &size);
        proj->geod_polygon_init(&polygon, 0);
        for (unsigned i = 0; i + 1 < size; i++) {
                double lon, lat;

                GEOSCoordSeq_getXY_r(outline->geos, corners, i, &lon, &lat);
                proj->geod_polygon_addpoint(earth, &polygon, lat, lon);
        }
        proj->geod_polygon_compute(earth, &polygon, 0, 1, &area, NULL);
        return area;
}

/* Holes run the other way: their areas are negative. */
double outline_area_m2(const Outline *outline)
{
        const Proj *proj = proj_library();
        const int size = is_area(outline) ? GEOSGetNumGeometries_r(outline->geos, outline->shape) : 0;
        struct geod_geodesic earth;
        double area = 0;

        proj->geod_init(&earth, AXIS, FLATTENING);
        for (int i = 0; i < size; i++) {
                const GEOSGeometry *part = GEOSGetGeometryN_r(outline->geos, outline->shape, i);

                area += ring_area(outline, &earth, GEOSGetExteriorRing_r(outline->geos, part));
                for (int hole = 0; hole < GEOSGetNumInteriorRings_r(outline->geos, part); hole++)
                        area += ring_area(outline, &earth, GEOSGetInteriorRingN_r(outline->geos, part, hole));
        }
        return area;
}

/* In square degrees: of two areas at one place the share is the same. */
static double degrees_area(const Outline *outline, const GEOSGeometry *shape)
{
        double area = 0;

        return shape && GEOSArea_r(outline->geos, shape, &area) == 1 ? area : 0;
}

double outline_overlap(const Outline *one, const Outline *other)
{
        const double larger = fmax(degrees_area(one, one->shape), degrees_area(other, other->shape));
        GEOSGeometry *common = larger > 0 ? GEOSIntersection_r(one->geos, one->shape, other->shape) : NULL;
        const double share = common ? degrees_area(one, common) / larger : 0;

        if (common)
                GEOSGeom_destroy_r(one->geos, common);
        return fmin(share, 1);
}
