#pragma once

/* Inside of the category table: what category_load.c fills and category.c searches. */

#include "hub/base/crypto.h"
#include "hub/base/map.h"
#include "hub/base/options.h"
#include "hub/base/yaml.h"
#include "hub/event/category.h"

typedef struct {
        char *name, *name_en, *group;
        int severity;
        TextList aliases;
} CategoryRow;

typedef struct {
        char *code;
        TextList any, all, none; /* folded keywords */
        const Category *category;
} CategoryRule;

struct Categories {
        Yaml *yaml;   /* the codes are its keys */
        char *prefix; /* of a code of digits alone; NULL: none */
        CategoryRow *rows;
        Category *items; /* items[i] borrows from rows[i] */
        size_t size;
        CategoryRule *rules;
        size_t rules_size;
        Map *by_code, *by_name, *by_alias; /* borrow from items; names are normalised */
        const Category *default_category;
        char sha256[SHA256_TEXT_SIZE];
};

/* Full width to half width, capitals to small; all else stays, so that words keep their ends. */
void category_fold(Buffer *out, const char *text);
