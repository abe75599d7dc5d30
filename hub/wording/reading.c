#include "hub/wording/reading.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"

#include <string.h>

enum { WORD_NAMES = 4 }; /* letters of a word that names something */

uint16_t reading_code(const void *bytes, size_t size)
{
        const uint64_t hash = hash64(bytes, size);

        return (uint16_t)(hash ^ (hash >> 16) ^ (hash >> 32) ^ (hash >> 48));
}

static void code_add(Reading *reading, uint16_t code)
{
        if (reading->codes_size < READING_MOST)
                reading->codes[reading->codes_size++] = (ReadCode){ code, reading->weight };
}

static void run_add(Reading *reading, const void *bytes, size_t size, uint16_t one, uint16_t other)
{
        const uint64_t hash = hash64(bytes, size);

        if (reading->runs_size < READING_MOST)
                reading->runs[reading->runs_size++] = (ReadRun){ (uint32_t)(hash ^ hash >> 32), { one, other } };
}

static void word_end(Reading *reading)
{
        const size_t size = reading->word_size;
        bool digit = false;

        reading->word_size = 0;
        if (size == 0)
                return;
        const uint16_t code = reading_code(reading->word, size);
        for (size_t i = 0; i < size; i++)
                digit = digit || (reading->word[i] >= '0' && reading->word[i] <= '9');
        code_add(reading, code);
        if (size >= WORD_NAMES || (digit && size > 1))
                run_add(reading, reading->word, size, code, code);
}

uint32_t reading_fold(uint32_t point)
{
        if (point >= 0xff01 && point <= 0xff5e)
                point -= 0xfee0;
        return point >= 'A' && point <= 'Z' ? point + 32 : point;
}

bool reading_is_latin(uint32_t point)
{
        return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
}

/* Blanks and punctuation of ASCII, Latin-1, General Punctuation, CJK and full width forms. */
bool reading_is_digit(uint32_t point)
{
        return point >= '0' && point <= '9';
}

bool reading_is_chinese(uint32_t point)
{
        return point >= 0x4e00 && point <= 0x9fff;
}

bool reading_is_gap(uint32_t point)
{
        return point < 0xc0 || (point >= 0x2000 && point <= 0x2bff) || (point >= 0x3000 && point <= 0x303f) ||
               point >= 0xff00;
}

static void character_add(Reading *reading, uint32_t point)
{
        uint32_t *points = reading->points;

        if (reading->points_size == 4) {
                memmove(points, points + 1, 3 * sizeof *points);
                reading->points_size = 3;
        }
        points[reading->points_size++] = point;
        const size_t size = reading->points_size;
        if (size < 2)
                return;
        const uint16_t code = reading_code(points + size - 2, 2 * sizeof *points);
        code_add(reading, code);
        if (size == 4)
                run_add(reading, points, 4 * sizeof *points, reading_code(points, 2 * sizeof *points), code);
}

static void point_add(Reading *reading, uint32_t point)
{
        if (reading_is_latin(point)) {
                reading->points_size = 0;
                if (reading->word_size < READING_WORD_MOST)
                        reading->word[reading->word_size++] = (char)point;
                return;
        }
        word_end(reading);
        if (reading_is_gap(point))
                reading->points_size = 0;
        else
                character_add(reading, point);
}

void reading_begin(Reading *reading)
{
        reading->codes_size = reading->runs_size = reading->points_size = reading->word_size = 0;
        reading->weight = 0;
}

void reading_add(Reading *reading, const char *text, uint16_t weight)
{
        if (!text)
                return;
        const char *end = text + strlen(text);
        reading->weight = weight;
        while (text < end)
                point_add(reading, reading_fold(text_next(&text, end)));
        word_end(reading);
        reading->points_size = 0;
}
