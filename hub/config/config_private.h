#pragma once

/* Inside of the configuration: what config.c and config_instances.c share. */

#include "hub/config/config.h"

/* Every key of the mapping is one of names, else ERR_FATAL with line and the nearest name. */
bool config_keys(const Yaml *yaml, const json_t *mapping, const char *const *names, size_t names_size, Error *err);

/* "; did you mean \"NEAREST\"?" or "", in `out`. */
const char *config_hint(const char *name, const char *const *names, size_t names_size, char out[128]);

/* Adds the instances under `instances:` of a file; `file` is one of config->files. */
bool config_instances(Config *config, const Yaml *yaml, const char *file, Error *err);
void config_instances_free(Config *config);
