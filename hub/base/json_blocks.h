#pragma once

/*
 * Memory of Jansson's values. An event is some two hundred small ones, made together and dropped together, more than malloc's
 * own cache of a thread holds (seven of a size): so each thread keeps a few itself. They are malloc's blocks one by one: whoever
 * is handed one may free() it, in any thread.
 */

#include <stddef.h>

void *json_block_take(size_t size); /* never NULL */
void json_block_drop(void *block);  /* may be NULL */
