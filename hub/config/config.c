#include "hub/config/config_private.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONFIG_DEFAULT "/etc/hub/hub.yaml"

static const Option root_options[] = {
        { "zones", OPTION_PATH, offsetof(Config, zones_path), .value = "zones.yaml",
          .about = "zones and their partitions" },
        { "categories", OPTION_PATH, offsetof(Config, categories_path),
          .about = "the site's table; default the shipped one" },
        { "platforms", OPTION_PATH, offsetof(Config, platforms_path),
          .about = "the site's table; default the shipped one" },
        { "regions", OPTION_PATH, offsetof(Config, regions_path),
          .about = "GeoJSON of district, subdistricts, communities and grids: fills an event's place, and is the "
                   "district's border" },
        { "gazetteer", OPTION_PATH, offsetof(Config, gazetteer_path),
          .about = "CSV of roads, estates and crossings: gives reports that have only words a position" },
        { "state", OPTION_PATH, offsetof(Config, state), .value = "/var/lib/hub",
          .about = "folder of the instances' state" },
};

static const Option privacy_options[] = {
        { "keys", OPTION_PATH, offsetof(Config, privacy.keys), .about = "lines: version, purpose, hex; mode 0400" },
};

static const Option commands_options[] = {
        { "keys", OPTION_PATH, offsetof(Config, commands.keys), .about = "keys that sign operators' commands" },
};

static const Option correlate_options[] = {
        { "rules", OPTION_PATH, offsetof(Config, correlate.rules), .about = "default the shipped rules" },
        { "batch_events", OPTION_INTEGER, offsetof(Config, correlate.batch_events), .value = "1000", .least = 1,
          .most = 100000, .about = "most events a transaction" },
        { "batch_ms", OPTION_DURATION, offsetof(Config, correlate.batch_ms), .value = "20ms",
          .about = "longest wait for a message, before what else is due is looked after" },
};

enum {
        ROOT_OPTIONS = sizeof(root_options) / sizeof(Option),
        PRIVACY_OPTIONS = sizeof(privacy_options) / sizeof(Option),
        COMMANDS_OPTIONS = sizeof(commands_options) / sizeof(Option),
        CORRELATE_OPTIONS = sizeof(correlate_options) / sizeof(Option),
};

typedef struct {
        const char *name; /* NULL: the scalars of the root */
        const Option *options;
        size_t size;
        void *into;
} Section;

enum { SECTIONS = 8, NAMES = SECTIONS + ROOT_OPTIONS };

static void sections_list(Config *config, Section sections[SECTIONS])
{
        const Section list[SECTIONS] = {
                { NULL, root_options, ROOT_OPTIONS, config },
                { "kafka", kafka_options, kafka_options_size, &config->kafka },
                { "postgres", db_options, db_options_size, &config->postgres },
                { "privacy", privacy_options, PRIVACY_OPTIONS, config },
                { "commands", commands_options, COMMANDS_OPTIONS, config },
                { "correlate", correlate_options, CORRELATE_OPTIONS, config },
                { "metrics", monitor_options, monitor_options_size, &config->metrics },
                { "serve", serve_options, serve_options_size, &config->serve },
        };

        memcpy(sections, list, sizeof(list));
}

bool config_section(size_t index, const char **name, const Option **options, size_t *size)
{
        Section sections[SECTIONS];
        Config none = { 0 };

        if (index >= SECTIONS)
                return false;
        sections_list(&none, sections);
        *name = sections[index].name;
        *options = sections[index].options;
        *size = sections[index].size;
        return true;
}

/* ---- keys ---- */

const char *config_hint(const char *name, const char *const *names, size_t names_size, char out[128])
{
        const char *nearest = text_nearest(name, names, names_size);

        out[0] = '\0';
        if (nearest)
                snprintf(out, 128, "; did you mean \"%s\"?", nearest);
        return out;
}

static bool is_among(const char *name, const char *const *names, size_t names_size)
{
        for (size_t i = 0; i < names_size; i++)
                if (text_same(names[i], name))
                        return true;
        return false;
}

bool config_keys(const Yaml *yaml, const json_t *mapping, const char *const *names, size_t names_size, Error *err)
{
        CLEANUP(json_decrefp) json_t *keys = json_deep_copy(mapping); /* Jansson's iterators know no const */
        char hint[128];

        for (void *at = json_object_iter(keys); at; at = json_object_iter_next(keys, at)) {
                const char *key = json_object_iter_key(at);

                if (!is_among(key, names, names_size))
                        return yaml_error(yaml, json_object_get(mapping, key), err, "unknown key \"%.*s\"%s",
                                          (int)text_cut(key, 40), key, config_hint(key, names, names_size, hint));
        }
        return true;
}

static bool root_check(const Yaml *yaml, const Section sections[SECTIONS], Error *err)
{
        const char *names[NAMES] = { "instances" };
        size_t size = 1;

        if (!json_is_object(yaml_root(yaml)))
                return yaml_error(yaml, yaml_root(yaml), err, "must be a mapping");
        for (size_t i = 1; i < SECTIONS; i++)
                names[size++] = sections[i].name;
        for (size_t i = 0; i < ROOT_OPTIONS; i++)
                names[size++] = root_options[i].name;
        return config_keys(yaml, yaml_root(yaml), names, size, err);
}

/* ---- sections ---- */

/* HUB_KAFKA_BROKERS for kafka.brokers, HUB_STATE for state. */
static const char *environment_get(const char *section, const char *option)
{
        CLEANUP(mem_drop) char *name = text_format("HUB_%s%s%s", section ? section : "", section ? "_" : "", option);
        const char *value;

        for (char *at = name; *at; at++)
                *at = (char)toupper((unsigned char)*at);
        value = getenv(name);
        return value && value[0] ? value : NULL;
}

/* Owned: the section's mapping with the environment over it; the very mapping where the environment says nothing. */
static json_t *section_node(const Yaml *yaml, const Section *section)
{
        const json_t *root = yaml_root(yaml);
        json_t *given = section->name ? json_object_get(root, section->name) : NULL;
        json_t *node = json_incref(given);

        for (size_t i = 0; i < section->size; i++) {
                const char *name = section->options[i].name, *value = environment_get(section->name, name);
                json_t *member = section->name ? NULL : json_object_get(root, name);

                if (!value && !member)
                        continue;
                if (!json_is_object(node) || node == given) {
                        json_decref(node);
                        node = json_is_object(given) ? json_copy(given) : json_object();
                }
                if (value)
                        json_object_set_new(node, name, json_string(value));
                else
                        json_object_set(node, name, member);
        }
        return node;
}

static bool sections_read(Config *config, const Yaml *yaml, Error *err)
{
        Section sections[SECTIONS];

        sections_list(config, sections);
        if (!root_check(yaml, sections, err))
                return false;
        for (size_t i = 0; i < SECTIONS; i++) {
                CLEANUP(json_decrefp) json_t *node = section_node(yaml, &sections[i]);

                if (!options_read(sections[i].options, sections[i].size, yaml, node, sections[i].into, err))
                        return false;
        }
        return true;
}

static void path_default(char **path, const char *file)
{
        Buffer found = { 0 };

        if (*path)
                return;
        schemas_path(&found, file);
        *path = found.bytes;
}

static bool places_load(Config *config, Error *err)
{
        if (config->regions_path && config->regions_path[0]) {
                config->regions = regions_load(config->regions_path, err);
                if (!config->regions)
                        return false;
        }
        if (config->gazetteer_path && config->gazetteer_path[0]) {
                config->gazetteer = gazetteer_load(config->gazetteer_path, err);
                return config->gazetteer;
        }
        return true;
}

static bool tables_load(Config *config, Error *err)
{
        path_default(&config->categories_path, "categories.yaml");
        path_default(&config->platforms_path, "platforms.yaml");
        path_default(&config->correlate.rules, "rules.yaml");
        config->zones = zones_load(config->zones_path, err);
        config->categories = config->zones ? categories_load(config->categories_path, err) : NULL;
        config->platforms = config->categories ? platforms_load(config->platforms_path, err) : NULL;
        return config->platforms && places_load(config, err);
}

/* ---- files ---- */

static const char *config_path(const char *path)
{
        const char *named = getenv("HUB_CONFIG");

        if (path)
                return path;
        return named && named[0] ? named : CONFIG_DEFAULT;
}

static void file_add(Config *config, const char *path)
{
        TextList *files = &config->files;

        files->items = mem_resize(files->items, (files->size + 1) * sizeof(char *));
        files->items[files->size++] = text_copy(path);
}

/* It need not be there; that it cannot be read must not look like that. */
static int folder_is_wrong(const char *path, int error)
{
        (void)path;
        return error != ENOENT && error != ENOTDIR;
}

static bool files_list(Config *config, Error *err)
{
        CLEANUP(mem_drop) char *folder = file_folder(config->path);
        CLEANUP(mem_drop) char *pattern = file_beside(folder, "conf.d/*.yaml");
        glob_t found = { 0 };
        const int failed = glob(pattern, 0, folder_is_wrong, &found);

        file_add(config, config->path);
        for (size_t i = 0; !failed && i < found.gl_pathc; i++)
                file_add(config, found.gl_pathv[i]);
        globfree(&found);
        return !failed || failed == GLOB_NOMATCH ||
               error_set(err, file_glob_trouble(pattern), NULL, "%s: its folder cannot be read", pattern);
}

static bool main_read(Config *config, Error *err)
{
        CLEANUP(yaml_drop) Yaml *yaml = yaml_load(config->path, err);

        if (!yaml && access(config->path, R_OK) != 0)
                return error_add(err, "configuration (--config FILE, else HUB_CONFIG, else " CONFIG_DEFAULT ")");
        if (!yaml)
                return false;
        return sections_read(config, yaml, err) && tables_load(config, err) &&
               config_instances(config, yaml, config->files.items[0], err);
}

static bool part_read(Config *config, const char *file, Error *err)
{
        static const char *const names[] = { "instances" };
        CLEANUP(yaml_drop) Yaml *yaml = yaml_load(file, err);

        return yaml && config_keys(yaml, yaml_root(yaml), names, 1, err) && config_instances(config, yaml, file, err);
}

static bool files_read(Config *config, const char *path, Error *err)
{
        bool loaded;

        config->path = text_copy(config_path(path));
        loaded = files_list(config, err) && main_read(config, err);
        for (size_t i = 1; loaded && i < config->files.size; i++)
                loaded = part_read(config, config->files.items[i], err);
        if (!loaded)
                config_free(config);
        return loaded;
}

bool config_load(Config *config, const char *path, Error *err)
{
        *config = (Config){ 0 };
        return files_read(config, path, err);
}

bool config_load_for(Config *config, const char *path, const char *instance, Error *err)
{
        *config = (Config){ .is_for = true, .instance_for = instance };
        return files_read(config, path, err);
}

void config_free(Config *config)
{
        Section sections[SECTIONS];

        config_instances_free(config);
        sections_list(config, sections);
        for (size_t i = 0; i < SECTIONS; i++)
                options_free(sections[i].options, sections[i].size, sections[i].into);
        zones_free(config->zones);
        categories_free(config->categories);
        regions_free(config->regions);
        gazetteer_free(config->gazetteer);
        platforms_free(config->platforms);
        for (size_t i = 0; i < config->files.size; i++)
                free(config->files.items[i]);
        free(config->files.items);
        free(config->path);
        *config = (Config){ 0 };
}
