#pragma once

/*
 * Codes of China's divisions (GB/T 2260, with the digits of GB/T 10114 behind them): 6, 9 or 12, the first no zero. One covers another
 * where either lies in the other: 350200 is all of 3502.
 */

#include <stdbool.h>

bool division_is(const char *code); /* NULL is none */
bool division_covers(const char *code, const char *other);
