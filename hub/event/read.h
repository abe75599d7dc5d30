#pragma once

/* Inside of the reader: takes one member out of the tree into the value; texts stay in the tree or go to the arena. */

#include "hub/base/error.h"
#include "hub/base/memory.h"
#include "hub/event/fields.h"

typedef struct {
        Arena *arena;
        unsigned needs; /* of the kind */
        Error *err;
} Taker;

bool read_value(Taker *taker, const Field *field, const json_t *json,
                void *base);                                         /* every type but FIELD_OBJECT and FIELD_LIST */
bool read_wrong(Taker *taker, const Field *field, const char *what); /* sets the error; false */
