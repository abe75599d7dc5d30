#pragma once

/* What json_read.c (strict) and json_mend.c (what platforms send instead) share. */

#include "hub/base/json.h"

/* The end of a number of RFC 8259 section 6 that a delimiter follows, else NULL. */
const char *json_number_end(const char *at, const char *end);

/* One strict pass; *at_end: what is wrong is that the text ends. Numbers become strings when `rewrite`. */
json_t *json_parse(const char *bytes, size_t size, bool rewrite, bool *at_end, Error *err);
