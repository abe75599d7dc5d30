#pragma once

/* Inside of the adapter of environmental letters: receipt numbers, and days in titles and names of files. */

#include "hub/base/error.h"

#include <stdint.h>

typedef struct {
        char text[48]; /* half width, upper case, without star and share; "" where the cell has none */
        char day[9];   /* "20231126", "" where the number tells none */
        bool starred;
} Number;

/* ERR_INPUT: bad_value (cut, no number), bad_id (rounded, also as a `sheet` does). */
bool number_read(const char *cell, bool sheet, Number *number, Error *err);
int64_t day_find(const char *text); /* the last date in a title or a file's name, TIME_NONE: none */
