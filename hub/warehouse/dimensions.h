#pragma once

/*
 * The warehouse's dimensions out of the site's own tables: platforms, categories with the limits of the rules, days with
 * the calendar. Repeating it changes nothing; what a site renamed is renamed, what it took away stays, for old rows name it.
 * A database without dimensions is left as it is.
 */

#include "hub/config/config.h"

bool dimensions_fill(const Config *config, Db *db, Error *err);
