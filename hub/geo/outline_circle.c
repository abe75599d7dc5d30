#include "hub/geo/outline_private.h"

#include "hub/base/text.h"
#include "hub/geo/proj_library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CIRCLE_CORNERS = 64, NUMBER_MOST = 64 };

#define AXIS           6378137.0
#define FLATTENING     (1 / 298.257223563)
#define RADIUS_MOST_KM 5000.0
#define M_IN_KM        1000.0

/* Its first corner again at its end; NULL: it goes round a pole or over the date line. */
static GEOSGeometry *circle_make(GEOSContextHandle_t geos, double lon, double lat, double radius_m)
{
        const Proj *proj = proj_library();
        double corners[2 * (CIRCLE_CORNERS + 1)];
        struct geod_geodesic earth;
        GEOSGeometry *ring;

        proj->geod_init(&earth, AXIS, FLATTENING);
        for (size_t i = 0; i <= CIRCLE_CORNERS; i++) {
                double *corner = corners + 2 * i;

                proj->geod_direct(&earth, lat, lon, 360.0 / CIRCLE_CORNERS * (double)(i % CIRCLE_CORNERS), radius_m,
                                  corner + 1, corner, NULL);
                if (fabs(corner[0] - lon) > 90)
                        return NULL;
        }
        ring = GEOSGeom_createLinearRing_r(geos,
                                           GEOSCoordSeq_copyFromBuffer_r(geos, corners, CIRCLE_CORNERS + 1, 0, 0));
        return ring ? GEOSGeom_createPolygon_r(geos, ring, NULL, 0) : NULL;
}

static bool numbers_read(const char *text, double numbers[3])
{
        char copy[NUMBER_MOST];

        for (size_t i = 0; i < 3; i++) {
                const size_t size = strspn(text, "+-.0123456789eE");

                if (!size || size >= sizeof(copy))
                        return false;
                memcpy(copy, text, size);
                copy[size] = '\0';
                if (!text_read_number(copy, &numbers[i]))
                        return false;
                text += size + strspn(text + size, ", \t\r\n");
        }
        return !*text;
}

Outline *outline_circle(Crs crs, const char *circle, bool lat_first, Error *err)
{
        GEOSContextHandle_t geos = GEOS_init_r();
        GEOSGeometry *shape = NULL;
        double numbers[3], lon, lat;
        bool swapped;

        if (!geos)
                abort();
        if (numbers_read(circle, numbers) && numbers[2] >= 0 && numbers[2] <= RADIUS_MOST_KM &&
            position_turn(crs, numbers[lat_first], numbers[!lat_first], &lon, &lat, &swapped))
                shape = numbers[2] > 0 ? circle_make(geos, lon, lat, numbers[2] * M_IN_KM)
                                       : GEOSGeom_createPointFromXY_r(geos, lon, lat);
        return outline_of(geos, shape, CRS_WGS84, err);
}

/* ---- several ---- */

bool outlines_add(Outlines *outlines, Outline *outline)
{
        if (!outline)
                return false;
        outlines->items = mem_resize(outlines->items, (outlines->size + 1) * sizeof(Outline *));
        outlines->items[outlines->size++] = outline;
        return true;
}

void outlines_free(Outlines *outlines)
{
        for (size_t i = 0; i < outlines->size; i++)
                outline_free(outlines->items[i]);
        free(outlines->items);
}

static size_t areas_count(const Outlines *outlines)
{
        size_t found = 0;

        for (size_t i = 0; i < outlines->size; i++) {
                const Outline *one = outlines->items[i];

                if (GEOSGeom_getDimensions_r(one->geos, one->shape) == 2)
                        found += (size_t)GEOSGetNumGeometries_r(one->geos, one->shape);
        }
        return found;
}

static GEOSGeometry *areas_take(GEOSContextHandle_t geos, const Outlines *outlines, size_t count)
{
        CLEANUP(mem_drop) GEOSGeometry **parts = mem_new(count * sizeof(GEOSGeometry *));
        unsigned found = 0;

        for (size_t i = 0; i < outlines->size; i++) {
                const GEOSGeometry *shape = outlines->items[i]->shape;

                if (GEOSGeom_getDimensions_r(geos, shape) != 2)
                        continue;
                for (int k = 0; k < GEOSGetNumGeometries_r(geos, shape); k++)
                        parts[found++] = GEOSGeom_clone_r(geos, GEOSGetGeometryN_r(geos, shape, k));
        }
        return GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, parts, found);
}

Outline *outlines_together(const Outlines *outlines, Error *err)
{
        GEOSContextHandle_t geos = GEOS_init_r();
        const size_t count = areas_count(outlines);
        GEOSGeometry *shape = NULL;

        if (!geos)
                abort();
        if (count)
                shape = areas_take(geos, outlines, count);
        else if (outlines->size)
                shape = GEOSGeom_clone_r(geos, outlines->items[0]->shape);
        return outline_of(geos, shape, CRS_WGS84, err);
}
