#include "hub/config/config_private.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/event/fields.h"

#include <stdlib.h>
#include <string.h>

#define ZONE_DEFAULT "350206"

enum { NAME_MOST = 64, KINDS_MOST = 64 };

const ConfigMember config_members[] = {
        { "adapter", "dialect: one of hub list adapters" },
        { "platform", "p01 to p16, or the site's own; default the adapter's" },
        { "zone", "administrative code, one of zones.yaml; default " ZONE_DEFAULT },
        { "source", "where records come from: kind, and the options of that kind; without one only for hub translate" },
        { "options", "of the adapter" },
        { 0 },
};

enum { MEMBERS = sizeof(config_members) / sizeof(config_members[0]) - 1 };

/* One instance on its way from the file into the configuration. */
typedef struct {
        const Config *config;
        const Yaml *yaml;
        const json_t *node;
        Instance *instance;
} Reading;

static void instance_free(Instance *instance)
{
        if (instance->options)
                options_free(instance->adapter->options, instance->adapter->options_size, instance->options);
        if (instance->source_options)
                options_free(instance->source->options, instance->source->options_size, instance->source_options);
        free(instance->options);
        free(instance->source_options);
        free(instance->name);
        free(instance->platform);
        free(instance->zone);
        *instance = (Instance){ 0 };
}

void config_instances_free(Config *config)
{
        for (size_t i = 0; i < config->instances_size; i++)
                instance_free(&config->instances[i]);
        free(config->instances);
        config->instances = NULL;
        config->instances_size = 0;
}

/* Where to point when a member is wrong: at it, or at its instance when it is not there. */
static const json_t *member_place(const Reading *reading, const char *name)
{
        const json_t *member = json_object_get(reading->node, name);

        return member ? member : reading->node;
}

/* The text of a member, `absent` where there is none; NULL and err when it is no text. */
static const char *member_text(const Reading *reading, const char *name, const char *absent, Error *err)
{
        const json_t *member = json_object_get(reading->node, name);

        if (!member || json_is_null(member))
                return absent;
        if (json_is_string(member) && json_string_length(member))
                return json_string_value(member);
        yaml_error(reading->yaml, member, err, "%s: %s must be a text", reading->instance->name, name);
        return NULL;
}

/* ---- adapter, platform, zone ---- */

static size_t adapters_list(const char *names[KINDS_MOST])
{
        size_t size = 0;

        for (; adapters[size] && size < KINDS_MOST; size++)
                names[size] = adapters[size]->name;
        return size;
}

static bool adapter_read(Reading *reading, Error *err)
{
        Instance *instance = reading->instance;
        const char *names[KINDS_MOST], *name = member_text(reading, "adapter", "", err);
        char hint[128];

        if (name && name[0])
                instance->adapter = adapter_find(name);
        else if (name)
                yaml_error(reading->yaml, reading->node, err, "%s: adapter is required", instance->name);
        if (name && name[0] && !instance->adapter)
                yaml_error(reading->yaml, member_place(reading, "adapter"), err,
                           "%s: adapter \"%s\" is unknown%s (hub list names them)", instance->name, name,
                           config_hint(name, names, adapters_list(names), hint));
        return instance->adapter;
}

static bool platform_read(Reading *reading, Error *err)
{
        Instance *instance = reading->instance;
        const char *platform =
                member_text(reading, "platform", instance->adapter->platform ? instance->adapter->platform : "", err);

        if (!platform)
                return false;
        if (!platforms_find(reading->config->platforms, platform))
                return yaml_error(reading->yaml, member_place(reading, "platform"), err,
                                  "%s: platform \"%s\" is not in %s", instance->name, platform,
                                  reading->config->platforms_path);
        instance->platform = text_copy(platform);
        return true;
}

static bool zone_read(Reading *reading, Error *err)
{
        Instance *instance = reading->instance;
        const char *zone = member_text(reading, "zone", ZONE_DEFAULT, err);

        if (!zone)
                return false;
        if (!zones_find(reading->config->zones, zone))
                return yaml_error(reading->yaml, member_place(reading, "zone"), err, "%s: zone \"%s\" is not in %s",
                                  instance->name, zone, reading->config->zones_path);
        instance->zone = text_copy(zone);
        return true;
}

static void *adapter_options(const Adapter *adapter, const Yaml *yaml, const json_t *instance, Error *err)
{
        const json_t *node = json_object_get(instance, "options");
        void *options = mem_new(adapter->size);
        Error why = { 0 };

        if (options_read(adapter->options, adapter->options_size, yaml, node, options, err)) {
                if (!adapter->check || adapter->check(options, &why))
                        return options;
                (void)yaml_error(yaml, node, err, "options: %s", why.text);
                options_free(adapter->options, adapter->options_size, options);
        }
        free(options);
        return NULL;
}

/* ---- source ---- */

static size_t kinds_list(const char *names[KINDS_MOST])
{
        size_t size = 0;

        for (; sources[size] && size < KINDS_MOST; size++)
                names[size] = sources[size]->kind;
        return size;
}

static bool kind_read(Reading *reading, const json_t *node, Error *err)
{
        Instance *instance = reading->instance;
        const char *names[KINDS_MOST], *kind = json_string_value(json_object_get(node, "kind"));
        char hint[128];

        if (kind)
                instance->source = source_find(kind);
        else if (!json_is_object(node))
                yaml_error(reading->yaml, node, err, "%s: source must be a mapping", instance->name);
        else
                yaml_error(reading->yaml, node, err, "%s: source: kind is required", instance->name);
        if (kind && !instance->source)
                yaml_error(reading->yaml, json_object_get(node, "kind"), err, "%s: source kind \"%s\" is unknown%s",
                           instance->name, kind, config_hint(kind, names, kinds_list(names), hint));
        return instance->source;
}

/* The kind's table with `kind` in it, behind the struct: one table knows all keys of the mapping, for its hints and
 * lines. */
static bool source_options_read(const SourceKind *kind, const Yaml *yaml, const json_t *node, void **options,
                                Error *err)
{
        const size_t align = sizeof(char *), place = (kind->size + align - 1) / align * align;
        CLEANUP(mem_drop) Option *table = mem_new((kind->options_size + 1) * sizeof(Option));
        char *block = mem_new(place + align);

        if (kind->options_size)
                memcpy(table, kind->options, kind->options_size * sizeof(Option));
        table[kind->options_size] = (Option){ "kind", OPTION_TEXT, place };
        if (!options_read(table, kind->options_size + 1, yaml, node, block, err)) {
                free(block);
                return false;
        }
        options_free(&table[kind->options_size], 1, block);
        *options = block;
        return true;
}

static bool source_read(Reading *reading, Error *err)
{
        Instance *instance = reading->instance;
        const json_t *node = json_object_get(reading->node, "source");
        Error why = { 0 };

        if (!node || json_is_null(node))
                return true;
        if (!kind_read(reading, node, err) ||
            !source_options_read(instance->source, reading->yaml, node, &instance->source_options, err))
                return false;
        if (instance->source->needs_frames && !instance->adapter->frame)
                return yaml_error(reading->yaml, node, err,
                                  "%s: source: %s is a byte stream, which adapter %s does not cut into records",
                                  instance->name, instance->source->kind, instance->adapter->name);
        if (!instance->source->check || instance->source->check(instance->source_options, &why))
                return true;
        return yaml_error(reading->yaml, node, err, "%s: source: %s", instance->name, why.text);
}

/* ---- instances ---- */

static bool members_check(const Reading *reading, Error *err)
{
        const char *names[MEMBERS];

        for (size_t i = 0; i < MEMBERS; i++)
                names[i] = config_members[i].name;
        return config_keys(reading->yaml, reading->node, names, MEMBERS, err);
}

static const Instance *instance_find(const Config *config, const char *name)
{
        for (size_t i = 0; i < config->instances_size; i++)
                if (text_same(config->instances[i].name, name))
                        return &config->instances[i];
        return NULL;
}

static bool instance_read(Reading *reading, Error *err)
{
        Instance *instance = reading->instance;
        const Instance *twin = instance_find(reading->config, instance->name);

        if (!form_fits(FORM_NAME, instance->name, NAME_MOST))
                return yaml_error(reading->yaml, reading->node, err,
                                  "\"%s\" is no name for an instance: up to %d of A-Z a-z 0-9 . _ -", instance->name,
                                  NAME_MOST);
        if (twin)
                return yaml_error(reading->yaml, reading->node, err, "instance \"%s\" is there already, in %s:%d",
                                  instance->name, twin->file, twin->line);
        if (!json_is_object(reading->node))
                return yaml_error(reading->yaml, reading->node, err, "%s must be a mapping", instance->name);
        if (!members_check(reading, err) || !adapter_read(reading, err) || !platform_read(reading, err) ||
            !zone_read(reading, err))
                return false;
        if (reading->config->is_for && !text_same(reading->config->instance_for, instance->name))
                return true;
        if (!source_read(reading, err))
                return false;
        instance->options = adapter_options(instance->adapter, reading->yaml, reading->node, err);
        return instance->options;
}

static bool instance_add(Config *config, const Yaml *yaml, const char *file, const char *name, const json_t *node,
                         Error *err)
{
        Instance instance = { .name = text_copy(name), .file = file, .line = yaml_line(yaml, node) };
        Reading reading = { .config = config, .yaml = yaml, .node = node, .instance = &instance };

        if (!instance_read(&reading, err)) {
                instance_free(&instance);
                return false;
        }
        config->instances = mem_resize(config->instances, (config->instances_size + 1) * sizeof(Instance));
        config->instances[config->instances_size++] = instance;
        return true;
}

bool config_instances(Config *config, const Yaml *yaml, const char *file, Error *err)
{
        json_t *list = json_object_get(yaml_root(yaml), "instances");

        if (!list || json_is_null(list))
                return true;
        if (!json_is_object(list))
                return yaml_error(yaml, list, err, "instances must be a mapping");
        for (void *at = json_object_iter(list); at; at = json_object_iter_next(list, at))
                if (!instance_add(config, yaml, file, json_object_iter_key(at), json_object_iter_value(at), err))
                        return false;
        return true;
}

const Instance *config_instance(const Config *config, const char *name, Error *err)
{
        CLEANUP(mem_drop) const char **names = mem_new((config->instances_size + 1) * sizeof(char *));
        const Instance *instance = instance_find(config, name);
        char hint[128];

        for (size_t i = 0; i < config->instances_size; i++)
                names[i] = config->instances[i].name;
        if (!instance)
                error_set(err, ERR_FATAL, NULL, "%s: no instance \"%s\"%s", config->path, name,
                          config_hint(name, names, config->instances_size, hint));
        return instance;
}

void *config_adapter_options(const Config *config, const char *instance, Error *err)
{
        const Instance *known = config_instance(config, instance, err);
        CLEANUP(yaml_drop) Yaml *yaml = known ? yaml_load(known->file, err) : NULL;
        const json_t *node;
        const char *adapter;

        if (!yaml)
                return NULL;
        node = json_object_get(json_object_get(yaml_root(yaml), "instances"), instance);
        adapter = json_string_value(json_object_get(node, "adapter"));
        if (!text_same(adapter, known->adapter->name)) {
                yaml_error(yaml, node, err, "%s: another adapter than at the start: restart for that", instance);
                return NULL;
        }
        return adapter_options(known->adapter, yaml, node, err);
}
