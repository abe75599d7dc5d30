#pragma once

/* What the files of the rules share. */

#include "hub/base/map.h"
#include "hub/correlate/rules.h"

struct Rules {
        RuleSet set;
        Categories *categories;
        char *categories_path; /* NULL: the shipped table */
        char *words_path;      /* the same */
        Words words;           /* of day 0 */
        CategoryRules *usual;  /* the entry "default" of by_category */
        Map *by_category;      /* code -> CategoryRules * */
};

bool rules_read(Rules *rules, const char *path, Error *err);
