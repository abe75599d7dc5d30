#pragma once

/* Private to page.c and walk.c: an item of a page, and whether its number may have been rounded. */

#include "hub/document/page.h"

bool item_translate(const PageForm *form, const void *options, const json_t *item, bool rounded, Output *output,
                    Error *err);
bool may_be_rounded(const PageForm *form, const void *options, const json_t *item, bool *whole); /* whole: it was not */
