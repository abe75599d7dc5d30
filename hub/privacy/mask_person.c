#include "hub/privacy/mask_person.h"

#include <string.h>

enum { SIZE = 18, BORN_BEFORE = 2018, TOLD_BEHIND = 6, GROUP_LEAST = 3 };

/* What is read of one, and how it is parted. */
typedef struct {
        char digits[SIZE + 1];
        size_t count, end;
        size_t groups, short_groups; /* all of them; those of one or two digits, but for the last */
} Written;

static int number_of(const char *digits, size_t size)
{
        int number = 0;

        for (size_t i = 0; i < size; i++)
                number = number * 10 + (digits[i] - '0');
        return number;
}

bool mask_is_province(const char *digits)
{
        static const char *const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 "
                                             "50 51 52 53 54 61 62 63 64 65 71 81 82 83";
        const char code[] = { digits[0], digits[1], '\0' };

        return strstr(provinces, code) != NULL;
}

bool mask_is_birth_day(const char *month_day)
{
        int month = number_of(month_day, 2), day = number_of(month_day + 2, 2);

        return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* ISO 7064 MOD 11-2. */
static bool check_fits(const char *digits)
{
        static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
        int sum = 0;

        for (size_t i = 0; i < SIZE - 1; i++)
                sum += (digits[i] - '0') * weights[i];
        return digits[SIZE - 1] == "10X98765432"[sum % 11];
}

/*
 * A mistyped ID number still names a person, so the check character decides only where the date could be that of a
 * report: case numbers are a district and a date too.
 */
static bool is_person(const char *digits)
{
        int year = number_of(digits + 6, 4);

        if (!mask_is_province(digits) || year < 1900 || year > 2099 || !mask_is_birth_day(digits + 10))
                return false;
        return year < BORN_BEFORE || check_fits(digits);
}

/* X, ten in Roman numerals, Cyrillic, Greek, a sign of multiplication. */
static bool is_ten(uint32_t point)
{
        return point == 'X' || point == 0x2169 || point == 0x2179 || point == 0x425 || point == 0x445 ||
               point == 0x3a7 || point == 0x3c7 || point == 0xd7;
}

static bool written_read(const Glyphs *glyphs, size_t index, Written *written)
{
        const Glyph *at = glyphs->items;
        size_t gap = 0, group = 0;

        memset(written, 0, sizeof(*written));
        while (written->count < SIZE) {
                const int digit = mask_digit(at[index].point);
                const bool ten = written->count == SIZE - 1 && is_ten(at[index].point);

                if (digit < 0 && !ten)
                        return false;
                if (gap || !written->count) {
                        written->short_groups += written->count && group < GROUP_LEAST;
                        written->groups++;
                        group = 0;
                }
                group++;
                written->digits[written->count++] = (char)(ten ? 'X' : '0' + digit);
                written->end = ++index;
                gap = mask_gap(&at[index]);
                index += gap;
        }
        /* digits of the same writing that go on at once are something longer */
        return gap || at[index].point < '0' || at[index].point > '9' || at[index - 1].point >= 0x80;
}

/* 身份证 a few signs before, 号 or 号码 and a colon among them. */
static bool is_told(const Glyphs *glyphs, size_t index)
{
        const Glyph *at = glyphs->items;

        for (size_t skipped = 0; skipped < TOLD_BEHIND && index >= 3; skipped++, index--)
                if (at[index - 3].point == 0x8eab && at[index - 2].point == 0x4efd && at[index - 1].point == 0x8bc1)
                        return true;
        return false;
}

size_t mask_person(const Glyphs *glyphs, size_t index)
{
        Written written;

        if (!written_read(glyphs, index, &written) || !is_person(written.digits))
                return 0;
        if (written.short_groups == 0 || written.groups == SIZE || check_fits(written.digits) || is_told(glyphs, index))
                return written.end;
        return 0;
}
