/* hub import: outlines of districts, subdistricts, communities and grids into the warehouse; units and what they are called. */

#include "hub/warehouse/import.h"
#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/geo/crs.h"
#include "hub/geo/outline.h"
#include "hub/tool/tool.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MOST = 64 * 1024 * 1024 };

static const char usage[] =
        "usage: hub import regions FILE [--crs CRS] [--config FILE]\n"
        "       hub import units FILE [--config FILE]\n"
        "  A GeoJSON FeatureCollection into dw.dim_region; each feature's properties: level (district, subdistrict,\n"
        "  community or grid), id (what incidents say), name. --crs: wgs84 (the default), gcj02, bd09, cgcs2000 or a "
        "local\n"
        "  grid NAME=PROJ. What is there with the same level and id is replaced; all of the file, or nothing.\n"
        "  A table code,names,kind,superior of all units into dw.dim_unit: names parted by semicolons, the first is "
        "the one\n"
        "  that the indicators count by, the others are how reports write it; superior: the code of the unit above.\n";

typedef struct {
        Db *db;
        Crs crs;
        const char *file;
} Import;

static void crs_drop(Crs *crs)
{
        crs_free(*crs);
}

static bool feature_put(const Import *import, Arena *arena, const json_t *feature, Error *err)
{
        const char *id = json_text(feature, "properties.id"), *level = json_text(feature, "properties.level");
        const char *name = json_text(feature, "properties.name");
        CLEANUP(outline_drop) Outline *outline = outline_geojson(import->crs, json_at(feature, "geometry"), err);
        const char *geometry = outline ? outline_text(outline, arena) : NULL;
        const char *const values[] = { id, level, name ? name : id, geometry, crs_name(import->crs), import->file };

        if (!outline)
                return false;
        if (!id || !level || !geometry)
                return error_set(err, ERR_INPUT, NULL, "properties.id, properties.level and an outline are needed");
        return db_query(
                import->db, NULL,
                "INSERT INTO dw.dim_region (region, level, name, geom, crs_src, source) VALUES ($1, $2, $3, "
                "ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON($4), 4490)), $5, $6) ON CONFLICT (level, region) DO UPDATE SET "
                "name = excluded.name, geom = excluded.geom, crs_src = excluded.crs_src, source = excluded.source, "
                "imported_at = clock_timestamp()",
                values, sizeof values / sizeof *values, err);
}

/* Each lies in the smallest region of the level above that holds a place inside it. */
static bool parents_set(Db *db, Error *err)
{
        return db_run(
                db,
                "UPDATE dw.dim_region c SET parent = (SELECT p.region FROM dw.dim_region p WHERE p.level = CASE "
                "c.level WHEN 'grid' THEN 'community' WHEN 'community' THEN 'subdistrict' WHEN 'subdistrict' THEN "
                "'district' END AND ST_Covers(p.geom, ST_PointOnSurface(c.geom)) ORDER BY ST_Area(p.geom), p.region "
                "LIMIT 1)",
                err);
}

static bool features_put(const Import *import, const json_t *features, Error *err)
{
        CLEANUP(arena_drop) Arena *arena = arena_new();
        const json_t *feature;
        size_t i;

        if (!json_is_array(features) || !json_array_size(features))
                return error_set(err, ERR_INPUT, NULL, "features: missing");
        json_array_foreach(features, i, feature) {
                arena_reset(arena);
                if (!feature_put(import, arena, feature, err))
                        return error_add(err, "feature %zu", i + 1);
        }
        return parents_set(import->db, err);
}

static bool regions_import(const char *config_path, const char *path, const char *crs_text, Error *err)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(json_drop) json_t *document = NULL;
        CLEANUP(crs_drop) Crs crs = NULL;
        CLEANUP(db_drop) Db *db = NULL;
        const char *slash = strrchr(path, '/');

        if (!crs_read(crs_text ? crs_text : "wgs84", &crs, err) || !config_load(&config, config_path, err) ||
            !file_read(&text, path, FILE_MOST, err))
                return false;
        document = json_read_typed(text.bytes ? text.bytes : "", text.size, err);
        db = document ? tool_database(&config, "hub import", err) : NULL;
        const Import import = { db, crs, slash ? slash + 1 : path };
        if (!db || !db_begin(db, "READ COMMITTED", err))
                return document ? false : error_add(err, "%s", path);
        if (!features_put(&import, json_at(document, "features"), err) || !db_commit(db, err)) {
                db_rollback(db);
                return error_add(err, "%s", path);
        }
        printf("%zu regions\n", json_array_size(json_at(document, "features")));
        return true;
}

static bool units_take(const char *config_path, const char *path, const char *crs, Error *err)
{
        CLEANUP(config_free) Config config = { 0 };
        CLEANUP(db_drop) Db *db = NULL;
        size_t count = 0;

        if (crs)
                return error_set(err, ERR_INPUT, NULL, "--crs: units have no place");
        if (!config_load(&config, config_path, err))
                return false;
        db = tool_database(&config, "hub import", err);
        if (!db || !db_begin(db, "READ COMMITTED", err))
                return false;
        if (!units_import(db, path, &count, err) || !db_commit(db, err)) {
                db_rollback(db);
                return false;
        }
        printf("%zu units\n", count);
        return true;
}

static const struct {
        const char *name;
        bool (*take)(const char *config, const char *path, const char *crs, Error *err);
} parts[] = { { "regions", regions_import }, { "units", units_take } };

int command_import(int argc, char **argv)
{
        static const struct option options[] = { { "config", required_argument, NULL, 'c' },
                                                 { "crs", required_argument, NULL, 'r' },
                                                 { "help", no_argument, NULL, 'h' },
                                                 { 0 } };
        const char *config = NULL, *crs = NULL;
        Error err = { 0 };

        for (int option; (option = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
                if (option == 'c')
                        config = optarg;
                else if (option == 'r')
                        crs = optarg;
                else
                        return tool_usage(usage, option == 'h');
        }
        if (argc - optind != 2)
                return tool_usage(usage, false);
        log_open("import");
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
                if (text_same(argv[optind], parts[i].name))
                        return parts[i].take(config, argv[optind + 1], crs, &err) ? EXIT_FINE
                                                                                  : command_failed("import", &err);
        return tool_usage(usage, false);
}
