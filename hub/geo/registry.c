#include "hub/geo/registry.h"

#include "hub/base/text.h"

#include <stdint.h>

const char *registry_cell(const Csv *table, size_t row, const char *column)
{
        const char *text = csv_cell(table, row, column);

        return text ? text : "";
}

bool registry_is_absent(const char *text)
{
        return !text[0] || text_same(text, "-");
}

static bool system_read(const Csv *table, size_t row, Map *systems, Crs *crs, Error *err)
{
        const char *text = registry_cell(table, row, "crs");
        Error why = { 0 };

        *crs = map_get_text(systems, text);
        if (*crs)
                return true;
        if (!crs_read(text, crs, &why))
                return csv_error(table, row, err, "crs: %s", why.text);
        map_put_text(systems, text, (void *)(uintptr_t)*crs);
        return true;
}

bool registry_position(const Csv *table, size_t row, Map *systems, RegistryPosition *position, Error *err)
{
        const char *lon = registry_cell(table, row, "lon"), *lat = registry_cell(table, row, "lat");
        bool wrong;

        *position = (RegistryPosition){ .raw_lon = lon, .raw_lat = lat };
        if (registry_is_absent(lon) && registry_is_absent(lat))
                return true;
        if (!system_read(table, row, systems, &position->crs, err))
                return false;
        position->positioned = position_read(position->crs, lon, lat, &position->lon, &position->lat, &wrong);
        return position->positioned ||
               csv_error(table, row, err,
                         "lon \"%s\", lat \"%s\": this is no position (swapped, or of another system?)", lon, lat);
}

static void system_free(void *crs)
{
        crs_free(crs);
}

void registry_systems_free(Map *systems)
{
        map_free(systems, system_free);
}
