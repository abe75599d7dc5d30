#include "hub/geo/outline_private.h"

#include "hub/base/buffer.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { WKT_DEPTH_MOST = 4, NUMBER_MOST = 64 };

typedef struct {
        GEOSContextHandle_t geos;
        size_t points;
        Buffer corners; /* double[]: x, y of the ring or line at hand */
} Reading;

/* GEOS tells what it refuses by giving nothing; why it does is a text of its own tongue. */
static GEOSContextHandle_t geos_open(void)
{
        GEOSContextHandle_t geos = GEOS_init_r();

        if (!geos)
                abort();
        return geos;
}

static bool corner_add(Reading *reading, double x, double y)
{
        const double corner[] = { x, y };

        buffer_add(&reading->corners, corner, sizeof(corner));
        return ++reading->points <= OUTLINE_POINTS_MOST + 1; /* one too many is told as too many */
}

static GEOSCoordSequence *corners_take(Reading *reading)
{
        const size_t size = reading->corners.size / (2 * sizeof(double));
        CLEANUP(mem_drop) double *corners = mem_copy(reading->corners.bytes, reading->corners.size); /* aligned */

        buffer_clear(&reading->corners);
        return size ? GEOSCoordSeq_copyFromBuffer_r(reading->geos, corners, (unsigned)size, 0, 0) : NULL;
}

static void ring_close(Reading *reading)
{
        const size_t corner = 2 * sizeof(double);
        Buffer *corners = &reading->corners;

        if (corners->size <= corner || memcmp(corners->bytes, corners->bytes + corners->size - corner, corner) == 0)
                return;
        buffer_room(corners, corner);
        buffer_add(corners, corners->bytes, corner);
}

static GEOSGeometry *ring_make(Reading *reading)
{
        GEOSCoordSequence *corners;

        ring_close(reading);
        corners = corners_take(reading);
        return corners ? GEOSGeom_createLinearRing_r(reading->geos, corners) : NULL;
}

/* ---- GeoJSON ---- */

static bool number_of(const json_t *json, double *number)
{
        *number = json_number_value(json);
        return json_is_number(json) || (json_is_string(json) && text_read_number(json_string_value(json), number));
}

static bool corner_of(Reading *reading, const json_t *position)
{
        double x, y;

        return json_is_array(position) && number_of(json_array_get(position, 0), &x) &&
               number_of(json_array_get(position, 1), &y) && corner_add(reading, x, y);
}

static bool corners_of(Reading *reading, const json_t *positions)
{
        const json_t *position;
        size_t i;

        buffer_clear(&reading->corners);
        json_array_foreach(positions, i, position)
                if (!corner_of(reading, position))
                        return false;
        return json_is_array(positions);
}

static GEOSGeometry *point_of(Reading *reading, const json_t *position)
{
        GEOSCoordSequence *corner;

        buffer_clear(&reading->corners);
        corner = corner_of(reading, position) ? corners_take(reading) : NULL;
        return corner ? GEOSGeom_createPoint_r(reading->geos, corner) : NULL;
}

static GEOSGeometry *line_of(Reading *reading, const json_t *positions)
{
        GEOSCoordSequence *corners = corners_of(reading, positions) ? corners_take(reading) : NULL;

        return corners ? GEOSGeom_createLineString_r(reading->geos, corners) : NULL;
}

static GEOSGeometry *ring_of(Reading *reading, const json_t *positions)
{
        return corners_of(reading, positions) ? ring_make(reading) : NULL;
}

typedef GEOSGeometry *PartOf(Reading *reading, const json_t *json);

static void parts_free(const Reading *reading, GEOSGeometry **parts, size_t size)
{
        for (size_t i = 0; i < size; i++)
                GEOSGeom_destroy_r(reading->geos, parts[i]);
        free(parts);
}

/* All of them, or NULL. */
static GEOSGeometry **parts_of(Reading *reading, const json_t *list, PartOf *part_of)
{
        const size_t size = json_array_size(list);
        GEOSGeometry **parts = mem_new((size + 1) * sizeof(GEOSGeometry *));

        for (size_t i = 0; i < size; i++) {
                parts[i] = part_of(reading, json_array_get(list, i));
                if (!parts[i]) {
                        parts_free(reading, parts, i);
                        return NULL;
                }
        }
        if (size)
                return parts;
        free(parts);
        return NULL;
}

static GEOSGeometry *polygon_of(Reading *reading, const json_t *rings)
{
        GEOSGeometry **parts = parts_of(reading, rings, ring_of), *polygon = NULL;

        if (parts)
                polygon = GEOSGeom_createPolygon_r(reading->geos, parts[0], parts + 1,
                                                   (unsigned)json_array_size(rings) - 1);
        free(parts);
        return polygon;
}

static GEOSGeometry *many_of(Reading *reading, const json_t *list, PartOf *part_of, int type)
{
        GEOSGeometry **parts = parts_of(reading, list, part_of), *many = NULL;

        if (parts)
                many = GEOSGeom_createCollection_r(reading->geos, type, parts, (unsigned)json_array_size(list));
        free(parts);
        return many;
}

static GEOSGeometry *geometry_of(Reading *reading, const json_t *geometry)
{
        static const struct {
                const char *name;
                PartOf *part_of;
                int many; /* type of the collection, -1: none */
        } kinds[] = {
                { "Point", point_of, -1 },
                { "LineString", line_of, -1 },
                { "Polygon", polygon_of, -1 },
                { "MultiPoint", point_of, GEOS_MULTIPOINT },
                { "MultiLineString", line_of, GEOS_MULTILINESTRING },
                { "MultiPolygon", polygon_of, GEOS_MULTIPOLYGON },
        };
        const json_t *list = json_object_get(geometry, "coordinates");
        const char *type = json_string_value(json_object_get(geometry, "type"));

        for (size_t i = 0; type && i < sizeof(kinds) / sizeof(kinds[0]); i++)
                if (text_same(kinds[i].name, type))
                        return kinds[i].many < 0 ? kinds[i].part_of(reading, list)
                                                 : many_of(reading, list, kinds[i].part_of, kinds[i].many);
        return NULL;
}

static Outline *read_end(Reading *reading, GEOSGeometry *shape, Crs crs, Error *err)
{
        buffer_free(&reading->corners);
        if (reading->points <= OUTLINE_POINTS_MOST)
                return outline_of(reading->geos, shape, crs, err);
        if (shape)
                GEOSGeom_destroy_r(reading->geos, shape);
        GEOS_finish_r(reading->geos);
        (void)error_set(err, ERR_INPUT, "too_large", "more than %d corners", OUTLINE_POINTS_MOST);
        return NULL;
}

/* What is drawn in several pieces (RFC 7946 section 3.1.8). */
static Outline *collection_of(Crs crs, const json_t *pieces, Error *err)
{
        CLEANUP(outlines_free) Outlines all = { 0 };
        const json_t *piece;
        size_t i;

        json_array_foreach(pieces, i, piece)
                if (!outlines_add(&all, outline_geojson(crs, piece, err)))
                        return NULL;
        return outlines_together(&all, err);
}

Outline *outline_geojson(Crs crs, const json_t *geometry, Error *err)
{
        Reading reading = { 0 };

        if (text_same(json_string_value(json_object_get(geometry, "type")), "GeometryCollection"))
                return collection_of(crs, json_object_get(geometry, "geometries"), err);
        reading.geos = geos_open();
        return read_end(&reading, geometry_of(&reading, geometry), crs, err);
}

/* ---- WKT ---- */

/* GEOS goes down a step for each parenthesis, and would leave the stack. */
static bool is_shallow(const char *text)
{
        int depth = 0, deepest = 0;

        for (; *text; text++) {
                depth += (*text == '(') - (*text == ')');
                deepest = depth > deepest ? depth : deepest;
        }
        return deepest <= WKT_DEPTH_MOST;
}

static const char *srid_skip(const char *text)
{
        const char *end = strchr(text, ';');

        return (text_starts(text, "SRID=") || text_starts(text, "srid=")) && end ? end + 1 : text;
}

Outline *outline_wkt(Crs crs, const char *text, Error *err)
{
        GEOSContextHandle_t geos = geos_open();
        GEOSWKTReader *reader = is_shallow(text) ? GEOSWKTReader_create_r(geos) : NULL;
        GEOSGeometry *shape = NULL;

        if (reader) {
                GEOSWKTReader_setFixStructure_r(geos, reader, 1);
                shape = GEOSWKTReader_read_r(geos, reader, srid_skip(text));
                GEOSWKTReader_destroy_r(geos, reader);
        }
        return outline_of(geos, shape, crs, err);
}

static bool option_read(const char *text, const char *folder, void *field, Error *err)
{
        Outline **outline = field;

        (void)folder;
        *outline = outline_wkt(CRS_WGS84, text, err);
        return *outline;
}

static void option_free(void *field)
{
        outline_drop(field);
}

const OptionKind outline_option = { "WKT", sizeof(Outline *), option_read, option_free };

/* ---- corners ---- */

static const char *number_take(const char *text, double *number)
{
        const size_t size = strspn(text, "+-.0123456789eE");
        char copy[NUMBER_MOST];

        if (!size || size >= sizeof(copy))
                return NULL;
        memcpy(copy, text, size);
        copy[size] = '\0';
        return text_read_number(copy, number) ? text + size : NULL;
}

/* One corner, and whatever parts it from the next; NULL: this is none. */
static const char *corner_take(Reading *reading, const char *text, bool lat_first)
{
        double one, other;

        text = number_take(text, &one);
        if (!text || *text++ != ',')
                return NULL;
        text = number_take(text + strspn(text, " "), &other);
        if (!text || !corner_add(reading, lat_first ? other : one, lat_first ? one : other))
                return NULL;
        return !*text || strchr(" \t\r\n;|", *text) ? text + strspn(text, " \t\r\n;|") : NULL;
}

Outline *outline_ring(Crs crs, const char *points, bool lat_first, Error *err)
{
        Reading reading = { .geos = geos_open() };
        GEOSGeometry *ring = NULL, *polygon = NULL;

        points += strspn(points, " \t\r\n");
        while (points && *points)
                points = corner_take(&reading, points, lat_first);
        if (points && (ring = ring_make(&reading)))
                polygon = GEOSGeom_createPolygon_r(reading.geos, ring, NULL, 0);
        return read_end(&reading, polygon, crs, err);
}
