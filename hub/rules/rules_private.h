#pragma once

/* What the files of the rules share. */

#include "hub/base/map.h"
#include "hub/base/options.h"
#include "hub/rules/rules.h"

/* What holds for codes that hold one of the words. */
typedef struct {
        char *name, *words; /* owned; words: lower case, with blanks between */
        CategoryRules rule;
} Kind;

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
        Kind *kinds;          /* owned; the first that fits counts */
        size_t kinds_size;
};

enum { POINTS_MOST = 100000 };
#define POINTS .least = -POINTS_MOST, .most = POINTS_MOST

bool rules_read(Rules *rules, const char *path, Error *err);
/* One entry; what it leaves out is the usual one's. */
bool rules_limit_read(CategoryRules *one, const Rules *rules, const Yaml *yaml, const json_t *node, const json_t *usual,
                      Error *err);
void rules_limit_write(Buffer *out, const CategoryRules *one); /* "rate: 0, ... }" and the end of the line */
bool rules_kinds_read(Rules *rules, const Yaml *yaml, const json_t *root, Error *err); /* after the calendar */
const CategoryRules *rules_kind(const Rules *rules, const char *code);                 /* NULL: none fits */
void rules_kinds_write(Buffer *out, const Rules *rules);
void rules_kinds_free(Rules *rules);
bool rules_limits_read(Rules *rules, const Yaml *yaml, const json_t *root, Error *err);
