#pragma once

/* The words that names of shops, estates, sites and landmarks end with, and those that break a name off. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGN_WORD_MOST = 4 };

typedef struct {
        uint32_t points[SIGN_WORD_MOST + 1]; /* ends with 0 */
        size_t before;                       /* characters that have to stand before it */
        bool mark;                           /* a landmark: things lie near it, not before it */
} SignWord;

/* The longest one that stands at `at`; NULL: none. */
const SignWord *sign_word_at(const uint32_t *points, size_t size, size_t at, size_t *length);
/* Does a word for a landmark stand before `end`, or one for a part of it ("公园北门")? */
bool sign_ends_mark(const uint32_t *points, size_t end);
size_t sign_break_at(const uint32_t *points, size_t size, size_t at); /* how many characters of it; 0: none */
