#pragma once

/*
 * A body of several parts (RFC 2046, multipart/mixed or form-data), as devices push them: a document, and pictures behind it. It is
 * one when its content type says so, or when it begins with "--"; then its first line is what parts it. Only parts that begin as
 * XML or JSON does are handed on; the others are passed over. What was cut off ends the last one.
 */

#include "hub/adapter.h"

bool parts_are_there(const Record *record);

/*
 * Calls `each` with every document, a record of its own in scratch(). A bad one (ERR_INPUT) is set aside and the others go on; with
 * anything else this ends. A body without any is ERR_INPUT, unknown_message.
 */
bool parts_translate(const Record *record, Output *output,
                     bool (*each)(const void *context, const Record *part, Error *err), const void *context,
                     Error *err);
