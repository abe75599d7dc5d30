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
void write_number(Buffer *out, double value); /* the shortest that reads back the same: 0.1 stays 0.1 */
/* So many units of the last of up to seven decimals; zeros at the end are left out. */
void write_decimal(Buffer *out, int64_t units, size_t decimals);
