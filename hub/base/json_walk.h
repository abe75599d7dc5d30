#pragma once

/*
 * The elements of one array of a large JSON document, one after the other, without a tree of the whole: 100 MB of GeoJSON
 * need no memory here, and time in proportion to their size.
 *
 * path names the array by members ("features", "data.rows"; "": the document is the array). Each element is a slice of the
 * document that need not be JSON: only strings and brackets are looked at to find its end, so that one that is wrong
 * (a raw line feed, a lone surrogate, NaN, too deep, twice the same member) costs itself: json_read() says so where it is
 * read. A document that is cut or whose brackets do not match delivers what was whole before that, and fails.
 *
 * Errors: not_json (with the byte), missing_field where the path leads to nothing, bad_value where it leads to no array,
 * duplicate_key where it leads to two. RFC 8259.
 */

#include "hub/base/error.h"

/* False ends the walk: err is handed on. bytes are not followed by a NUL. index counts from 0. */
typedef bool JsonItem(void *context, size_t index, const char *bytes, size_t size, Error *err);

bool json_walk(const char *bytes, size_t size, const char *path, JsonItem *item, void *context, Error *err);
