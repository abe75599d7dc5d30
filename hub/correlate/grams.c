#include "hub/correlate/grams.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { CODES_MOST = 4096, WORD_MOST = 32 };

/* The hashed grams of a text, in its order, before counting. */
typedef struct {
        uint16_t codes[CODES_MOST];
        size_t size;
        uint32_t pair[2];     /* the code point before this one, and this one; 0: none */
        char word[WORD_MOST]; /* the run of Latin letters and digits that is being read */
        size_t word_size;
        uint16_t weight;
} Reading;

static void code_add(Reading *reading, const void *bytes, size_t size)
{
        const uint64_t hash = hash64(bytes, size);
        const uint16_t code = (uint16_t)(hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48));

        for (uint16_t i = 0; i < reading->weight && reading->size < CODES_MOST; i++)
                reading->codes[reading->size++] = code;
}

static void word_end(Reading *reading)
{
        if (reading->word_size > 0)
                code_add(reading, reading->word, reading->word_size);
        reading->word_size = 0;
}

/* Full width to half width (Unicode 15, block FF00), upper to lower case. */
static uint32_t fold(uint32_t point)
{
        if (point >= 0xff01 && point <= 0xff5e)
                point -= 0xfee0;
        return point >= 'A' && point <= 'Z' ? point + 32 : point;
}

static bool is_latin(uint32_t point)
{
        return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
}

/* Blanks and punctuation of ASCII, Latin-1, General Punctuation, CJK and full width forms: they part what stands beside. */
static bool is_gap(uint32_t point)
{
        return point < 0xc0 || (point >= 0x2000 && point <= 0x2bff) || (point >= 0x3000 && point <= 0x303f) ||
               point >= 0xff00;
}

static void point_add(Reading *reading, uint32_t point)
{
        if (is_latin(point)) {
                reading->pair[0] = 0;
                if (reading->word_size < WORD_MOST)
                        reading->word[reading->word_size++] = (char)point;
                return;
        }
        word_end(reading);
        if (is_gap(point)) {
                reading->pair[0] = 0;
                return;
        }
        reading->pair[1] = point;
        if (reading->pair[0])
                code_add(reading, reading->pair, sizeof reading->pair);
        reading->pair[0] = point;
}

static void text_add(Reading *reading, const char *text, uint16_t weight)
{
        if (!text)
                return;
        const char *end = text + strlen(text);
        reading->weight = weight;
        while (text < end)
                point_add(reading, fold(text_next(&text, end)));
        word_end(reading);
        reading->pair[0] = 0;
}

static int codes_order(const void *one, const void *other)
{
        const uint16_t a = *(const uint16_t *)one, b = *(const uint16_t *)other;

        return (a > b) - (a < b);
}

static int heavier_first(const void *one, const void *other)
{
        const Gram *a = one, *b = other;

        if (a->count != b->count)
                return a->count < b->count ? 1 : -1;
        return (a->code > b->code) - (a->code < b->code);
}

static int by_code(const void *one, const void *other)
{
        return codes_order(&((const Gram *)one)->code, &((const Gram *)other)->code);
}

void grams_make(Grams *grams, const char *title, const char *description)
{
        Reading reading = { .size = 0 };
        Gram counted[CODES_MOST];
        uint32_t size = 0;

        text_add(&reading, title, GRAMS_TITLE_WEIGHT);
        text_add(&reading, description, 1);
        qsort(reading.codes, reading.size, sizeof *reading.codes, codes_order);
        for (size_t i = 0; i < reading.size; i++) {
                if (size > 0 && counted[size - 1].code == reading.codes[i])
                        counted[size - 1].count++;
                else
                        counted[size++] = (Gram){ reading.codes[i], 1 };
        }
        if (size > GRAMS_MOST) {
                qsort(counted, size, sizeof *counted, heavier_first);
                size = GRAMS_MOST;
                qsort(counted, size, sizeof *counted, by_code);
        }
        grams_copy(grams, counted, size);
}

void grams_copy(Grams *grams, const Gram *items, uint32_t size)
{
        *grams = (Grams){ .size = size };
        if (size == 0)
                return;
        grams->items = mem_copy(items, size * sizeof *items);
        for (uint32_t i = 0; i < size; i++)
                grams->norm += (uint64_t)items[i].count * items[i].count;
}

static uint64_t root(uint64_t value)
{
        uint64_t low = 0, high = (uint64_t)1 << 32;

        while (high - low > 1) {
                const uint64_t middle = low + (high - low) / 2;

                if (middle * middle <= value)
                        low = middle;
                else
                        high = middle;
        }
        return low;
}

int32_t grams_cosine(const Grams *one, const Grams *other)
{
        uint64_t dot = 0;

        if (one->size == 0 || other->size == 0)
                return -1;
        for (uint32_t i = 0, j = 0; i < one->size && j < other->size;) {
                const Gram a = one->items[i], b = other->items[j];

                if (a.code == b.code)
                        dot += (uint64_t)a.count * b.count;
                i += a.code <= b.code;
                j += b.code <= a.code;
        }
        /* a text has at most 4,096 grams, so a norm is at most 2^24 */
        return (int32_t)(dot * 1000 / root(one->norm * other->norm));
}

void grams_free(Grams *grams)
{
        free(grams->items);
        *grams = (Grams){ 0 };
}
