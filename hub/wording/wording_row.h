#pragma once

/*
 * What a report says as bytes, for the row that the correlator goes on from: numbers of seven bits a byte, the lowest first (LEB128), codes
 * of grams as their distance from the one before. The same on every machine; a third of the bytes that JSON takes.
 */

#include "hub/base/buffer.h"
#include "hub/wording/wording.h"

void wording_pack(Buffer *out, const Wording *wording);                /* appends */
bool wording_unpack(Wording *wording, const void *bytes, size_t size); /* of an empty one; false: damaged, and freed */
