#pragma once

/* Inside of the adapter of environmental letters: receipt numbers. */

#include "hub/base/error.h"

#include <stdbool.h>

typedef struct {
        char text[48]; /* half width, upper case, without star and share; "" where the cell has none */
        char day[9];   /* "20231126", "" where the number tells none */
        bool starred;
} Number;

/* ERR_INPUT: bad_value (cut, no number), bad_id (rounded, also as a `sheet` does). */
bool number_read(const char *cell, bool sheet, Number *number, Error *err);
