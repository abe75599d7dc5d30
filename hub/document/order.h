#pragma once

/*
 * Items of one page in the order of their times, where what comes of one hangs on what came before: an end that stands in front of
 * its beginning. Of several paths, parted by |, the first that is there; items of one time stay in the order of the page, and what tells none,
 * or none that can be read, stays in front.
 */

#include <jansson.h>

void items_order(json_t *items, const char *paths); /* an array, else nothing */
