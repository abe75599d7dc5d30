#pragma once

/* Persons whom a text names by itself. */

#include "hub/base/memory.h"

/* The name behind a label that ends with 姓名 and a colon of either width: "反映人姓名：张三". Of at most 20 letters, Chinese or Latin. NULL:
 * none. What is handed to emit() as the reporter's name is masked in the text, too. In `arena`. */
const char *person_named(const char *text, Arena *arena);
