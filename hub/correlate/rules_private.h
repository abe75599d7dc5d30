#pragma once

/* What the files of the rules share. */

#include "hub/base/map.h"
#include "hub/correlate/rules.h"

struct Rules {
        RuleSet set;
        Categories *categories;
        char *categories_path; /* NULL: the shipped table */
        CategoryRules *usual;  /* the entry "default" of by_category */
        Map *by_category;      /* code -> CategoryRules * */
};

bool rules_read(Rules *rules, const char *path, Error *err);
