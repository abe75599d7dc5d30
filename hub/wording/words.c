#include "hub/wording/words.h"

#include <stdlib.h>
#include <string.h>

enum { WEIGHT_LEAST = 8, DAY_MS = 86400000, SHANGHAI_MS = 8 * 3600000, WORDS_BYTES = 4 * (READING_CODES + 1) };

uint32_t log2_64(uint64_t value)
{
        const int whole = 63 - __builtin_clzll(value);
        const uint64_t rest = value - (UINT64_C(1) << whole);

        return (uint32_t)whole * 64 + (uint32_t)(whole > 6 ? rest >> (whole - 6) : rest << (6 - whole));
}

int64_t words_day(int64_t zone_time)
{
        const int64_t shifted = zone_time + SHANGHAI_MS;

        return shifted >= 0 ? shifted / DAY_MS : -((-shifted + DAY_MS - 1) / DAY_MS);
}

void words_time(Words *words, int64_t zone_time, int64_t offset)
{
        const int64_t day = words_day(zone_time);

        if (words->day == day)
                return;
        words->day = day;
        words->offset = offset;
        words->passed = true;
        words->known_texts += words->today_texts;
        words->today_texts = 0;
        for (size_t i = 0; i < READING_CODES; i++)
                words->known[i] += words->today[i];
        memset(words->today, 0, sizeof words->today);
}

static int codes_order(const void *one, const void *other)
{
        const ReadCode *a = one, *b = other;

        return (a->code > b->code) - (a->code < b->code);
}

void words_count(Words *words, const char *title, const char *description)
{
        Reading reading;

        reading_begin(&reading);
        reading_add(&reading, title, 1);
        reading_add(&reading, description, 1);
        if (reading.codes_size == 0)
                return;
        qsort(reading.codes, reading.codes_size, sizeof *reading.codes, codes_order);
        words->today_texts++;
        for (size_t i = 0; i < reading.codes_size; i++)
                if (i == 0 || reading.codes[i].code != reading.codes[i - 1].code)
                        words->today[reading.codes[i].code]++;
}

uint32_t words_weight(const Words *words, uint16_t code)
{
        if (!words)
                return 64;
        const uint32_t weight = log2_64((uint64_t)words->known_texts + 2) - log2_64((uint64_t)words->known[code] + 1);

        return words->known[code] > words->known_texts || weight < WEIGHT_LEAST ? WEIGHT_LEAST : weight;
}

static void number_write(Buffer *out, uint32_t value)
{
        for (int shift = 24; shift >= 0; shift -= 8)
                buffer_byte(out, (char)(value >> shift));
}

void words_write(const Words *words, Buffer *out)
{
        number_write(out, words->known_texts);
        for (size_t i = 0; i < READING_CODES; i++)
                number_write(out, words->known[i]);
}

static uint32_t number_read(const char *bytes)
{
        uint32_t value = 0;

        for (size_t i = 0; i < 4; i++)
                value = value << 8 | (unsigned char)bytes[i];
        return value;
}

bool words_read(Words *words, const char *bytes, size_t size)
{
        if (size != WORDS_BYTES)
                return false;
        words->known_texts = number_read(bytes);
        for (size_t i = 0; i < READING_CODES; i++)
                words->known[i] = number_read(bytes + 4 * (i + 1));
        return true;
}
