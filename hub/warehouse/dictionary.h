#pragma once

/*
 * The analysts' page: every table and column of mart, dw and meta with its comments, out of meta.data_dictionary, and the
 * definitions of the indicators. schemas/warehouse.md is this page, kept by a test; hub help warehouse shows it.
 */

#include "hub/base/buffer.h"
#include "hub/db/db.h"

bool dictionary_page(Db *db, Buffer *out, Error *err);
