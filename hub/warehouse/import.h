#pragma once

/* Inside of hub import. All of the file, or nothing: *count says how many rows. Within a transaction of the caller's. */

#include "hub/db/db.h"

/* code,names,kind,superior (RFC 4180, a first line with these names): names parted by semicolons, the first is the one that counts. */
bool units_import(Db *db, const char *path, size_t *count, Error *err);
