/* Rules as the text of a file that rules_load() takes. */

#include "hub/rules/rules_private.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where the text will lie is not known: a table that is not the shipped one is named by its whole path. */
static void path_write(Buffer *out, const char *key, const char *file, const char *from)
{
        CLEANUP(buffer_free) Buffer path = { 0 };

        schemas_path(&path, file);
        CLEANUP(mem_drop) char *shipped = realpath(path.bytes, NULL);
        CLEANUP(mem_drop) char *used = from ? realpath(from, NULL) : NULL;
        if (!used || text_same(used, shipped))
                return;
        buffer_format(out, "%s: ", key);
        json_write_text(out, used, strlen(used));
        buffer_byte(out, '\n');
}

static void scalars_write(Buffer *out, const Rules *rules)
{
        const RuleSet *set = &rules->set;

        path_write(out, "categories", "categories.yaml", rules->categories_path);
        path_write(out, "words", "words.yaml", rules->words_path);
        path_write(out, "calendar", "calendar.yaml", rules->calendar_path);
        buffer_format(out, "prior: %d\nmerge: %d\nsuggest: %d\nfull: %d\n", set->tables[FEATURE_PRIOR].points[0],
                      set->merge, set->suggest, set->full);
        buffer_format(out, "scale_m: %" PRId64 "\nwide_m: %" PRId64 "\ncell_m: %" PRId64 "\ncoarse_m: %" PRId64 "\n",
                      set->scale_cm / 100, set->wide_cm / 100, set->cell_cm / 100, set->coarse_cm / 100);
        buffer_format(out, "candidates: %" PRId64 "\ncentroid: %" PRId64 "\n", set->candidates, set->centroid);
}

static void table_write(Buffer *out, const PointTable *table, Feature feature)
{
        const FeatureForm *form = feature_form(feature);

        buffer_format(out, "%s: {", form->name);
        for (size_t i = 0; form->choices && form->choices[i]; i++)
                buffer_format(out, "%s%s: %d", i ? ", " : " ", form->choices[i], table->points[i]);
        for (size_t i = 0; !form->choices && i < table->size; i++)
                buffer_format(out, "%s%" PRId64 ": %d", i ? ", " : " ", table->below[i] / form->unit, table->points[i]);
        if (!form->choices)
                buffer_format(out, "%smore: %d, absent: %d", table->size ? ", " : " ", table->points[table->size],
                              table->points[table->size + 1]);
        buffer_text(out, " }\n");
}

void rules_limit_write(Buffer *out, const CategoryRules *one)
{
        buffer_format(out,
                      "rate: %d, far: %d, said: %d, thing: %d, along: %d, apart: %d, radius_m: %" PRId64
                      ", diameter_m: %" PRId64 ", members: %" PRId64,
                      one->own[CATEGORY_RATE], one->own[CATEGORY_FAR], one->own[CATEGORY_SAID],
                      one->own[CATEGORY_THING], one->own[CATEGORY_ALONG], one->own[CATEGORY_APART],
                      one->radius_cm / 100, one->diameter_cm / 100, one->members);
        buffer_format(out, ", grace: %" PRId64 "ms, idle: %" PRId64 "ms, recur: %" PRId64 "ms, deadline: %" PRId64 "ms",
                      one->grace_ms, one->idle_ms, one->recur_ms, one->deadline_ms);
        if (one->deadline_workdays > 0)
                buffer_format(out, ", deadline_workdays: %" PRId64, one->deadline_workdays);
        buffer_format(out, ", raise_platforms: %" PRId64 ", raise_reports: %" PRId64 ", raise_warned: %s",
                      one->raise_platforms, one->raise_reports, one->raise_warned ? "true" : "false");
        if (one->street)
                buffer_text(out, ", street: true");
        if (one->registry[0]) {
                buffer_text(out, ", registry: ");
                json_write_text(out, one->registry, strlen(one->registry));
        }
        buffer_text(out, " }\n");
}

static bool category_write(const void *key, size_t size, void *value, void *context)
{
        buffer_text(context, "  ");
        json_write_text(context, key, size);
        buffer_text(context, ": { ");
        rules_limit_write(context, value);
        return true;
}

void rules_write(Buffer *out, const Rules *rules)
{
        scalars_write(out, rules);
        for (Feature f = FEATURE_CATEGORY; f < FEATURES; f++)
                table_write(out, &rules->set.tables[f], f);
        rules_kinds_write(out, rules);
        buffer_text(out, "limits:\n");
        map_each(rules->by_category, category_write, out);
}
