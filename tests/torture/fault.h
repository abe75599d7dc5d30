#pragma once

/*
 * One call of the system fails: the linker leads those of our own code through here (--wrap), and the n-th after fault_arm()
 * fails with an errno, or, where it moves bytes, does half of what was asked. For programs without _FORTIFY_SOURCE, which has
 * names of its own.
 */

#include <stdbool.h>

enum { FAULT_HALF = -1 };

void fault_arm(long at, int error); /* 0: none; counts from 1 */
long fault_calls(void);             /* since then */
