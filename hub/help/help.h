#pragma once

/* Inside of hub help. */

#include <jansson.h>

json_t *help_schema(void); /* JSON Schema 2020-12 of hub.yaml and of the files of conf.d; owned */
