#pragma once

/*
 * Codes of GB/T 30428.2 (digital urban management: classes of components and events): two digits of a class and two of a kind, of events
 * and of components alike. Ours tell them apart by a letter (E0504, P0101). Platforms have them in forms of their own: 504 for 0504, a
 * class or a kind alone, numbers of their own dictionaries in place of them (4746 of 32, 32 hexadecimal digits).
 */

#include "hub/base/memory.h"

#include <stdbool.h>

/* The class's two digits, by its number, else by its name; NULL: by neither. Either may be NULL. */
const char *gbt30428_class(const char *number, const char *name, bool component, Arena *arena);

/* The four digits, where the class (NULL: not known) says what is missing; a kind alone only if it is `bare`, told by no name as well. */
const char *gbt30428_code(const char *class, const char *number, bool bare, Arena *arena);

/* Whether that is a code, and no number of a platform's own. */
bool gbt30428_is_code(const char *class, const char *code, bool bare);
