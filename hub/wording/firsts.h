#pragma once

/* The first characters of a list of words: most of a text begins none of them, and need not be held against each. */

#include <stdbool.h>
#include <stdint.h>

enum { FIRSTS_BITS = 1024 };

typedef struct {
        uint64_t bits[FIRSTS_BITS / 64];
} Firsts;

static inline void firsts_add(Firsts *firsts, uint32_t point)
{
        firsts->bits[point % FIRSTS_BITS / 64] |= UINT64_C(1) << point % 64;
}

/* Never false of one that was added. */
static inline bool firsts_may(const Firsts *firsts, uint32_t point)
{
        return firsts->bits[point % FIRSTS_BITS / 64] >> point % 64 & 1;
}
