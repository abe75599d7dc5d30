#include "hub/wording/grams.h"

#include "hub/base/memory.h"
#include "hub/base/root.h"

#include <stdlib.h>
#include <string.h>

enum { WEIGHT_MOST = 1000 }; /* 4,096 squares are under 2^32, so that the product of two norms is under 2^64 */

static int codes_order(const void *one, const void *other)
{
        const ReadCode *a = one, *b = other;

        return (a->code > b->code) - (a->code < b->code);
}

static int heavier_first(const void *one, const void *other)
{
        const Gram *a = one, *b = other;

        if (a->weight != b->weight)
                return a->weight < b->weight ? 1 : -1;
        return (a->code > b->code) - (a->code < b->code);
}

static int by_code(const void *one, const void *other)
{
        return (((const Gram *)one)->code > ((const Gram *)other)->code) -
               (((const Gram *)one)->code < ((const Gram *)other)->code);
}

/* A gram that comes again weighs more, but not twice: its logarithm counts. */
static uint16_t weight_of(uint32_t count, uint32_t rarity)
{
        const uint32_t weight = rarity * (64 + log2_64(count)) / 256;

        return (uint16_t)(weight > WEIGHT_MOST ? WEIGHT_MOST : weight < 1 ? 1 : weight);
}

void grams_make(Grams *grams, const Reading *reading, const Words *words)
{
        ReadCode codes[READING_MOST];
        Gram counted[READING_MOST];
        uint32_t size = 0;
        uint64_t norm = 0;

        memcpy(codes, reading->codes, reading->codes_size * sizeof *codes);
        qsort(codes, reading->codes_size, sizeof *codes, codes_order);
        for (size_t i = 0; i < reading->codes_size; i++) {
                if (size > 0 && counted[size - 1].code == codes[i].code)
                        counted[size - 1].weight = (uint16_t)(counted[size - 1].weight + codes[i].weight);
                else
                        counted[size++] = (Gram){ codes[i].code, codes[i].weight };
        }
        for (size_t i = 0; i < size; i++) {
                counted[i].weight = weight_of(counted[i].weight, words_weight(words, counted[i].code));
                norm += (uint64_t)counted[i].weight * counted[i].weight;
        }
        if (size > GRAMS_MOST) {
                qsort(counted, size, sizeof *counted, heavier_first);
                size = GRAMS_MOST;
                qsort(counted, size, sizeof *counted, by_code);
        }
        grams_copy(grams, counted, size, norm);
}

void grams_rarest(Grams *grams, const Reading *reading, const Words *words)
{
        ReadCode codes[READING_MOST];
        Gram found[READING_MOST];
        uint32_t size = 0;

        memcpy(codes, reading->codes, reading->codes_size * sizeof *codes);
        qsort(codes, reading->codes_size, sizeof *codes, codes_order);
        for (size_t i = 0; i < reading->codes_size; i++) {
                const uint32_t rarity = words_weight(words, codes[i].code);

                if (size == 0 || found[size - 1].code != codes[i].code)
                        found[size++] =
                                (Gram){ codes[i].code, (uint16_t)(rarity > WEIGHT_MOST ? WEIGHT_MOST : rarity) };
        }
        qsort(found, size, sizeof *found, heavier_first);
        size = size > GRAMS_RAREST ? GRAMS_RAREST : size;
        qsort(found, size, sizeof *found, by_code);
        grams_copy(grams, found, size, 0);
}

void grams_copy(Grams *grams, const Gram *items, uint32_t size, uint64_t norm)
{
        *grams = (Grams){ .size = size, .norm = norm };
        if (size > 0)
                grams->items = mem_copy(items, size * sizeof *items);
}

static Grams grams_beside(const Grams *grams, const Grams *other, Gram items[GRAMS_MOST])
{
        Grams rest = { .items = items };

        for (uint32_t i = 0, j = 0; i < grams->size; i++) {
                const Gram gram = grams->items[i];

                while (j < other->size && other->items[j].code < gram.code)
                        j++;
                if (j < other->size && other->items[j].code == gram.code)
                        continue;
                items[rest.size++] = gram;
                rest.norm += (uint64_t)gram.weight * gram.weight;
        }
        return rest;
}

int32_t grams_cosine_beside(const Grams *one, const Grams *other, const Grams *both)
{
        Gram items[2][GRAMS_MOST];
        const Grams mine = grams_beside(one, both, items[0]), theirs = grams_beside(other, both, items[1]);

        return grams_cosine(&mine, &theirs);
}

int32_t grams_cosine(const Grams *one, const Grams *other)
{
        uint64_t dot = 0;

        if (one->size == 0 || other->size == 0)
                return -1;
        for (uint32_t i = 0, j = 0; i < one->size && j < other->size;) {
                const Gram a = one->items[i], b = other->items[j];

                if (a.code == b.code)
                        dot += (uint64_t)a.weight * b.weight;
                i += a.code <= b.code;
                j += b.code <= a.code;
        }
        return (int32_t)(dot * 1000 / root_64(one->norm * other->norm));
}

uint32_t grams_shared(const Grams *one, const Grams *other)
{
        uint32_t rarest[3] = { 0 };

        for (uint32_t i = 0, j = 0; i < one->size && j < other->size;) {
                const Gram a = one->items[i], b = other->items[j];
                uint32_t weight = a.code != b.code ? 0 : a.weight < b.weight ? a.weight : b.weight;

                for (size_t k = 0; k < 3 && weight > 0; k++) {
                        const uint32_t lesser = rarest[k] < weight ? rarest[k] : weight;

                        rarest[k] = rarest[k] < weight ? weight : rarest[k];
                        weight = lesser;
                }
                i += a.code <= b.code;
                j += b.code <= a.code;
        }
        return rarest[0] + rarest[1] + rarest[2];
}

void grams_free(Grams *grams)
{
        free(grams->items);
        *grams = (Grams){ 0 };
}
