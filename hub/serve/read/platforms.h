#pragma once

/* How each platform is: its light, its last event, its instances; from their ticks (messages.md section 4). */

#include "hub/config/config.h"
#include "hub/db/db.h"

#include <jansson.h>

/*
 * All of the platforms' table, in its order: green; yellow: over 1 % rejected today, a lag over 1,000, or no event for 24 h;
 * red: no tick for 3 minutes, or its source is away; grey: no instance of it ever ticked. Owned; NULL: err.
 */
json_t *platforms_of(const Config *config, Db *db, Error *err);
