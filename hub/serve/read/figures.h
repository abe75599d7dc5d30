#pragma once

/* The figures of the wall: how many are open, late, new; what today brought. */

#include "hub/db/db.h"
#include "hub/serve/call.h"

/* {open, late, new_hour, joined_today, reports_today, feed, now}; zones end with NULL, NULL: all. Owned; NULL: err. */
json_t *figures_of(Db *db, const char *const *zones, Error *err);
int64_t day_begin(int64_t now); /* midnight in Shanghai before it */
