#pragma once

/*
 * CloudEvents 1.0 (and 0.3) around what a platform says: in structured mode the data inside, as document or as text (then *owned
 * holds it); in binary mode, or without an envelope, the document itself. *time: when the envelope says it was said, or NULL.
 * NULL: ERR_INPUT missing_field, unsupported. CloudEvents 1.0.2, sections 2.4 and 3.1, and its JSON format.
 */

#include "hub/adapter.h"
#include "hub/base/json.h"

const json_t *cloudevent_open(const Record *record, const json_t *document, json_t **owned, const char **time,
                              Error *err);
