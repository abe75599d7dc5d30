#include "hub/correlate/rules.h"

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/options.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { RULES_FILE_MOST = 4 << 20 };

struct Rules {
        RuleSet set;
        Categories *categories;
        CategoryRules usual;
        Map *by_category; /* code -> CategoryRules * */
};

/* The file as it is written; turned into RuleSet after reading. */
typedef struct {
        char *categories;
        int64_t prior, merge, suggest, scale_m, wide_m, cell_m, coarse_m, candidates;
} RulesFile;

#define POINTS .least = -100000, .most = 100000
static const Option file_options[] = {
        { "categories", OPTION_PATH, offsetof(RulesFile, categories), .flags = OPTION_REQUIRED,
          .about = "category table" },
        { "prior", OPTION_INTEGER, offsetof(RulesFile, prior), .flags = OPTION_REQUIRED, POINTS,
          .about = "points before any evidence" },
        { "merge", OPTION_INTEGER, offsetof(RulesFile, merge), .flags = OPTION_REQUIRED, POINTS,
          .about = "join at or above" },
        { "suggest", OPTION_INTEGER, offsetof(RulesFile, suggest), .flags = OPTION_REQUIRED, POINTS,
          .about = "suggest at or above" },
        { "scale_m", OPTION_INTEGER, offsetof(RulesFile, scale_m), "10", .least = 1, .most = 10000,
          .about = "accuracy that leaves distances as they are" },
        { "wide_m", OPTION_INTEGER, offsetof(RulesFile, wide_m), "300", .least = 1, .most = 100000,
          .about = "a position less accurate is wide" },
        { "cell_m", OPTION_INTEGER, offsetof(RulesFile, cell_m), "250", .least = 10, .most = 5000,
          .about = "cell of the fine grid" },
        { "coarse_m", OPTION_INTEGER, offsetof(RulesFile, coarse_m), "3000", .least = 100, .most = 100000,
          .about = "cell of the coarse grid" },
        { "candidates", OPTION_INTEGER, offsetof(RulesFile, candidates), "512", .least = 8, .most = 100000,
          .about = "most incidents compared with one event" },
};

typedef struct {
        int64_t rate, radius_m, diameter_m, members, grace_ms, idle_ms;
} CategoryFile;

static const Option category_options[] = {
        { "rate", OPTION_INTEGER, offsetof(CategoryFile, rate), "0", POINTS, .about = "points for the category" },
        { "radius_m", OPTION_INTEGER, offsetof(CategoryFile, radius_m), "150", .least = 1, .most = 5000,
          .about = "farther apart: never compared" },
        { "diameter_m", OPTION_INTEGER, offsetof(CategoryFile, diameter_m), "200", .least = 1, .most = 100000,
          .about = "an incident never grows beyond" },
        { "members", OPTION_INTEGER, offsetof(CategoryFile, members), "50", .least = 1, .most = 10000,
          .about = "most subjects of an incident" },
        { "grace", OPTION_DURATION, offsetof(CategoryFile, grace_ms), "0s",
          .about = "reports still join after closing" },
        { "idle", OPTION_DURATION, offsetof(CategoryFile, idle_ms), "30d",
          .about = "no candidate after so long without an event" },
};

static bool bins_fill(RuleBins *bins, const char *key, int64_t points, int64_t unit, Error *err)
{
        int64_t below;

        if (text_same(key, "more"))
                bins->more = (int32_t)points;
        else if (text_same(key, "absent"))
                bins->absent = (int32_t)points;
        else if (!text_read_integer(key, &below))
                return error_set(err, ERR_FATAL, NULL, "\"%s\" is neither a number nor \"more\" nor \"absent\"", key);
        else if (bins->size == RULES_BINS_MOST)
                return error_set(err, ERR_FATAL, NULL, "more than %d bins", RULES_BINS_MOST);
        else if (bins->size > 0 && below * unit <= bins->below[bins->size - 1])
                return error_set(err, ERR_FATAL, NULL, "bins do not rise at %s", key);
        else {
                bins->below[bins->size] = below * unit;
                bins->points[bins->size++] = (int32_t)points;
        }
        return true;
}

static bool bins_read(RuleBins *bins, const Yaml *yaml, const json_t *root, const char *name, int64_t unit, Error *err)
{
        const json_t *node = json_object_get(root, name);
        const char *key;
        const json_t *value;

        if (!json_is_object(node))
                return yaml_error(yaml, node ? node : root, err, "%s: a table of bins is needed", name);
        json_object_foreach((json_t *)(uintptr_t)node, key, value) {
                int64_t points;

                if (!json_is_string(value) || !text_read_integer(json_string_value(value), &points) ||
                    llabs(points) > 100000)
                        return yaml_error(yaml, value, err, "%s.%s: points are whole numbers up to 100000", name, key);
                if (!bins_fill(bins, key, points, unit, err))
                        return yaml_error(yaml, value, err,
                                          "%s: bins rise, the rest is \"more\", a missing side \"absent\"", name);
        }
        return true;
}

/* A small fixed mapping of names to points: category, object, channel. */
static bool points_read(const Yaml *yaml, const json_t *root, const char *name, const char *const *keys,
                        int32_t *const *into, size_t size, Error *err)
{
        const json_t *node = json_object_get(root, name);

        if (!json_is_object(node) || json_object_size(node) != size)
                return yaml_error(yaml, node ? node : root, err, "%s: exactly %zu entries are needed", name, size);
        for (size_t i = 0; i < size; i++) {
                const json_t *value = json_object_get(node, keys[i]);
                int64_t points;

                if (!json_is_string(value) || !text_read_integer(json_string_value(value), &points) ||
                    llabs(points) > 100000)
                        return yaml_error(yaml, value ? value : node, err,
                                          "%s.%s: points are whole numbers up to 100000", name, keys[i]);
                *into[i] = (int32_t)points;
        }
        return true;
}

static bool tables_read(RuleSet *set, const Yaml *yaml, const json_t *root, Error *err)
{
        const char *const category[] = { "same", "related", "other" };
        int32_t *const category_into[] = { &set->category_same, &set->category_related, &set->category_other };
        const char *const object[] = { "equal", "different", "absent" };
        int32_t *const object_into[] = { &set->object_equal, &set->object_different, &set->object_absent };
        const char *const channel[] = { "same", "other" };
        int32_t *const channel_into[] = { &set->channel_same, &set->channel_other };

        return bins_read(&set->distance, yaml, root, "distance", 100, err) &&
               bins_read(&set->accuracy, yaml, root, "accuracy", 100, err) &&
               bins_read(&set->age, yaml, root, "age", 1, err) && bins_read(&set->text, yaml, root, "text", 1, err) &&
               points_read(yaml, root, "category", category, category_into, 3, err) &&
               points_read(yaml, root, "object", object, object_into, 3, err) &&
               points_read(yaml, root, "channel", channel, channel_into, 2, err);
}

static bool category_read(CategoryRules *rules, const Yaml *yaml, const json_t *node, Error *err)
{
        CategoryFile file = { 0 };

        if (!options_read(category_options, sizeof category_options / sizeof *category_options, yaml, node, &file, err))
                return error_add(err, "limits");
        *rules = (CategoryRules){ .rate = (int32_t)file.rate,
                                  .radius_cm = file.radius_m * 100,
                                  .diameter_cm = file.diameter_m * 100,
                                  .members = file.members,
                                  .grace_ms = file.grace_ms,
                                  .idle_ms = file.idle_ms };
        return true;
}

static bool limits_read(Rules *rules, const Yaml *yaml, const json_t *root, Error *err)
{
        const json_t *limits = json_object_get(root, "limits");
        const char *key;
        const json_t *node;

        if (!json_is_object(limits) || !json_object_get(limits, "default"))
                return yaml_error(yaml, limits ? limits : root, err, "limits: an entry \"default\" is needed");
        json_object_foreach((json_t *)(uintptr_t)limits, key, node) {
                CategoryRules *one = mem_new(sizeof *one);

                if (!category_read(one, yaml, node, err)) {
                        free(one);
                        return false;
                }
                map_put_text(rules->by_category, key, one);
        }
        rules->usual = *(const CategoryRules *)map_get_text(rules->by_category, "default");
        return true;
}

/* The scalar settings: all of the file that is no table. */
static json_t *scalars_of(const json_t *root)
{
        static const char *const tables[] = { "distance", "accuracy", "age",    "text",    "category",
                                              "object",   "channel",  "limits", "evidence" };
        json_t *scalars = json_copy((json_t *)(uintptr_t)root);

        for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
                json_object_del(scalars, tables[i]);
        return scalars;
}

static bool version_make(Rules *rules, const char *path, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        char sum[SHA256_TEXT_SIZE];

        if (!file_read(&text, path, RULES_FILE_MOST, err))
                return false;
        sha256_text(text.bytes ? text.bytes : "", text.size, sum);
        buffer_clear(&text);
        buffer_format(&text, "%s\n%s\n", sum, categories_sha256(rules->categories));
        sha256_text(text.bytes, text.size, rules->set.version);
        return true;
}

static bool rules_read(Rules *rules, const char *path, Error *err)
{
        CLEANUP(yaml_drop) Yaml *yaml = yaml_load(path, err);
        RulesFile file = { 0 };
        const size_t size = sizeof file_options / sizeof *file_options;

        if (!yaml)
                return false;
        const json_t *root = yaml_root(yaml);
        if (!json_is_object(root))
                return yaml_error(yaml, root, err, "rules are a mapping");
        CLEANUP(json_drop) json_t *scalars = scalars_of(root);
        if (!options_read(file_options, size, yaml, scalars, &file, err))
                return false;
        rules->set = (RuleSet){ .prior = (int32_t)file.prior,
                                .merge = (int32_t)file.merge,
                                .suggest = (int32_t)file.suggest,
                                .scale_cm = file.scale_m * 100,
                                .wide_cm = file.wide_m * 100,
                                .cell_cm = file.cell_m * 100,
                                .coarse_cm = file.coarse_m * 100,
                                .candidates = file.candidates };
        rules->categories = categories_load(file.categories, err);
        options_free(file_options, size, &file);
        if (!rules->categories)
                return error_add(err, "%s", path);
        if (rules->set.suggest > rules->set.merge)
                return error_set(err, ERR_FATAL, NULL, "%s: suggest is above merge", path);
        return tables_read(&rules->set, yaml, root, err) && limits_read(rules, yaml, root, err) &&
               version_make(rules, path, err);
}

Rules *rules_load(const char *path, Error *err)
{
        CLEANUP(buffer_free) Buffer shipped = { 0 };
        Rules *rules = mem_new(sizeof *rules);

        if (!path) {
                schemas_path(&shipped, "rules.yaml");
                path = shipped.bytes;
        }
        rules->by_category = map_new();
        if (!rules_read(rules, path, err)) {
                rules_free(rules);
                return NULL;
        }
        return rules;
}

const RuleSet *rules_set(const Rules *rules)
{
        return &rules->set;
}

const CategoryRules *rules_category(const Rules *rules, const char *code)
{
        const CategoryRules *found = map_get_text(rules->by_category, code);

        return found ? found : &rules->usual;
}

const char *rules_group(const Rules *rules, const char *code)
{
        const Category *found = categories_code(rules->categories, code);

        return found && found->group && *found->group ? found->group : NULL;
}

const char *rules_version(const Rules *rules)
{
        return rules->set.version;
}

int32_t rules_points(const RuleBins *bins, int64_t value)
{
        for (size_t i = 0; i < bins->size; i++)
                if (value < bins->below[i])
                        return bins->points[i];
        return bins->more;
}

void rules_free(Rules *rules)
{
        if (!rules)
                return;
        map_free(rules->by_category, free);
        categories_free(rules->categories);
        free(rules);
}
