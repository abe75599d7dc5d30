#pragma once

/*
 * Rows of a database that has several tables, where an instance may read any of them: which one a row is of.
 */

#include "hub/adapter.h"

#include <jansson.h>

typedef struct {
        const char *name, *columns; /* columns: parted by |, that tell its rows from those of the tables before it */
} RowTable;

/*
 * Its number in `tables`, which end with a zero row, from 1: by the name that stands last in the channel's (stall_violations are
 * violations), else the last table of which `row` has a column. `row` NULL: of one that is gone its key alone is left. 0: of none.
 */
size_t rows_table(const RowTable *tables, const Record *record, const json_t *row);
