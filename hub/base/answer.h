#pragma once

/*
 * Answers with HTTP 200 that are none: the login page of a session that ended, a proxy's words, an empty body; and documents
 * that say that they failed.
 */

#include "hub/base/error.h"

#include <jansson.h>

/* Why a text, without blanks around it, is no document: no JSON, nor XML where that is due; NULL: it may be one. Static. */
const char *answer_sick(const char *text, size_t size, bool xml);

/*
 * The member by which an object says that it failed: a code (but 0, 200 to 299, 10000, 20000, ok, success), success: false,
 * hasError: true, an error that is not empty, a status of HTTP; names in any case. NULL: none. A code of 1, a success with some
 * and a failure with others, is believed unless `empty` (an array came, with nothing in it). Borrowed.
 */
const char *answer_failure(const json_t *object, bool empty);
