#pragma once

/*
 * Categories are data: schemas/categories.yaml (after GB/T 30428.2-2013, events prefixed E, components P, local
 * extension from E21xx), or a site's own table. Rules: code first, then exact name, then alias, then keyword, then the
 * table's default. A raw code of digits alone gets the table's prefix; one of five characters that is unknown is its
 * class's (P0134 is P01). Keywords are tried on the raw name, then the title, then the description.
 */

#include "hub/event/event.h"

typedef struct {
        const char *code, *name, *group; /* group: compatible categories share it; "" none */
        EventSeverity severity;          /* default severity, SEVERITY_NONE: info */
        const char *name_en;             /* NULL: none */
} Category;

typedef struct Categories Categories;

Categories *categories_load(const char *path, Error *err); /* path NULL: categories.yaml of schemas_path() */
const Category *categories_code(const Categories *categories, const char *code); /* NULL when unknown */

/* Finds by raw_code, raw_name, then keywords in the texts. Never NULL: the default with METHOD_DEFAULT. */
const Category *categories_find(const Categories *categories, const char *raw_code, const char *raw_name,
                                const char *title, const char *description, CategoryMethod *method);
size_t categories_size(const Categories *categories);
const Category *categories_at(const Categories *categories, size_t index); /* in the order of the file */
const char *categories_sha256(const Categories *categories);               /* of the file, hex */
void categories_free(Categories *categories);

/* Where shipped data lies: $HUB_SCHEMAS, else the installed folder, else the source tree. Returns a path in `out`. */
void schemas_path(Buffer *out, const char *file);
