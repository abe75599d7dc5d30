#pragma once

/* Digits however they are written: in another script, a circle, a bracket, above or below the line, or as a Chinese numeral. */

#include <stdbool.h>
#include <stdint.h>

int mask_digit(uint32_t point); /* of a digit or a Chinese numeral (幺 is 1, 两 is 2), or -1 */

/* What shows nothing of its own: zero-width marks, directions, what stands on, under or around the sign before it, control bytes. */
bool mask_is_unseen(uint32_t point);
