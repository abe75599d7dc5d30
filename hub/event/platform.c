#include "hub/event/platform.h"

#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/options.h"
#include "hub/event/category.h"
#include "hub/event/fields.h"

#include <stdlib.h>

typedef struct {
        char *name, *name_en;
        int level;
} Row;

struct Platforms {
        Yaml *yaml; /* the ids are its keys */
        Row *rows;
        Platform *items; /* items[i] borrows from rows[i] */
        size_t size;
        Map *by_id;
};

static const char *const levels[] = { "municipal", "district", NULL };

static const Option options[] = {
        { "name", OPTION_TEXT, offsetof(Row, name), .flags = OPTION_REQUIRED },
        { "name_en", OPTION_TEXT, offsetof(Row, name_en), .value = "" },
        { "level", OPTION_CHOICE, offsetof(Row, level), .value = "district", .choices = levels },
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]), ID_MOST = 64 };

static bool row_load(Platforms *platforms, const char *id, const json_t *node, Error *err)
{
        Row *row = &platforms->rows[platforms->size];
        Platform *platform = &platforms->items[platforms->size];

        if (!form_fits(FORM_NAME, id, ID_MOST))
                return yaml_error(platforms->yaml, node, err, "\"%s\" is no id of a platform: A-Z a-z 0-9 . _ -", id);
        if (!options_read(options, OPTIONS, platforms->yaml, node, row, err))
                return false;
        platforms->size++;
        *platform = (Platform){ id, row->name, row->name_en, levels[row->level] };
        map_put_text(platforms->by_id, id, platform);
        return true;
}

static bool table_load(Platforms *platforms, Error *err)
{
        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_t *root = (json_t *)(uintptr_t)yaml_root(platforms->yaml);
        const char *id;
        json_t *node;

        if (!json_is_object(root) || json_object_size(root) == 0)
                return yaml_error(platforms->yaml, root, err, "a mapping is needed: p01: { name: ... }");
        platforms->rows = mem_new(json_object_size(root) * sizeof(Row));
        platforms->items = mem_new(json_object_size(root) * sizeof(Platform));
        json_object_foreach(root, id, node)
                if (!row_load(platforms, id, node, err))
                        return false;
        return true;
}

Platforms *platforms_load(const char *path, Error *err)
{
        Platforms *platforms = mem_new(sizeof(*platforms));
        CLEANUP(buffer_free) Buffer shipped = { 0 };

        schemas_path(&shipped, "platforms.yaml");
        platforms->by_id = map_new();
        platforms->yaml = yaml_load(path ? path : shipped.bytes, err);
        if (platforms->yaml && table_load(platforms, err))
                return platforms;
        platforms_free(platforms);
        return NULL;
}

const Platform *platforms_find(const Platforms *platforms, const char *id)
{
        return id ? map_get_text(platforms->by_id, id) : NULL;
}

size_t platforms_size(const Platforms *platforms)
{
        return platforms->size;
}

const Platform *platforms_at(const Platforms *platforms, size_t index)
{
        return index < platforms->size ? &platforms->items[index] : NULL;
}

void platforms_free(Platforms *platforms)
{
        if (!platforms)
                return;
        for (size_t i = 0; i < platforms->size; i++)
                options_free(options, OPTIONS, &platforms->rows[i]);
        free(platforms->rows);
        free(platforms->items);
        map_free(platforms->by_id, NULL);
        yaml_close(platforms->yaml);
        free(platforms);
}
