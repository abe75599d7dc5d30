#include "hub/geo/stops.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/geo/distance.h"
#include "hub/geo/outline_private.h"
#include "hub/geo/registry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024, RADIUS_MOST_M = 100000 };

static const double radius_of_point_m = 10;

/* In metres east and north of its own origin: a plane that small is true. */
typedef struct {
        char *name;
        Outline *outline;
        const GEOSPreparedGeometry *prepared; /* of its shape */
        double lon, lat, east_m, north_m;     /* the origin; metres of a degree there */
        double least[2], most[2];             /* the box around it */
        double radius_m;
} Stop;

struct Stops {
        Stop *items;
        size_t size;
};

void stops_free(Stops *stops)
{
        if (!stops)
                return;
        for (size_t i = 0; i < stops->size; i++) {
                Stop *stop = &stops->items[i];

                if (stop->prepared)
                        GEOSPreparedGeom_destroy_r(stop->outline->geos, stop->prepared);
                outline_free(stop->outline);
                free(stop->name);
        }
        free(stops->items);
        free(stops);
}

static void stops_drop(Stops **stops)
{
        stops_free(*stops);
}

/* ---- the plane ---- */

static int corner_turn(double *x, double *y, void *context)
{
        const Stop *stop = context;

        *x = (*x - stop->lon) * stop->east_m;
        *y = (*y - stop->lat) * stop->north_m;
        return 1;
}

/* A hundredth of a degree is 1 km, measured to the centimetre. */
static void origin_set(Stop *stop)
{
        const double step = 0.01, cm = 100;
        GeoPoint here;

        outline_point(stop->outline, &stop->lon, &stop->lat);
        here = geo_point(stop->lon, stop->lat);
        stop->east_m = (double)geo_distance_cm(here, geo_point(stop->lon + step, stop->lat)) / cm / step;
        stop->north_m = (double)geo_distance_cm(here, geo_point(stop->lon, stop->lat + step)) / cm / step;
}

static bool flatten(Stop *stop)
{
        GEOSContextHandle_t geos = stop->outline->geos;
        GEOSGeometry *flat;

        origin_set(stop);
        flat = GEOSGeom_transformXY_r(geos, stop->outline->shape, corner_turn, stop);
        if (!flat)
                return false;
        GEOSGeom_destroy_r(geos, stop->outline->shape);
        stop->outline->shape = flat;
        stop->prepared = GEOSPrepare_r(geos, flat);
        return stop->prepared && GEOSGeom_getXMin_r(geos, flat, &stop->least[0]) &&
               GEOSGeom_getYMin_r(geos, flat, &stop->least[1]) && GEOSGeom_getXMax_r(geos, flat, &stop->most[0]) &&
               GEOSGeom_getYMax_r(geos, flat, &stop->most[1]);
}

/* To its box: never more than to what lies in it. */
static double box_away(const Stop *stop, double x, double y)
{
        return hypot(fmax(fmax(stop->least[0] - x, x - stop->most[0]), 0),
                     fmax(fmax(stop->least[1] - y, y - stop->most[1]), 0));
}

static double shape_away(const Stop *stop, double x, double y)
{
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(stop->outline->geos, x, y);
        double away = (double)INFINITY;

        if (point && GEOSPreparedDistance_r(stop->outline->geos, stop->prepared, point, &away) != 1)
                away = (double)INFINITY;
        if (point)
                GEOSGeom_destroy_r(stop->outline->geos, point);
        return away;
}

double stops_away(const Stops *stops, double lon, double lat, const char **name)
{
        double nearest = (double)INFINITY;

        *name = "";
        for (size_t i = 0; i < stops->size; i++) {
                const Stop *stop = &stops->items[i];
                const double x = (lon - stop->lon) * stop->east_m, y = (lat - stop->lat) * stop->north_m;
                double away;

                if (box_away(stop, x, y) - stop->radius_m >= nearest)
                        continue;
                away = fmax(shape_away(stop, x, y) - stop->radius_m, 0);
                if (away >= nearest)
                        continue;
                nearest = away;
                *name = stop->name;
        }
        return nearest;
}

/* ---- loading ---- */

static bool radius_read(const char *text, Stop *stop, Error *err)
{
        stop->radius_m =
                GEOSGeom_getDimensions_r(stop->outline->geos, stop->outline->shape) == 2 ? 0 : radius_of_point_m;
        return !text ||
               (text_read_number(text, &stop->radius_m) && stop->radius_m >= 0 && stop->radius_m <= RADIUS_MOST_M) ||
               error_set(err, ERR_FATAL, NULL, "radius_m: no number of metres");
}

static bool crs_of(const json_t *feature, Crs *crs, Error *err)
{
        const char *text = json_text(feature, "properties.crs");

        *crs = CRS_WGS84;
        return !text || crs_read(text, crs, err) || error_add(err, "properties.crs");
}

static bool feature_read(Stop *stop, const json_t *feature, Error *err)
{
        const char *name = json_text(feature, "properties.name");
        Crs crs;

        stop->name = text_copy(name ? name : "");
        if (!crs_of(feature, &crs, err))
                return false;
        stop->outline = outline_geojson(crs, json_at(feature, "geometry"), err);
        crs_free(crs);
        if (!stop->outline)
                return error_add(err, "geometry");
        return radius_read(json_text(feature, "properties.radius_m"), stop, err) &&
               (flatten(stop) || error_set(err, ERR_FATAL, NULL, "geometry: no shape on a plane"));
}

static bool features_read(Stops *stops, const json_t *document, Error *err)
{
        const json_t *features = json_at(document, "features"), *feature;
        size_t i;

        if (!features)
                features = json_at(document, "geography.geography_json.features");
        if (json_array_size(features) == 0)
                return error_set(err, ERR_FATAL, NULL, "features: missing");
        stops->items = mem_new(json_array_size(features) * sizeof(Stop));
        json_array_foreach(features, i, feature)
                if (!feature_read(&stops->items[stops->size++], feature, err))
                        return error_add(err, "feature %zu", i + 1);
        return true;
}

static bool geojson_load(Stops *stops, const char *path, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(json_drop) json_t *document = NULL;

        if (!file_read(&text, path, FILE_MOST, err))
                return false;
        document = json_read(text.bytes ? text.bytes : "", text.size, err);
        if (document && features_read(stops, document, err))
                return true;
        err->kind = ERR_FATAL;
        return error_add(err, "%s", path);
}

static bool row_read(Stop *stop, const Csv *table, size_t row, Map *systems, Error *err)
{
        const char *radius = registry_cell(table, row, "radius_m");
        CLEANUP(json_drop) json_t *point = NULL;
        RegistryPosition at;
        Error why = { 0 };

        if (!registry_position(table, row, systems, &at, err))
                return false;
        if (!at.positioned)
                return csv_error(table, row, err, "lon, lat: missing");
        stop->name = text_copy(registry_cell(table, row, "stop"));
        point = json_pack("{s:s, s:[f, f]}", "type", "Point", "coordinates", at.lon, at.lat);
        stop->outline = outline_geojson(CRS_WGS84, point, &why);
        return (stop->outline && radius_read(registry_is_absent(radius) ? NULL : radius, stop, &why) &&
                flatten(stop)) ||
               csv_error(table, row, err, "%s", why.text);
}

static bool csv_stops_load(Stops *stops, const char *path, Error *err)
{
        static const char *const required[] = { "stop", "lon", "lat", "crs" };
        CLEANUP(csv_close) Csv table = { 0 };
        Map *systems = map_new();
        bool read = csv_load(&table, path, required, sizeof(required) / sizeof(required[0]), err);

        stops->items = mem_new((table.rows + 1) * sizeof(Stop));
        for (size_t row = 0; read && row < table.rows; row++)
                read = row_read(&stops->items[stops->size++], &table, row, systems, err);
        registry_systems_free(systems);
        return read && (stops->size || error_set(err, ERR_FATAL, NULL, "%s: no stop", path));
}

Stops *stops_load(const char *path, Error *err)
{
        CLEANUP(stops_drop) Stops *stops = mem_new(sizeof(Stops));
        const char *ending = strrchr(path, '.');
        const bool is_table = ending && strcasecmp(ending, ".csv") == 0;
        Stops *loaded = NULL;

        if (is_table ? csv_stops_load(stops, path, err) : geojson_load(stops, path, err)) {
                loaded = stops;
                stops = NULL;
        }
        return loaded;
}

static bool option_read(const char *text, const char *folder, void *field, Error *err)
{
        CLEANUP(mem_drop) char *path = file_beside(folder, text);

        *(Stops **)field = stops_load(path, err);
        return *(Stops **)field != NULL;
}

static void option_free(void *field)
{
        stops_free(*(Stops **)field);
}

const OptionKind stops_option = {
        .form = "GeoJSON or CSV file of places",
        .size = sizeof(Stops *),
        .read = option_read,
        .free = option_free,
};
