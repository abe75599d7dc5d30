/* The entries of `limits`: what holds by category. */

#include "hub/rules/rules_private.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
        int64_t rate, far, said, thing, along, apart, radius_m, diameter_m, members, grace_ms, idle_ms, recur_ms,
                deadline_ms, deadline_workdays, raise_platforms, raise_reports;
        bool raise_warned, street;
        char *registry;
} CategoryFile;

static const Option category_options[] = {
        { "rate", OPTION_INTEGER, offsetof(CategoryFile, rate), "0", POINTS, .about = "points for the category" },
        { "far", OPTION_INTEGER, offsetof(CategoryFile, far), "0", POINTS, .about = "points where over 20 m apart" },
        { "said", OPTION_INTEGER, offsetof(CategoryFile, said), "0", POINTS, .about = "points where texts are alike" },
        { "thing", OPTION_INTEGER, offsetof(CategoryFile, thing), "0", POINTS,
          .about = "points where both name one thing" },
        { "along", OPTION_INTEGER, offsetof(CategoryFile, along), "0", POINTS,
          .about = "points where both name one street, and other houses" },
        { "apart", OPTION_INTEGER, offsetof(CategoryFile, apart), "0", POINTS,
          .about = "points for each bin that the distance is farther" },
        { "street", OPTION_FLAG, offsetof(CategoryFile, street), "false",
          .about = "it is the state of a whole street: who tells of it by his own house within minutes of another "
                   "walks round nothing" },
        { "radius_m", OPTION_INTEGER, offsetof(CategoryFile, radius_m), "150", .least = 1, .most = 5000,
          .about = "farther apart: never compared" },
        { "diameter_m", OPTION_INTEGER, offsetof(CategoryFile, diameter_m), "200", .least = 1, .most = 100000,
          .about = "an incident never grows beyond" },
        { "members", OPTION_INTEGER, offsetof(CategoryFile, members), "50", .least = 1, .most = 10000,
          .about = "from so many subjects on a join takes `full` points more, and again at twice as many" },
        { "grace", OPTION_DURATION, offsetof(CategoryFile, grace_ms), "0s",
          .about = "reports still join after closing" },
        { "idle", OPTION_DURATION, offsetof(CategoryFile, idle_ms), "30d",
          .about = "no candidate after so long without an event" },
        { "recur", OPTION_DURATION, offsetof(CategoryFile, recur_ms), "30d",
          .about = "what comes so long after closing recurs" },
        { "deadline", OPTION_DURATION, offsetof(CategoryFile, deadline_ms), "0s",
          .about = "after opening, where no report brings one; 0s: none" },
        { "deadline_workdays", OPTION_INTEGER, offsetof(CategoryFile, deadline_workdays), "0", .least = 0, .most = 366,
          .about = "the same in working days, in place of deadline; 0: by the calendar" },
        { "raise_platforms", OPTION_INTEGER, offsetof(CategoryFile, raise_platforms), "3", .least = 0, .most = 64,
          .about = "so many platforms raise the severity; 0: never" },
        { "raise_reports", OPTION_INTEGER, offsetof(CategoryFile, raise_reports), "8", .least = 0, .most = 10000,
          .about = "so many reports raise the severity; 0: never" },
        { "raise_warned", OPTION_FLAG, offsetof(CategoryFile, raise_warned), "false",
          .about = "a weather warning in force raises the severity" },
        { "registry", OPTION_TEXT, offsetof(CategoryFile, registry),
          .about = "category of the registry rows that permit it: one in force lowers the severity, one that ran out "
                   "raises it" },
};

static bool registry_take(CategoryRules *one, const char *code, const Yaml *yaml, const json_t *node, Error *err)
{
        if (!code)
                return true;
        if (strlen(code) >= sizeof one->registry)
                return yaml_error(yaml, json_object_get(node, "registry"), err,
                                  "limits: registry: \"%s\" is no category's code", code);
        memcpy(one->registry, code, strlen(code) + 1);
        return true;
}

static bool category_read(CategoryRules *one, const Yaml *yaml, const json_t *node, Error *err)
{
        CategoryFile file = { 0 };

        if (!options_read(category_options, sizeof category_options / sizeof *category_options, yaml, node, &file, err))
                return error_add(err, "limits");
        *one = (CategoryRules){ .own = { (int32_t)file.rate, (int32_t)file.far, (int32_t)file.said, (int32_t)file.thing,
                                         (int32_t)file.along, (int32_t)file.apart },
                                .radius_cm = file.radius_m * 100,
                                .diameter_cm = file.diameter_m * 100,
                                .members = file.members,
                                .grace_ms = file.grace_ms,
                                .idle_ms = file.idle_ms,
                                .recur_ms = file.recur_ms,
                                .deadline_ms = file.deadline_ms,
                                .deadline_workdays = file.deadline_workdays,
                                .raise_platforms = file.raise_platforms,
                                .raise_reports = file.raise_reports,
                                .raise_warned = file.raise_warned,
                                .street = file.street };
        CLEANUP(mem_drop) char *registry = file.registry;
        return registry_take(one, registry, yaml, node, err);
}

/* What an entry leaves out is the default's. Owned. */
static json_t *with_default(const json_t *usual, const json_t *node)
{
        if (!json_is_object(usual) || !json_is_object(node))
                return json_incref((json_t *)(uintptr_t)node);
        json_t *whole = json_copy((json_t *)(uintptr_t)usual);
        json_object_update(whole, (json_t *)(uintptr_t)node);
        return whole;
}

bool rules_limit_read(CategoryRules *one, const Rules *rules, const Yaml *yaml, const json_t *node, const json_t *usual,
                      Error *err)
{
        CLEANUP(json_drop) json_t *whole = with_default(usual, node);

        if (!category_read(one, yaml, whole, err))
                return false;
        one->calendar = rules->calendar;
        return true;
}

bool rules_limits_read(Rules *rules, const Yaml *yaml, const json_t *root, Error *err)
{
        const json_t *limits = json_object_get(root, "limits"), *usual = json_object_get(limits, "default");
        const char *key;
        const json_t *node;

        if (!json_is_object(limits) || !usual)
                return yaml_error(yaml, limits ? limits : root, err, "limits: an entry \"default\" is needed");
        json_object_foreach((json_t *)(uintptr_t)limits, key, node) {
                CategoryRules *one = mem_new(sizeof *one);

                if (!rules_limit_read(one, rules, yaml, node, usual, err)) {
                        free(one);
                        return false;
                }
                map_put_text(rules->by_category, key, one);
        }
        rules->usual = map_get_text(rules->by_category, "default");
        return true;
}
