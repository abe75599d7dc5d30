#include "hub/event/category_table.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/event/fields.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MOST = 4 * 1024 * 1024, CODE_MOST = 32 };

static const char *const severity_choices[] = { "none", "info", "low", "medium", "high", "critical", NULL };

static const Option row_options[] = {
        { "name", OPTION_TEXT, offsetof(CategoryRow, name), .flags = OPTION_REQUIRED },
        { "name_en", OPTION_TEXT, offsetof(CategoryRow, name_en) },
        { "group", OPTION_TEXT, offsetof(CategoryRow, group), .value = "" },
        { "severity", OPTION_CHOICE, offsetof(CategoryRow, severity), .value = "none", .choices = severity_choices },
        { "aliases", OPTION_LIST, offsetof(CategoryRow, aliases) },
};

static const Option rule_options[] = {
        { "code", OPTION_TEXT, offsetof(CategoryRule, code), .flags = OPTION_REQUIRED },
        { "any", OPTION_LIST, offsetof(CategoryRule, any) },
        { "all", OPTION_LIST, offsetof(CategoryRule, all) },
        { "none", OPTION_LIST, offsetof(CategoryRule, none) },
};

enum {
        ROW_OPTIONS = sizeof(row_options) / sizeof(row_options[0]),
        RULE_OPTIONS = sizeof(rule_options) / sizeof(rule_options[0]),
};

void category_fold(Buffer *out, const char *text)
{
        const char *end = text + strlen(text);

        buffer_room(out, strlen(text));
        while (text < end) {
                uint32_t point = text_next(&text, end);

                if (point >= 0xff01 && point <= 0xff5e)
                        point -= 0xfee0;
                if (point >= 'A' && point <= 'Z')
                        point += 'a' - 'A';
                text_put(out, point);
        }
}

static void list_fold(TextList *list)
{
        for (size_t i = 0; i < list->size; i++) {
                CLEANUP(buffer_free) Buffer folded = { 0 };

                category_fold(&folded, list->items[i]);
                mem_drop(&list->items[i]);
                list->items[i] = mem_copy(folded.bytes, folded.size);
        }
}

/* A name that two categories share would find either: refused. */
static bool name_add(const Categories *table, Map *map, const char *name, const json_t *node, Category *category,
                     Error *err)
{
        CLEANUP(buffer_free) Buffer plain = { 0 };
        const Category *known;

        if (!name)
                return true;
        text_normalise(&plain, name, strlen(name));
        if (plain.size == 0)
                return yaml_error(table->yaml, node, err, "\"%s\" has neither letters nor digits", name);
        known = map_get(map, plain.bytes, plain.size);
        if (known && known != category)
                return yaml_error(table->yaml, node, err, "\"%s\" names both %s and %s", name, known->code,
                                  category->code);
        map_put(map, plain.bytes, plain.size, category);
        return true;
}

static bool row_load(Categories *table, const char *code, const json_t *node, Error *err)
{
        CategoryRow *row = &table->rows[table->size];
        Category *category = &table->items[table->size];

        if (!form_fits(FORM_NAME, code, CODE_MOST))
                return yaml_error(table->yaml, node, err, "\"%s\" is no code: 1 to 32 of A-Z a-z 0-9 . _ -", code);
        if (!options_read(row_options, ROW_OPTIONS, table->yaml, node, row, err))
                return false;
        table->size++;
        *category = (Category){ code, row->name, row->group, (EventSeverity)row->severity, row->name_en };
        map_put_text(table->by_code, code, category);
        if (!name_add(table, table->by_name, row->name, node, category, err) ||
            !name_add(table, table->by_name, row->name_en, node, category, err))
                return false;
        for (size_t i = 0; i < row->aliases.size; i++)
                if (!name_add(table, table->by_alias, row->aliases.items[i], node, category, err))
                        return false;
        return true;
}

static bool rows_load(Categories *table, const json_t *root, Error *err)
{
        json_t *rows = json_object_get(root, "categories");
        const char *code;
        json_t *node;

        if (!json_is_object(rows) || json_object_size(rows) == 0)
                return yaml_error(table->yaml, rows ? rows : root, err, "categories: a mapping of codes is needed");
        table->rows = mem_new(json_object_size(rows) * sizeof(CategoryRow));
        table->items = mem_new(json_object_size(rows) * sizeof(Category));
        json_object_foreach(rows, code, node)
                if (!row_load(table, code, node, err))
                        return false;
        return true;
}

static bool rule_load(Categories *table, const json_t *node, Error *err)
{
        CategoryRule *rule = &table->rules[table->rules_size];

        if (!options_read(rule_options, RULE_OPTIONS, table->yaml, node, rule, err))
                return false;
        table->rules_size++;
        rule->category = map_get_text(table->by_code, rule->code);
        if (!rule->category)
                return yaml_error(table->yaml, node, err, "code: \"%s\" is not among the categories", rule->code);
        if (rule->any.size + rule->all.size == 0)
                return yaml_error(table->yaml, node, err, "a rule needs `any` or `all`");
        list_fold(&rule->any);
        list_fold(&rule->all);
        list_fold(&rule->none);
        return true;
}

static bool rules_load(Categories *table, const json_t *root, Error *err)
{
        const json_t *rules = json_object_get(root, "rules");

        if (rules && !json_is_array(rules))
                return yaml_error(table->yaml, rules, err, "rules: a list is needed");
        table->rules = mem_new((json_array_size(rules) + 1) * sizeof(CategoryRule));
        for (size_t i = 0; i < json_array_size(rules); i++)
                if (!rule_load(table, json_array_get(rules, i), err))
                        return false;
        return true;
}

static bool keys_check(const Categories *table, const json_t *root, Error *err)
{
        static const char *const known[] = { "default", "prefix", "categories", "rules" };
        const char *key;
        json_t *node;

        if (!json_is_object(root))
                return yaml_error(table->yaml, root, err, "a mapping is needed: default, categories, rules");
        /* Jansson's iterators take no const. NOLINTNEXTLINE(performance-no-int-to-ptr) */
        json_object_foreach((json_t *)(uintptr_t)root, key, node) {
                size_t i = 0;

                while (i < 4 && strcmp(known[i], key) != 0)
                        i++;
                if (i == 4)
                        return yaml_error(table->yaml, node, err, "unknown key \"%s\"", key);
        }
        return true;
}

static bool table_load(Categories *table, Error *err)
{
        const json_t *root = yaml_root(table->yaml);
        const char *fallback;

        if (!keys_check(table, root, err))
                return false;
        fallback = json_string_value(json_object_get(root, "default"));
        table->prefix = text_copy(json_string_value(json_object_get(root, "prefix")));
        if (!rows_load(table, root, err) || !rules_load(table, root, err))
                return false;
        table->default_category = fallback ? map_get_text(table->by_code, fallback) : NULL;
        if (!table->default_category)
                return yaml_error(table->yaml, json_object_get(root, "default"), err, "default: must name a category");
        return true;
}

static void categories_drop(Categories **table)
{
        categories_free(*table);
        *table = NULL;
}

Categories *categories_load(const char *path, Error *err)
{
        CLEANUP(categories_drop) Categories *table = mem_new(sizeof(*table));
        CLEANUP(buffer_free) Buffer shipped = { 0 };
        CLEANUP(buffer_free) Buffer text = { 0 };
        Categories *loaded;

        if (!path) {
                schemas_path(&shipped, "categories.yaml");
                path = shipped.bytes;
        }
        table->by_code = map_new();
        table->by_name = map_new();
        table->by_alias = map_new();
        if (!file_read(&text, path, FILE_MOST, err))
                return NULL;
        sha256_text(text.bytes, text.size, table->sha256);
        table->yaml = yaml_parse(path, text.bytes, text.size, err);
        if (!table->yaml || !table_load(table, err))
                return NULL;
        loaded = table;
        table = NULL;
        return loaded;
}

void categories_free(Categories *table)
{
        if (!table)
                return;
        for (size_t i = 0; i < table->size; i++)
                options_free(row_options, ROW_OPTIONS, &table->rows[i]);
        for (size_t i = 0; i < table->rules_size; i++)
                options_free(rule_options, RULE_OPTIONS, &table->rules[i]);
        free(table->rows);
        free(table->items);
        free(table->rules);
        free(table->prefix);
        map_free(table->by_code, NULL);
        map_free(table->by_name, NULL);
        map_free(table->by_alias, NULL);
        yaml_close(table->yaml);
        free(table);
}
