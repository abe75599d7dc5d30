#pragma once

/* What json_quick.c (in one pass), json_read.c (strict) and json_mend.c (what platforms send instead) share. */

#include "hub/base/json.h"

enum { JSON_DEPTH_MOST = 32 };

/* The end of a number of RFC 8259 section 6 that a delimiter follows, else NULL. */
const char *json_number_end(const char *at, const char *end);

/* One strict pass; *at_end: what is wrong is that the text ends. Numbers become strings when `rewrite`. */
json_t *json_parse(const char *bytes, size_t size, bool rewrite, bool *at_end, Error *err);

/*
 * The tree that Jansson would make, built in one pass by Jansson's own calls: its lexer takes a call for each byte, which is
 * most of what reading costs. NULL: something is not as documents are, or is rare; Jansson is to judge it.
 */
json_t *json_quick(const char *bytes, size_t size, bool rewrite);
