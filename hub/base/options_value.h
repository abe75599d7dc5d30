#pragma once

/* Inside of options: one value of a mapping into its field. The parsers of the types are options_value.c's. */

#include "hub/base/options.h"

/* Where values come from, for errors and paths. Without yaml they come from --set or a default. */
typedef struct {
        const Yaml *yaml;
        const json_t *parent;
        const char *folder;
        Error *err;
} OptionPlace;

static inline bool option_is_list(const Option *option)
{
        return option->type == OPTION_LIST || (option->type == OPTION_CUSTOM && option->custom->many);
}

enum { OPTION_SHOWN_POINTS = 60 }; /* of a value that an error quotes */

bool option_read(const OptionPlace *place, const Option *option, const json_t *value, void *into);

/* ERR_FATAL "file:line: ..." at node, or where it has no line at the mapping; returns false. */
bool option_error(const OptionPlace *place, const json_t *node, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
