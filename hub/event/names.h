#pragma once

/* The names of every enumeration of the canonical event, as they stand in the JSON: index 0 is "none". */

#include <stddef.h>

typedef struct {
        const char *const *items;
        size_t size;
} Names;

extern const Names kind_names, state_names, outcome_names, severity_names, method_names, position_names, object_names;
extern const Names precision_names; /* of TimePrecision, which has no none */
extern const Names quality_names;   /* bit i is items[i] */
extern const Names verb_names;      /* of commands */
extern const Names reason_names;    /* why a record is rejected (messages.md section 6): a closed list */
extern const Names geometry_names;  /* of RFC 7946, without collections */

/* The index of a name, or names->size. */
size_t names_find(const Names *names, const char *name);
