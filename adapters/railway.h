#pragma once

/* Private to railway*.c: ONVIF, of the platform's three dialects. */

#include "hub/base/json.h"
#include "hub/camera/sighting.h"

#define RAILWAY_HAZARD "E2128" /* what a rule is that the site's table does not name */

bool onvif_translate(const SightingOptions *options, const json_t *message, Output *output,
                     Error *err); /* NULL: a message without bytes */
