#pragma once

/* The square root of a whole number, rounded down: the same on every machine. */

#include <math.h>
#include <stdint.h>

static inline uint32_t root_64(uint64_t square)
{
        uint64_t result = (uint64_t)sqrt((double)square);

        /* whatever the machine's root is, this is the integer's */
        result = result > UINT32_MAX ? UINT32_MAX : result;
        while (result * result > square)
                result--;
        while (result < UINT32_MAX && (result + 1) * (result + 1) <= square)
                result++;
        return (uint32_t)result;
}
