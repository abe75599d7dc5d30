#pragma once

/*
 * The text of a report for comparing: character bigrams of Chinese, whole words of Latin letters and digits, hashed to 16
 * bits, the title weighted three times; the heaviest are kept. Cosine in thousandths, integers only.
 */

#include <stddef.h>
#include <stdint.h>

enum { GRAMS_MOST = 96, GRAMS_TITLE_WEIGHT = 3, GRAMS_CODES = 65536 };

typedef struct {
        uint16_t code, count;
} Gram;

typedef struct {
        Gram *items; /* owned; rising code */
        uint32_t size;
        uint64_t norm; /* sum of squared counts */
} Grams;

void grams_make(Grams *grams, const char *title, const char *description); /* either may be NULL */
void grams_copy(Grams *grams, const Gram *items, uint32_t size);
int32_t grams_cosine(const Grams *one, const Grams *other); /* 0..1000; -1 when either is empty */
void grams_free(Grams *grams);
