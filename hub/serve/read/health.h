#pragma once

/* What the stream tells beside the incidents, every few seconds: what moves of the platforms, and the figures. */

#include "hub/config/config.h"
#include "hub/db/db.h"

/*
 * Appends {"platforms":[{platform, light, said, last_event, last_event_age_s, lag, rejected_today}], "figures":{..}} in one line;
 * figures count all zones, and stand there for those who see all of them only.
 */
bool health_of(const Config *config, Db *db, bool is_whole, Buffer *out, Error *err);
