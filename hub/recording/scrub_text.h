#pragma once

/*
 * Personal data of a raw record replaced by data of the same lengths and kinds, so that an adapter reads it as before:
 * what hub/privacy/mask.h finds by pattern (phones, ID numbers and bank cards with right check digits, e-mail, plates), and
 * the texts of JSON members that are known to hold a person. The same value becomes the same again, also in another
 * record. UTF-8 only: what else is (an Excel file in GB18030) is refused, never half done.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"
#include "hub/base/options.h"

bool scrub_text(Buffer *out, const char *bytes, size_t size, const TextList *members, Error *err); /* ERR_INPUT */
