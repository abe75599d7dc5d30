#include "hub/geo/outline_private.h"

#include "hub/base/buffer.h"

#include <math.h>
#include <string.h>

enum { SIMPLER_MOST = 16 };

#define SIMPLER 1e-6 /* degree: the first step, 11 cm; each next one is twice as long */

typedef struct {
        GEOSContextHandle_t geos;
        Buffer *out;
} Writing;

static void degree_write(Buffer *out, double degree)
{
        char text[32];
        int size = snprintf(text, sizeof(text), "%.7f", degree);

        while (text[size - 1] == '0')
                size--;
        size -= text[size - 1] == '.';
        buffer_add(out, strcmp(text, "-0.0000000") == 0 ? "0" : text, size == 2 && text[0] == '-' ? 1 : (size_t)size);
}

static void comma_write(const Writing *writing, unsigned i)
{
        if (i)
                buffer_byte(writing->out, ',');
}

static void corner_write(const Writing *writing, const GEOSCoordSequence *corners, unsigned i)
{
        double lon, lat;

        GEOSCoordSeq_getXY_r(writing->geos, corners, i, &lon, &lat);
        buffer_byte(writing->out, '[');
        degree_write(writing->out, lon);
        buffer_byte(writing->out, ',');
        degree_write(writing->out, lat);
        buffer_byte(writing->out, ']');
}

static void line_write(const Writing *writing, const GEOSGeometry *line)
{
        const GEOSCoordSequence *corners = GEOSGeom_getCoordSeq_r(writing->geos, line);
        unsigned size = 0;

        GEOSCoordSeq_getSize_r(writing->geos, corners, &size);
        buffer_byte(writing->out, '[');
        for (unsigned i = 0; i < size; i++) {
                comma_write(writing, i);
                corner_write(writing, corners, i);
        }
        buffer_byte(writing->out, ']');
}

static void polygon_write(const Writing *writing, const GEOSGeometry *polygon)
{
        const int holes = GEOSGetNumInteriorRings_r(writing->geos, polygon);

        buffer_byte(writing->out, '[');
        line_write(writing, GEOSGetExteriorRing_r(writing->geos, polygon));
        for (int i = 0; i < holes; i++) {
                buffer_byte(writing->out, ',');
                line_write(writing, GEOSGetInteriorRingN_r(writing->geos, polygon, i));
        }
        buffer_byte(writing->out, ']');
}

static void point_write(const Writing *writing, const GEOSGeometry *point)
{
        corner_write(writing, GEOSGeom_getCoordSeq_r(writing->geos, point), 0);
}

typedef void PartWrite(const Writing *writing, const GEOSGeometry *part);

static void parts_write(const Writing *writing, const GEOSGeometry *shape, PartWrite *part_write)
{
        const int size = GEOSGetNumGeometries_r(writing->geos, shape);

        buffer_byte(writing->out, '[');
        for (int i = 0; i < size; i++) {
                comma_write(writing, (unsigned)i);
                part_write(writing, GEOSGetGeometryN_r(writing->geos, shape, i));
        }
        buffer_byte(writing->out, ']');
}

static void shape_write(const Writing *writing, const GEOSGeometry *shape)
{
        static const struct {
                const char *name;
                PartWrite *write;
                bool is_many;
        } kinds[] = {
                [GEOS_POINT] = { "Point", point_write, false },
                [GEOS_LINESTRING] = { "LineString", line_write, false },
                [GEOS_POLYGON] = { "Polygon", polygon_write, false },
                [GEOS_MULTIPOINT] = { "MultiPoint", point_write, true },
                [GEOS_MULTILINESTRING] = { "MultiLineString", line_write, true },
                [GEOS_MULTIPOLYGON] = { "MultiPolygon", polygon_write, true },
        };
        const int kind = GEOSGeomTypeId_r(writing->geos, shape);

        buffer_clear(writing->out);
        if (kind < 0 || (size_t)kind >= sizeof(kinds) / sizeof(kinds[0]) || !kinds[kind].name)
                return;
        buffer_format(writing->out, "{\"type\":\"%s\",\"coordinates\":", kinds[kind].name);
        if (kinds[kind].is_many)
                parts_write(writing, shape, kinds[kind].write);
        else
                kinds[kind].write(writing, shape);
        buffer_byte(writing->out, '}');
}

/* Simplified on its own grid again, and wound as it was. */
static void simpler_write(const Writing *writing, const Outline *outline, double by)
{
        GEOSGeometry *simpler = GEOSTopologyPreserveSimplify_r(writing->geos, outline->shape, by);

        if (simpler)
                shape_write(writing, simpler);
        GEOSGeom_destroy_r(writing->geos, simpler);
}

const char *outline_text(const Outline *outline, Arena *arena)
{
        CLEANUP(buffer_free) Buffer out = { 0 };
        const Writing writing = { outline->geos, &out };

        shape_write(&writing, outline->shape);
        for (int i = 0; out.size > OUTLINE_TEXT_MOST && i < SIMPLER_MOST; i++)
                simpler_write(&writing, outline, ldexp(SIMPLER, i));
        return out.size && out.size <= OUTLINE_TEXT_MOST ? arena_copy(arena, out.bytes, out.size) : NULL;
}
