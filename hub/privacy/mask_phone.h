#pragma once

/*
 * Telephone numbers of China as people write them (mask.h): digits of any width and Chinese numerals, mixed or not, parted by
 * blanks, line feeds, dashes, dots, slashes, underscores, stars, middle dots or brackets, with +86, 0086, 86 or nothing in
 * front. What parts them decides which groups may be a number: 138/0013/8000 is one, 1501/1502/150 are rooms.
 */

#include "hub/privacy/mask.h"

#define MASK_SEPARATORS " -+().@·•・/_*|\\[]【】ー\t\r\n" /* of a number, which keep its shape */

int mask_digit(uint32_t point); /* of a digit or a Chinese numeral (幺 is 1, 两 is 2), or -1 */

/* Where the mobile number, the landline with area code or, where a word for telephone stands in front (told), the local
 * number that starts at index ends; 0: none does. */
size_t mask_phone(const Glyphs *glyphs, size_t index, bool told);
