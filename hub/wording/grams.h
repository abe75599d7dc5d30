#pragma once

/*
 * The grams of a text, weighted by how often they stand in it and how rare they are; the heaviest are kept, the norm is that
 * of all of them. Cosine in thousandths, integers only.
 */

#include "hub/wording/words.h"

enum { GRAMS_MOST = 128, GRAMS_RAREST = 32 };

typedef struct {
        uint16_t code, weight;
} Gram;

typedef struct {
        Gram *items; /* owned; rising code */
        uint32_t size;
        uint64_t norm; /* sum of squared weights, of those that were not kept too */
} Grams;

/* words may be NULL: all grams are equally common */
void grams_make(Grams *grams, const Reading *reading, const Words *words);
/* The rarest ones of all that was read, each by its rarity alone. */
void grams_rarest(Grams *grams, const Reading *reading, const Words *words);
void grams_copy(Grams *grams, const Gram *items, uint32_t size, uint64_t norm);
int32_t grams_cosine(const Grams *one, const Grams *other); /* 0..1000; -1 when either is empty */
int32_t grams_cosine_beside(const Grams *one, const Grams *other, const Grams *both); /* without what stands in both */
uint32_t grams_shared(const Grams *one, const Grams *other); /* sum of the three rarest that both hold */
void grams_free(Grams *grams);
