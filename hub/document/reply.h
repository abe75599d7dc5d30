#pragma once

/* What a pushing peer is told, in the forms that platforms want: JSON, or a text that stands fast. */

#include "hub/adapter.h"

#include <jansson.h>

void reply_json(Output *output, unsigned status, const char *type, json_t *body); /* takes body; compact */
void reply_text(Output *output, unsigned status, const char *type, const char *body);
