#include "hub/event/zone.h"

#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/options.h"
#include "hub/event/fields.h"

#include <stdlib.h>

typedef struct {
        char *name;
        int64_t partition;
} Row;

struct Zones {
        Yaml *yaml; /* the ids are its keys */
        Row *rows;
        ZoneEntry *items; /* items[i] borrows from rows[i] */
        size_t size;
        Map *by_id;
};

enum { ID_MOST = 64, PARTITION_MOST = 23 };

static const Option options[] = {
        { "name", OPTION_TEXT, offsetof(Row, name), .flags = OPTION_REQUIRED },
        { "partition", OPTION_INTEGER, offsetof(Row, partition), .flags = OPTION_REQUIRED, .least = 0,
          .most = PARTITION_MOST },
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static bool row_load(Zones *zones, const char *id, const json_t *node, Error *err)
{
        Row *row = &zones->rows[zones->size];
        ZoneEntry *zone = &zones->items[zones->size];

        if (!form_fits(FORM_NAME, id, ID_MOST))
                return yaml_error(zones->yaml, node, err, "\"%s\" is no zone: A-Z a-z 0-9 . _ -", id);
        if (!options_read(options, OPTIONS, zones->yaml, node, row, err))
                return false;
        zones->size++;
        *zone = (ZoneEntry){ id, row->name, (int32_t)row->partition };
        map_put_text(zones->by_id, id, zone);
        return true;
}

static bool table_load(Zones *zones, Error *err)
{
        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_t *root = (json_t *)(uintptr_t)yaml_root(zones->yaml);
        const char *id;
        json_t *node;

        if (!json_is_object(root) || json_object_size(root) == 0)
                return yaml_error(zones->yaml, root, err,
                                  "a mapping is needed: \"350206\": { name: ..., partition: 0 }");
        zones->rows = mem_new(json_object_size(root) * sizeof(Row));
        zones->items = mem_new(json_object_size(root) * sizeof(ZoneEntry));
        json_object_foreach(root, id, node)
                if (!row_load(zones, id, node, err))
                        return false;
        return true;
}

Zones *zones_load(const char *path, Error *err)
{
        Zones *zones = mem_new(sizeof(*zones));

        zones->by_id = map_new();
        zones->yaml = yaml_load(path, err);
        if (zones->yaml && table_load(zones, err))
                return zones;
        zones_free(zones);
        return NULL;
}

const ZoneEntry *zones_find(const Zones *zones, const char *id)
{
        return id ? map_get_text(zones->by_id, id) : NULL;
}

size_t zones_size(const Zones *zones)
{
        return zones->size;
}

const ZoneEntry *zones_at(const Zones *zones, size_t index)
{
        return index < zones->size ? &zones->items[index] : NULL;
}

void zones_free(Zones *zones)
{
        if (!zones)
                return;
        for (size_t i = 0; i < zones->size; i++)
                options_free(options, OPTIONS, &zones->rows[i]);
        free(zones->rows);
        free(zones->items);
        map_free(zones->by_id, NULL);
        yaml_close(zones->yaml);
        free(zones);
}
