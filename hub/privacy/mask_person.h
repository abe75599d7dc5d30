#pragma once

/* ID numbers of persons (GB 11643-1999), as they are printed and as people write them. */

#include "hub/privacy/mask_phone.h"

bool mask_is_province(const char *digits); /* the first two, of GB/T 2260 */
bool mask_is_birth_day(const char *month_day);

/*
 * Where the 18 digits (the last may be an X) that start at index end; 0: they name no person. In digits of any writing and over
 * all that parts those of a telephone: whole, in long groups or one by one; in others where the check character fits, or 身份证
 * stands in front.
 */
size_t mask_person(const Glyphs *glyphs, size_t index);
