#include "hub/rules/rules_private.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>

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

        if (!found)
                found = rules_kind(rules, code);
        return found ? found : rules->usual;
}

const char *rules_group(const Rules *rules, const char *code)
{
        const Category *found = categories_code(rules->categories, code);

        return found && found->group && *found->group ? found->group : NULL;
}

EventSeverity rules_severity(const Rules *rules, const char *code)
{
        const Category *found = categories_code(rules->categories, code);

        return found && found->severity != SEVERITY_NONE ? found->severity : SEVERITY_INFO;
}

int64_t rules_deadline(const CategoryRules *rule, int64_t opened)
{
        if (rule->deadline_workdays > 0)
                return calendar_add(rule->calendar, opened, rule->deadline_workdays);
        return rule->deadline_ms > 0 ? opened + rule->deadline_ms : TIME_NONE;
}

typedef struct {
        const char *code;
        bool found;
} Heeding;

static bool heeds(const void *key, size_t size, void *value, void *context)
{
        Heeding *heeding = context;

        (void)key;
        (void)size;
        heeding->found = text_same(((const CategoryRules *)value)->registry, heeding->code);
        return !heeding->found;
}

bool rules_heed(const Rules *rules, const char *code)
{
        Heeding heeding = { code, false };

        map_each(rules->by_category, heeds, &heeding);
        return heeding.found;
}

const Words *rules_words(const Rules *rules)
{
        return &rules->words;
}

const char *rules_version(const Rules *rules)
{
        return rules->set.version;
}

Feature category_feature(size_t point)
{
        static const Feature features[CATEGORY_POINTS] = { FEATURE_RATE,  FEATURE_FAR,     FEATURE_SAID,
                                                           FEATURE_THING, FEATURE_ADDRESS, FEATURE_DISTANCE };

        return features[point];
}

size_t table_bins(const PointTable *table, Feature feature)
{
        const size_t choices = feature_choices(feature);

        return choices ? choices : table->size + 2;
}

RuleSet *rules_edit(Rules *rules)
{
        return &rules->set;
}

CategoryRules *rules_edit_category(Rules *rules, const char *code)
{
        CategoryRules *found = map_get_text(rules->by_category, code);

        if (found)
                return found;
        found = mem_copy(rules_category(rules, code), sizeof *found);
        map_put_text(rules->by_category, code, found);
        return found;
}

void rules_free(Rules *rules)
{
        if (!rules)
                return;
        map_free(rules->by_category, free);
        rules_kinds_free(rules);
        categories_free(rules->categories);
        free(rules->categories_path);
        free(rules->words_path);
        free(rules->calendar_path);
        calendar_free(rules->calendar);
        free(rules);
}
