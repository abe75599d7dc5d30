#pragma once

/* What the files of the rules share. */

#include "hub/base/map.h"
#include "hub/base/options.h"
#include "hub/rules/rules.h"

struct Rules {
        RuleSet set;
        Categories *categories;
        char *categories_path; /* NULL: the shipped table */
        char *words_path;      /* the same */
        Words words;           /* of day 0 */
        char *calendar_path;   /* the same */
        Calendar *calendar;
        CategoryRules *usual; /* the entry "default" of by_category */
        Map *by_category;     /* code -> CategoryRules * */
};

enum { POINTS_MOST = 100000 };
#define POINTS .least = -POINTS_MOST, .most = POINTS_MOST

bool rules_read(Rules *rules, const char *path, Error *err);
bool rules_limits_read(Rules *rules, const Yaml *yaml, const json_t *root, Error *err);
