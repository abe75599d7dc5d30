#pragma once

/*
 * Pictures inside a document: a copy of a JSON text in which each string of base64 of 256 characters and more (RFC 4648 section 4,
 * padded or not, also broken into lines or behind "data:image/jpeg;base64,") is "sha256:HEX" in its place, of the bytes that it
 * encodes. So a notification of several megabytes is a small tree, and no picture lies in what is set aside of it. Everything else,
 * whatever it is, stays byte by byte. Text of UTF-8. What was cut before is left as it is.
 */

#include "hub/base/buffer.h"

void inlined_cut(Buffer *out, const char *bytes, size_t size);

/* The digest that stands in place of a picture, 64 hex digits of lower case; NULL: none does. */
const char *inlined_digest(const char *text);
