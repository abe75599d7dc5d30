#include "hub/base/memory.h"
#include "hub/privacy/mask_person.h"

#include <stdlib.h>
#include <string.h>

enum { RUN_MOST = 20, MOBILE = 11, PERSON_OLD = 15, CARD_LEAST = 16, CARD_MOST = 19 };

/* Digits from a place on, over single separators; ends[n] says where the first n end, 0 where another digit follows. */
typedef struct {
        char digits[RUN_MOST + 1];
        size_t ends[RUN_MOST + 1];
        size_t count;
} Run;

static bool is_digit(uint32_t point)
{
        return point >= '0' && point <= '9';
}

static bool is_separator(uint32_t point)
{
        return point == ' ' || point == '-' || point == ')';
}

/* Groups shorter than `least` end the run: a date is no telephone. */
static void run_read(Run *run, const Glyphs *glyphs, size_t index, size_t least)
{
        const Glyph *at = glyphs->items;
        size_t group = 0;

        memset(run, 0, sizeof(*run));
        while (run->count < RUN_MOST && is_digit(at[index].point)) {
                run->digits[run->count++] = (char)at[index++].point;
                group++;
                if (is_digit(at[index].point))
                        continue;
                run->ends[run->count] = index;
                if (group < least || !is_separator(at[index].point))
                        break;
                index++;
                group = 0;
        }
}

/* The older form, of 15 digits. */
static size_t person_end(const Run *run)
{
        const size_t end = run->ends[PERSON_OLD];

        return end && mask_is_province(run->digits) && mask_is_birth_day(run->digits + 8) ? end : 0;
}

static bool luhn_fits(const char *digits, size_t size)
{
        int sum = 0;

        for (size_t i = 0; i < size; i++) {
                int digit = (digits[size - 1 - i] - '0') * (i % 2 ? 2 : 1);

                sum += digit > 9 ? digit - 9 : digit;
        }
        return sum % 10 == 0;
}

static size_t card_end(const Run *run)
{
        if (!run->count || !strchr("34569", run->digits[0]))
                return 0;
        for (size_t size = CARD_MOST; size >= CARD_LEAST; size--)
                if (run->ends[size] && luhn_fits(run->digits, size))
                        return run->ends[size];
        return 0;
}

static bool is_mobile(const char *digits)
{
        return digits[0] == '1' && digits[1] >= '3';
}

/* 010 and 02x have three digits, other area codes four; a local number has seven or eight and never begins with 0. */
static size_t landline_end(const Run *run)
{
        const char *digits = run->digits;
        size_t area = digits[1] == '1' || digits[1] == '2' ? 3 : 4;

        if (digits[0] != '0' || digits[1] < '1' || digits[area] < '1')
                return 0;
        if (run->ends[area + 8])
                return run->ends[area + 8];
        return area == 4 ? run->ends[area + 7] : 0;
}

/* What may stand between the word and the number: blanks, signs, 是 为 号 码. */
static bool is_between(uint32_t point)
{
        return (point < 0x2e80 && !(point >= 'A' && point <= 'Z')) || point == 0xff1a || point == 0x662f ||
               point == 0x4e3a || point == 0x53f7 || point == 0x7801;
}

/* 电话 座机 固话 回电 致电 来电 手机 方式 联系 拨打 just before: then seven or eight digits are a local number. */
static bool is_told(const Glyphs *glyphs, size_t index)
{
        static const uint32_t words[][2] = { { 0x7535, 0x8bdd }, { 0x5ea7, 0x673a }, { 0x56fa, 0x8bdd },
                                             { 0x56de, 0x7535 }, { 0x81f4, 0x7535 }, { 0x6765, 0x7535 },
                                             { 0x624b, 0x673a }, { 0x65b9, 0x5f0f }, { 0x8054, 0x7cfb },
                                             { 0x62e8, 0x6253 }, { 'E', 'L' } };
        const Glyph *at = glyphs->items;

        for (size_t skipped = 0; skipped < 3 && index && is_between(at[index - 1].point); skipped++)
                index--;
        for (size_t i = 0; index >= 2 && i < sizeof(words) / sizeof(words[0]); i++)
                if (at[index - 2].point == words[i][0] && at[index - 1].point == words[i][1])
                        return true;
        return false;
}

static size_t local_end(const Run *run, const Glyphs *glyphs, size_t index)
{
        if (run->digits[0] < '2' || !is_told(glyphs, index))
                return 0;
        return run->ends[8] ? run->ends[8] : run->ends[7];
}

static size_t phone_end(const Run *run)
{
        return run->ends[MOBILE] && is_mobile(run->digits) ? run->ends[MOBILE] : landline_end(run);
}

/* With the code of the country in front: +86, 0086, 86; or any other behind a plus sign. */
static size_t prefixed_end(const Glyphs *glyphs, size_t index)
{
        bool plus = glyphs->items[index].point == '+';
        Run run;

        run_read(&run, glyphs, index + plus, plus ? 1 : 2);
        for (size_t size = 15; plus && size >= 8; size--)
                if (run.ends[size])
                        return run.ends[size];
        for (size_t size = 15; strncmp(run.digits, "0086", 4) == 0 && size >= 13; size--)
                if (run.ends[size])
                        return run.ends[size];
        return strncmp(run.digits, "86", 2) == 0 && is_mobile(run.digits + 2) ? run.ends[2 + MOBILE] : 0;
}

/*
 * A digit before, or the point of a decimal number: this is the middle of something longer. One digit and a point count a
 * list: 1.13812345678.
 */
static bool is_inside(const Glyphs *glyphs, size_t index)
{
        const Glyph *at = glyphs->items + index;

        if (index == 0)
                return false;
        if (index < 2 || at[-1].point != '.' || !is_digit(at[-2].point))
                return is_digit(at[-1].point);
        return at[-2].point == '0' || (index > 2 && (is_digit(at[-3].point) || at[-3].point == '.'));
}

NumberKind mask_number(const Glyphs *glyphs, size_t index, size_t *end)
{
        uint32_t point = glyphs->items[index].point;
        Run run;

        if (point >= 0x80) {
                *end = mask_digit(point) >= 0 ? mask_person(glyphs, index) : 0;
                if (*end)
                        return NUMBER_PERSON;
                *end = mask_digit(point) >= 0 ? mask_phone(glyphs, index, is_told(glyphs, index)) : 0;
                return *end ? NUMBER_PHONE : NUMBER_NONE;
        }
        if ((!is_digit(point) && point != '+') || is_inside(glyphs, index))
                return NUMBER_NONE;
        /* one in ten of a person's numbers passes as a card's, too; of so many digits it is the person's */
        *end = mask_person(glyphs, index);
        if (*end)
                return NUMBER_PERSON;
        run_read(&run, glyphs, index, 3);
        *end = card_end(&run);
        if (*end)
                return NUMBER_CARD;
        *end = person_end(&run);
        if (*end)
                return NUMBER_PERSON;
        *end = phone_end(&run);
        if (!*end)
                *end = prefixed_end(glyphs, index);
        if (!*end)
                *end = local_end(&run, glyphs, index);
        if (!*end)
                *end = mask_phone(glyphs, index, is_told(glyphs, index));
        return *end ? NUMBER_PHONE : NUMBER_NONE;
}

NumberKind mask_number_kind(const char *text)
{
        CLEANUP(glyphs_close) Glyphs glyphs = { 0 };
        NumberKind kind;
        size_t end = 0;

        glyphs_read(&glyphs, text);
        kind = mask_number(&glyphs, 0, &end);
        return end == glyphs.size ? kind : NUMBER_NONE;
}
