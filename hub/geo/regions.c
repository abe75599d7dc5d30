#include "hub/geo/regions.h"

#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <geos_c.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024, LEVELS = 4 };

static const char *const levels[LEVELS] = { "district", "subdistrict", "community", "grid" };

typedef struct {
        char *id;
        size_t level;
        GEOSGeometry *shape;
        const GEOSPreparedGeometry *prepared; /* of shape */
} Region;

struct Regions {
        GEOSContextHandle_t geos;
        Region *items;
        size_t size;
};

void regions_free(Regions *regions)
{
        if (!regions)
                return;
        for (size_t i = 0; i < regions->size; i++) {
                Region *region = &regions->items[i];

                if (region->prepared)
                        GEOSPreparedGeom_destroy_r(regions->geos, region->prepared);
                if (region->shape)
                        GEOSGeom_destroy_r(regions->geos, region->shape);
                free(region->id);
        }
        if (regions->geos)
                GEOS_finish_r(regions->geos);
        free(regions->items);
        free(regions);
}

static void regions_drop(Regions **regions)
{
        regions_free(*regions);
}

static bool level_find(const char *name, size_t *level)
{
        for (*level = 0; *level < LEVELS; ++*level)
                if (text_same(name, levels[*level]))
                        return true;
        return false;
}

static bool shape_read(const Regions *regions, Region *region, const json_t *geometry)
{
        CLEANUP(mem_drop) char *text = geometry ? json_dumps(geometry, JSON_REAL_PRECISION(15)) : NULL;
        GEOSGeoJSONReader *reader = text ? GEOSGeoJSONReader_create_r(regions->geos) : NULL;

        if (!reader)
                return false;
        region->shape = GEOSGeoJSONReader_readGeometry_r(regions->geos, reader, text);
        GEOSGeoJSONReader_destroy_r(regions->geos, reader);
        return region->shape && GEOSisValid_r(regions->geos, region->shape) == 1;
}

static bool feature_read(Regions *regions, const json_t *feature, Error *err)
{
        Region *region = &regions->items[regions->size++];
        const char *id = json_text(feature, "properties.id");

        if (!id)
                return error_set(err, ERR_FATAL, NULL, "properties.id: missing");
        if (!level_find(json_text(feature, "properties.level"), &region->level))
                return error_set(err, ERR_FATAL, NULL,
                                 "properties.level: neither district, subdistrict, community nor grid");
        if (!shape_read(regions, region, json_at(feature, "geometry")))
                return error_set(err, ERR_FATAL, NULL, "geometry: no valid polygon");
        region->id = text_copy(id);
        region->prepared = GEOSPrepare_r(regions->geos, region->shape);
        return true;
}

static bool features_read(Regions *regions, const json_t *features, Error *err)
{
        const json_t *feature;
        size_t i;

        if (!json_is_array(features) || json_array_size(features) == 0)
                return error_set(err, ERR_FATAL, NULL, "features: missing");
        regions->items = mem_new(json_array_size(features) * sizeof(Region));
        json_array_foreach(features, i, feature)
                if (!feature_read(regions, feature, err))
                        return error_add(err, "feature %zu", i + 1);
        return true;
}

Regions *regions_load(const char *path, Error *err)
{
        CLEANUP(regions_drop) Regions *regions = mem_new(sizeof(*regions));
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(json_drop) json_t *document = NULL;
        Regions *loaded = NULL;

        regions->geos = GEOS_init_r();
        if (!file_read(&text, path, FILE_MOST, err))
                return NULL;
        document = json_read_typed(text.bytes ? text.bytes : "", text.size, err);
        if (document && features_read(regions, json_at(document, "features"), err)) {
                loaded = regions;
                regions = NULL;
        } else {
                err->kind = ERR_FATAL;
                (void)error_add(err, "%s", path);
        }
        return loaded;
}

RegionPlace regions_find(const Regions *regions, double lon, double lat)
{
        GEOSGeometry *point = GEOSGeom_createPointFromXY_r(regions->geos, lon, lat);
        const char *found[LEVELS] = { 0 };

        for (size_t i = 0; point && i < regions->size; i++) {
                const Region *region = &regions->items[i];

                if (!found[region->level] && GEOSPreparedCovers_r(regions->geos, region->prepared, point) == 1)
                        found[region->level] = region->id;
        }
        if (point)
                GEOSGeom_destroy_r(regions->geos, point);
        return (RegionPlace){ found[0], found[1], found[2], found[3] };
}
