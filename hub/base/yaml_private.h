#pragma once

/* What yaml.c (a tree that remembers lines) and yaml_read.c (from libyaml's events to that tree) share. */

#include "hub/base/map.h"
#include "hub/base/yaml.h"

typedef struct {
        int line;
        char name[];
} Place;

struct Yaml {
        char *path;
        json_t *root;
        Map *places; /* address of a node -> Place; null has no address of its own */
};

/* Remembers where a node stands: its line, and the key that names it (or the name of the sequence it is in). */
void yaml_place(Yaml *yaml, const json_t *node, const char *name, int line);

/* ERR_FATAL "path:line: ..."; line 0: no line. Returns false. */
bool yaml_line_error(const Yaml *yaml, int line, Error *err, const char *format, ...)
        __attribute__((format(printf, 4, 5)));
