#pragma once

/*
 * A text as it is read for comparing: codes of 16 bits, one for each pair of neighbouring characters of Chinese and one for
 * each word of Latin letters and digits; and runs of four such characters, or longer words, which name things. Full width
 * is half width, capitals are small, blanks and punctuation part what stands beside them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { READING_CODES = 65536, READING_MOST = 4096, READING_WORD_MOST = 32 };

typedef struct {
        uint16_t code, weight;
} ReadCode;

typedef struct {
        uint32_t hash;
        uint16_t codes[2]; /* that it consists of */
} ReadRun;

typedef struct {
        ReadCode codes[READING_MOST];
        ReadRun runs[READING_MOST];
        size_t codes_size, runs_size;
        uint32_t points[4]; /* the last ones of the present run of characters, the newest last */
        size_t points_size;
        char word[READING_WORD_MOST];
        size_t word_size;
        uint16_t weight;
} Reading;

void reading_begin(Reading *reading); /* empty: what holds thousands of codes is not cleared */
void reading_add(Reading *reading, const char *text, uint16_t weight); /* text may be NULL */

uint16_t reading_code(const void *bytes, size_t size); /* of a pair of uint32_t characters, or of a word */
uint32_t reading_fold(uint32_t point); /* full width to half width (Unicode 15, block FF00), upper to lower case */
bool reading_is_latin(uint32_t point); /* a small letter or digit of ASCII */
bool reading_is_gap(uint32_t point);
bool reading_is_digit(uint32_t point);   /* of ASCII */
bool reading_is_chinese(uint32_t point); /* CJK Unified Ideographs, U+4E00 to U+9FFF */
