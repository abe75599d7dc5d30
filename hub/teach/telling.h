#pragma once

/*
 * Which questions teach most: pairs near the threshold, where one answer as well as the other is to be expected, and of each
 * kind only as many as are not answered yet. A kind is what the score sees: categories, platforms, metres, hours.
 */

#include <stddef.h>
#include <stdint.h>

typedef struct {
        int64_t margin;   /* thousandths of log-odds above the threshold to join at; negative: below */
        const char *kind; /* borrowed */
        int64_t answered; /* of that kind already, by operators */
} Question;

/* The numbers of the most telling ones in that order; returns how many there are, up to most. Ties go to the earlier. */
size_t telling_choose(const Question *questions, size_t size, size_t *out, size_t most);
