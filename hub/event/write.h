#pragma once

/*
 * Inside of the writer: what a member writes. ABSENT: nothing (what it did write is taken back by the caller). WRONG:
 * the error is set.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/event/fields.h"

typedef enum { ABSENT, WRITTEN, WRONG } Written;

typedef struct {
        Buffer *out;
        unsigned needs; /* of the kind */
        Error *err;
} Writer;

Written write_value(Writer *writer, const Field *field,
                    const void *base); /* every type but FIELD_OBJECT and FIELD_LIST */
Written write_wrong(Writer *writer, const Field *field, const char *what); /* sets the error; WRONG */
