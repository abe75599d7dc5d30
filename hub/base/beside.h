#pragma once

#include "hub/base/memory.h"

/* Two texts as one, a blank between what is no Chinese word: digits that meet would hide a telephone number from masking. */
const char *text_beside(const char *one, const char *other, Arena *arena);
