#include "hub/privacy/mask_phone.h"

#include "hub/base/text.h"

#include <string.h>

enum { DIGITS_MOST = 18, GAP_MOST = 6, MOBILE = 11 };

/* What stands between two digits; the least usual of several counts. */
typedef enum { GAP_NONE, GAP_BLANK, GAP_DASH, GAP_LINE, GAP_OTHER, GAP_LIST } Gap;

typedef struct {
        char digit;
        bool plain;    /* not a Chinese numeral */
        size_t index;  /* among the glyphs */
        Gap gap;       /* in front of it */
        uint32_t sign; /* the first glyph of that */
} Digit;

typedef struct {
        Digit items[DIGITS_MOST + 1];
        size_t size;
} Digits;

/* Sizes of groups, a character each: "344". */
typedef struct {
        char sizes[DIGITS_MOST + 1];
        size_t size;
        Gap gap;
        bool uniform;
} Groups;

static Gap gap_of(uint32_t point)
{
        switch (point) {
        case ' ':
        case '\t':
                return GAP_BLANK;
        case '-':
        case ')':
        case 0x30fc: /* a long vowel of Japanese, which keyboards here give for a dash */
                return GAP_DASH;
        case '\n':
        case '\r':
                return GAP_LINE;
        case '.':
        case '/':
        case '_':
        case '*':
        case '|':
        case '\\':
        case '(':
        case '[':
        case ']':
        case 0xb7:
        case 0x2022:
        case 0x30fb:
        case 0x3010:
        case 0x3011:
                return GAP_OTHER;
        case ',':
        case ';':
        case '~':
        case '=':
        case '#':
        case ':':
        case '+':
        case 0x2026:
        case 0x2800: /* of braille, blank */
        case 0x3001:
        case 0x3002:
        case 0x301c:
                return GAP_LIST;
        default:
                return GAP_NONE;
        }
}

static Gap gap_read(const Glyph *at, size_t *size)
{
        Gap found = GAP_NONE;

        for (*size = 0; gap_of(at[*size].point) != GAP_NONE; ++*size) {
                Gap gap = gap_of(at[*size].point);

                if (*size == GAP_MOST)
                        return GAP_NONE;
                found = gap > found ? gap : found;
        }
        return found;
}

size_t mask_gap(const Glyph *at)
{
        size_t size;

        return gap_read(at, &size) == GAP_NONE ? 0 : size;
}

static void digits_read(Digits *digits, const Glyphs *glyphs, size_t index)
{
        Gap gap = GAP_NONE;
        uint32_t sign = 0;
        size_t size;

        for (digits->size = 0; digits->size < DIGITS_MOST; index += size) {
                const Glyph *at = &glyphs->items[index];
                int digit = mask_digit(at->point);

                if (digit < 0)
                        return;
                digits->items[digits->size++] = (Digit){ (char)('0' + digit), at->point < 0x80, index++, gap, sign };
                gap = gap_read(at + 1, &size);
                sign = size ? at[1].point : 0;
                if (size && gap == GAP_NONE)
                        return;
        }
}

/* No digit of the same writing follows without a gap. */
static bool ends_at(const Digits *digits, size_t end)
{
        const Digit *last = &digits->items[end - 1], *next = &digits->items[end];

        return end == digits->size || next->gap != GAP_NONE || !last->plain || !next->plain;
}

static Groups groups_of(const Digits *digits, size_t from, size_t end)
{
        Groups groups = { .uniform = true };
        uint32_t sign = 0;

        for (size_t i = from; i < end; i++) {
                const Digit *digit = &digits->items[i];

                if (i == from || digit->gap != GAP_NONE)
                        groups.sizes[groups.size++] = '0';
                groups.sizes[groups.size - 1]++;
                if (i == from || digit->gap == GAP_NONE)
                        continue;
                groups.gap = digit->gap > groups.gap ? digit->gap : groups.gap;
                groups.uniform = groups.uniform && (!sign || sign == digit->sign);
                sign = digit->sign;
        }
        return groups;
}

static bool is_one_of(const char *sizes, const char *const *forms, size_t size)
{
        for (size_t i = 0; i < size; i++)
                if (strcmp(sizes, forms[i]) == 0)
                        return true;
        return false;
}

/* As most numbers are dictated; the short groups only between equal signs. */
static bool is_usual(const Groups *groups)
{
        static const char *const usual[] = { "344", "38", "74", "434" };
        static const char *const dictated[] = { "11111111111", "32222", "3422", "3224", "311111111" };

        return is_one_of(groups->sizes, usual, sizeof(usual) / sizeof(usual[0])) ||
               (groups->uniform && groups->gap < GAP_LIST &&
                is_one_of(groups->sizes, dictated, sizeof(dictated) / sizeof(dictated[0])));
}

/* No group but the last is short: a date is no telephone. */
static bool is_in_groups(const Groups *groups)
{
        for (size_t i = 0; i + 1 < groups->size; i++)
                if (groups->sizes[i] < '3')
                        return false;
        return groups->gap <= GAP_DASH;
}

/* yyyyMMdd as a group of its own. */
static bool has_date(const Digits *digits, size_t from, const Groups *groups)
{
        for (size_t i = 0; i < groups->size; from += (size_t)(groups->sizes[i++] - '0')) {
                const Digit *at = &digits->items[from];

                if (groups->sizes[i] == '8' &&
                    ((at[0].digit == '1' && at[1].digit == '9') || (at[0].digit == '2' && at[1].digit == '0')) &&
                    (at[4].digit == '0' || (at[4].digit == '1' && at[5].digit <= '2')) && at[6].digit <= '3')
                        return true;
        }
        return false;
}

/* A line that ends within a number, or a finger on the blank. */
static bool is_slip(const Digits *digits, size_t from, const Groups *groups)
{
        const size_t most = groups->gap == GAP_LINE ? 2 : 3;

        return (groups->gap == GAP_BLANK || groups->gap == GAP_LINE) && groups->size <= most &&
               !has_date(digits, from, groups);
}

/* Behind the code of a country or a word for telephone everything is a number, however it is parted; not over commas. */
static size_t mobile_end(const Digits *digits, size_t from, bool told)
{
        const Digit *at = &digits->items[from];
        Groups groups;

        if (digits->size < from + MOBILE || at[0].digit != '1' || at[1].digit < '3' || !ends_at(digits, from + MOBILE))
                return 0;
        groups = groups_of(digits, from, from + MOBILE);
        if (!(told && groups.gap < GAP_LIST) && groups.size > 1 && !is_in_groups(&groups) && !is_usual(&groups) &&
            !is_slip(digits, from, &groups))
                return 0;
        return at[MOBILE - 1].index + 1;
}

static bool is_local(const Groups *local)
{
        static const char *const locals[] = { "7", "8", "34" };

        return is_one_of(local->sizes, locals, sizeof(locals) / sizeof(locals[0]));
}

/* The area code is a group of its own, the local number whole or in 3 and 4; or all in long groups, one by one, or in none. */
static bool is_landline(const Digits *digits, size_t area, size_t size)
{
        Groups all = groups_of(digits, 0, size), local = groups_of(digits, area, size);

        if (all.size == 1 || is_in_groups(&all) || (all.size == size && all.uniform && all.gap < GAP_LIST))
                return true;
        return (size_t)(all.sizes[0] - '0') == area && is_local(&local);
}

/* 010 and 02x have three digits, other area codes four; a local number has seven or eight and never begins with 0. */
static size_t landline_end(const Digits *digits)
{
        const Digit *at = digits->items;
        const size_t area = at[1].digit == '1' || at[1].digit == '2' ? 3 : 4;

        if (digits->size < 10 || at[0].digit != '0' || at[1].digit < '1' || at[area].digit < '1')
                return 0;
        for (size_t size = area + 8; size >= area + (area == 4 ? 7 : 8); size--)
                if (digits->size >= size && ends_at(digits, size) && is_landline(digits, area, size))
                        return at[size - 1].index + 1;
        return 0;
}

/* How many digits of the first of the codes, which ends with NULL, they begin with. */
static size_t code_size(const Digits *digits, const char *const *codes)
{
        for (; *codes; codes++) {
                size_t size = strlen(*codes), same = 0;

                while (same < size && same < digits->size && digits->items[same].digit == (*codes)[same])
                        same++;
                if (same == size)
                        return size;
        }
        return 0;
}

static const char *const country_codes[] = { "0086", "86", NULL };

/* Dialled before a mobile number: the trunk's 0, cheaper carriers. */
static const char *const carrier_codes[] = { "0", "17951", "17950", "17911", "17909", "12593", NULL };

/* Hong Kong and Macao have eight digits, Taiwan nine. */
static size_t neighbour_end(const Digits *digits)
{
        static const char *const eight[] = { "00852", "00853", NULL }, *const nine[] = { "00886", NULL };
        const size_t size = code_size(digits, eight) ? 13 : code_size(digits, nine) ? 14 : 0;

        return size && digits->size >= size && ends_at(digits, size) ? digits->items[size - 1].index + 1 : 0;
}

/* Behind a plus sign: the most digits that end there, within ITU-T E.164's fifteen; in two groups it may be an amount. */
static size_t abroad_end(const Digits *digits, size_t country)
{
        for (size_t size = 15; size >= country + 8 && size >= 10; size--) {
                if (digits->size < size || digits->items[0].digit == '0' || !ends_at(digits, size))
                        continue;
                if (country || groups_of(digits, 0, size).size >= 3)
                        return digits->items[size - 1].index + 1;
        }
        return 0;
}

static size_t local_end(const Digits *digits)
{
        for (size_t size = 8; size >= 7; size--) {
                Groups groups = groups_of(digits, 0, digits->size < size ? 0 : size);

                if (digits->size >= size && digits->items[0].digit >= '2' && ends_at(digits, size) &&
                    (is_local(&groups) || strcmp(groups.sizes, "44") == 0))
                        return digits->items[size - 1].index + 1;
        }
        return 0;
}

size_t mask_phone(const Glyphs *glyphs, size_t index, bool told)
{
        const size_t plus = glyphs->items[index].point == '+';
        Digits digits = { 0 };
        size_t country, end;

        digits_read(&digits, glyphs, index + plus);
        country = code_size(&digits, country_codes);
        end = mobile_end(&digits, country, told || country > 2 || (plus && country));
        if (!end && plus)
                return abroad_end(&digits, country);
        if (!end && !country)
                end = landline_end(&digits);
        if (!end && code_size(&digits, carrier_codes))
                end = mobile_end(&digits, code_size(&digits, carrier_codes), false);
        if (!end)
                end = neighbour_end(&digits);
        return !end && told ? local_end(&digits) : end;
}
