#pragma once

/*
 * Telephone numbers of China as people write them (mask.h): digits of every writing (mask_digit.h), mixed or not, parted by
 * blanks, line feeds, dashes, dots, slashes, underscores, stars, middle dots, brackets or commas, with +86, 0086, 86, a carrier's
 * code or nothing in front. What parts them decides which groups may be a number: 138/0013/8000 is one, 1501/1502/150 are rooms.
 */

#include "hub/privacy/mask.h"
#include "hub/privacy/mask_digit.h"

#define MASK_SEPARATORS " -+().@·•・/_*|\\[]【】ー,;:~=#…、。〜\t\r\n" /* of a number, which keep its shape */

/* How many glyphs part two digits; 0: none do, or more than people put there. */
size_t mask_gap(const Glyph *at);

/* Where the mobile number, the landline with area code or, where a word for telephone stands in front (told), the local
 * number that starts at index ends; 0: none does. */
size_t mask_phone(const Glyphs *glyphs, size_t index, bool told);
