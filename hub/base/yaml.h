#pragma once

/*
 * YAML files (libyaml) as Jansson trees that remember lines. Every scalar is a string (the option table says what it is
 * to be), so 0504 keeps its zero and "no" stays "no"; a plain null or ~ is JSON null. Duplicate keys, anchors, tags and
 * a second document, depth over 32 are refused. An empty file is an empty mapping. ${NAME} and ${NAME:-default} are replaced per scalar, after parsing; unset without
 * default is an error.
 */

#include "hub/base/error.h"

#include <jansson.h>

typedef struct Yaml Yaml;

Yaml *yaml_load(const char *path, Error *err); /* ERR_FATAL with file:line */
/* The same; what has no quotes and is a number, true or false is that, and no text. */
Yaml *yaml_load_typed(const char *path, Error *err);
Yaml *yaml_parse(const char *name, const char *text, size_t size, Error *err);
const json_t *yaml_root(const Yaml *yaml);
const char *yaml_path(const Yaml *yaml);
const char *yaml_name(const Yaml *yaml, const json_t *node); /* the key that names it, NULL when none does; borrowed */
int yaml_line(const Yaml *yaml, const json_t *node); /* where node (or the key that names it) stands; 0 unknown */
bool yaml_error(const Yaml *yaml, const json_t *node, Error *err, const char *format, ...)
        __attribute__((format(printf, 4, 5))); /* ERR_FATAL "hub.yaml:12: ..."; returns false */
void yaml_close(Yaml *yaml);
void yaml_drop(Yaml **yaml); /* for CLEANUP */
