/* Rules from their file. */

#include "hub/rules/rules_private.h"

#include "hub/base/crypto.h"
#include "hub/base/file.h"
#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/options.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { RULES_FILE_MOST = 4 << 20 };

/* The scalar settings as they are written. */
typedef struct {
        char *categories, *words, *calendar;
        int64_t prior, merge, suggest, full, scale_m, wide_m, cell_m, coarse_m, candidates, centroid;
} RulesFile;

static const Option file_options[] = {
        { "categories", OPTION_PATH, offsetof(RulesFile, categories), .about = "category table; the shipped one" },
        { "words", OPTION_PATH, offsetof(RulesFile, words), .about = "how common words are on day 0; the shipped one" },
        { "calendar", OPTION_PATH, offsetof(RulesFile, calendar), .about = "working days; the shipped ones" },
        { "prior", OPTION_INTEGER, offsetof(RulesFile, prior), .flags = OPTION_REQUIRED, POINTS,
          .about = "points before any evidence" },
        { "merge", OPTION_INTEGER, offsetof(RulesFile, merge), .flags = OPTION_REQUIRED, POINTS,
          .about = "join at or above" },
        { "suggest", OPTION_INTEGER, offsetof(RulesFile, suggest), .flags = OPTION_REQUIRED, POINTS,
          .about = "suggest at or above" },
        { "full", OPTION_INTEGER, offsetof(RulesFile, full), "500", .least = 0, .most = POINTS_MOST,
          .about = "more than merge, each time that an incident reaches members, twice as many, and so on" },
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
        { "centroid", OPTION_INTEGER, offsetof(RulesFile, centroid), "5", .least = 2, .most = 10000,
          .about = "so many different things on one point make it wide" },
};

static bool points_read(const Yaml *yaml, const json_t *value, const char *name, const char *key, int32_t *points,
                        Error *err)
{
        int64_t number;

        if (!json_is_string(value) || !text_read_integer(json_string_value(value), &number) ||
            llabs(number) > POINTS_MOST)
                return yaml_error(yaml, value, err, "%s.%s: points are whole numbers up to %d", name, key, POINTS_MOST);
        *points = (int32_t)number;
        return true;
}

static bool bin_add(PointTable *table, const char *key, int32_t points, int64_t unit)
{
        int64_t below;

        if (!text_read_integer(key, &below) || table->size == TABLE_BINS_MOST ||
            (table->size > 0 && below * unit <= table->below[table->size - 1]))
                return false;
        table->below[table->size] = below * unit;
        table->points[table->size++] = points;
        return true;
}

static bool numbers_read(PointTable *table, Feature feature, const Yaml *yaml, const json_t *node, Error *err)
{
        const FeatureForm *form = feature_form(feature);
        int32_t more = 0, absent = 0, points = 0;
        const char *key;
        const json_t *value;

        json_object_foreach((json_t *)(uintptr_t)node, key, value) {
                if (!points_read(yaml, value, form->name, key, &points, err))
                        return false;
                if (text_same(key, "more"))
                        more = points;
                else if (text_same(key, "absent"))
                        absent = points;
                else if (!bin_add(table, key, points, form->unit))
                        return yaml_error(yaml, value, err,
                                          "%s: at most %d bins, rising numbers, the rest is \"more\", a missing side "
                                          "\"absent\"",
                                          form->name, TABLE_BINS_MOST);
        }
        table->points[table->size] = more;
        table->points[table->size + 1] = absent;
        return true;
}

/* "equal" and "different" hold for every kind of object that is not named itself. */
static void kinds_fill(PointTable *table, const json_t *node, int32_t equal, int32_t different)
{
        const FeatureForm *form = feature_form(FEATURE_OBJECT);

        for (size_t i = 1; form->choices[i]; i++)
                if (!json_object_get(node, form->choices[i]))
                        table->points[i] = i % 2 ? equal : different;
}

static bool choices_read(PointTable *table, Feature feature, const Yaml *yaml, const json_t *node, Error *err)
{
        const FeatureForm *form = feature_form(feature);
        int32_t kinds[2] = { 0 };
        const char *key;
        const json_t *value;

        json_object_foreach((json_t *)(uintptr_t)node, key, value) {
                int32_t *into = NULL;

                for (size_t i = 0; form->choices[i] && !into; i++)
                        into = text_same(form->choices[i], key) ? &table->points[i] : NULL;
                if (feature == FEATURE_OBJECT && (text_same(key, "equal") || text_same(key, "different")))
                        into = &kinds[text_same(key, "different")];
                if (!into)
                        return yaml_error(yaml, value, err, "%s: \"%s\" is none of its choices", form->name, key);
                if (!points_read(yaml, value, form->name, key, into, err))
                        return false;
        }
        if (feature == FEATURE_OBJECT)
                kinds_fill(table, node, kinds[0], kinds[1]);
        return true;
}

static bool tables_read(RuleSet *set, const Yaml *yaml, const json_t *root, Error *err)
{
        for (Feature f = FEATURE_CATEGORY; f < FEATURES; f++) {
                const json_t *node = json_object_get(root, feature_form(f)->name);

                if (node && !json_is_object(node))
                        return yaml_error(yaml, node, err, "%s: a table is needed", feature_form(f)->name);
                if (node && !(feature_form(f)->choices ? choices_read(&set->tables[f], f, yaml, node, err)
                                                       : numbers_read(&set->tables[f], f, yaml, node, err)))
                        return false;
        }
        return true;
}

/* All of the file that is no table. */
static json_t *scalars_of(const json_t *root)
{
        json_t *scalars = json_copy((json_t *)(uintptr_t)root);

        for (Feature f = FEATURE_CATEGORY; f < FEATURES; f++)
                json_object_del(scalars, feature_form(f)->name);
        json_object_del(scalars, "limits");
        json_object_del(scalars, "kinds");
        return scalars;
}

static bool file_sum(const char *path, char sum[SHA256_TEXT_SIZE], Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        if (!file_read(&text, path, RULES_FILE_MOST, err))
                return false;
        sha256_text(text.bytes ? text.bytes : "", text.size, sum);
        return true;
}

static bool version_make(Rules *rules, const char *path, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        char sum[SHA256_TEXT_SIZE], words[SHA256_TEXT_SIZE], days[SHA256_TEXT_SIZE];

        if (!file_sum(path, sum, err) || !file_sum(rules->words_path, words, err) ||
            !file_sum(rules->calendar_path, days, err))
                return false;
        buffer_format(&text, "%s\n%s\n%s\n%s\n", sum, categories_sha256(rules->categories), words, days);
        sha256_text(text.bytes, text.size, rules->set.version);
        return true;
}

static bool scalars_read(Rules *rules, const Yaml *yaml, const json_t *root, Error *err)
{
        CLEANUP(json_drop) json_t *scalars = scalars_of(root);
        RulesFile file = { 0 };

        if (!options_read(file_options, sizeof file_options / sizeof *file_options, yaml, scalars, &file, err))
                return false;
        rules->set = (RuleSet){ .merge = (int32_t)file.merge,
                                .suggest = (int32_t)file.suggest,
                                .full = (int32_t)file.full,
                                .scale_cm = file.scale_m * 100,
                                .wide_cm = file.wide_m * 100,
                                .cell_cm = file.cell_m * 100,
                                .coarse_cm = file.coarse_m * 100,
                                .candidates = file.candidates,
                                .centroid = file.centroid };
        rules->set.tables[FEATURE_PRIOR].points[0] = (int32_t)file.prior;
        rules->categories_path = file.categories;
        rules->words_path = file.words;
        rules->calendar_path = file.calendar;
        if (rules->set.suggest > rules->set.merge)
                return yaml_error(yaml, json_object_get(root, "suggest"), err, "suggest is above merge");
        return true;
}

static bool day_zero_read(Rules *rules, Error *err)
{
        CLEANUP(buffer_free) Buffer shipped = { 0 };

        schemas_path(&shipped, "words.yaml");
        if (!rules->words_path)
                rules->words_path = text_copy(shipped.bytes);
        return words_start(&rules->words, rules->words_path, err);
}

static bool calendar_read(Rules *rules, Error *err)
{
        CLEANUP(buffer_free) Buffer shipped = { 0 };

        schemas_path(&shipped, "calendar.yaml");
        if (!rules->calendar_path)
                rules->calendar_path = text_copy(shipped.bytes);
        rules->calendar = calendar_load(rules->calendar_path, err);
        return rules->calendar != NULL;
}

bool rules_read(Rules *rules, const char *path, Error *err)
{
        CLEANUP(yaml_drop) Yaml *yaml = yaml_load(path, err);

        if (!yaml)
                return false;
        const json_t *root = yaml_root(yaml);
        if (!json_is_object(root))
                return yaml_error(yaml, root, err, "rules are a mapping");
        if (!scalars_read(rules, yaml, root, err))
                return false;
        rules->categories = categories_load(rules->categories_path, err);
        if (!rules->categories)
                return error_add(err, "%s", path);
        return day_zero_read(rules, err) && calendar_read(rules, err) && tables_read(&rules->set, yaml, root, err) &&
               rules_limits_read(rules, yaml, root, err) && rules_kinds_read(rules, yaml, root, err) &&
               version_make(rules, path, err);
}
