#include "hub/recording/scrub_text.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/privacy/mask.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERSON_DIGITS = 18, PERSON_OLD_DIGITS = 15, DIGITS_MOST = 32 };

#define PLATE_LETTERS "ABCDEFGHJKLMNPQRSTUVWXYZ"

typedef struct {
        const char *bytes;
        size_t size;
        char *marks; /* of each byte: 0, 'p' found by pattern, 'm' of a member */
        char *out;   /* the same size */
} Page;

/* ---- what is personal ---- */

static bool patterns_mark(Page *page, Error *err)
{
        static const char *const nobody[] = { NULL };
        CLEANUP(buffer_free) Buffer masked = { 0 };
        CLEANUP(glyphs_close) Glyphs before = { 0 };
        CLEANUP(glyphs_close) Glyphs after = { 0 };

        if (!mask_text(&masked, page->bytes, nobody, NULL, NULL))
                return true;
        glyphs_read(&before, page->bytes);
        glyphs_read(&after, masked.bytes);
        if (before.size != after.size)
                return error_set(err, ERR_INPUT, NULL, "its masked form has another length");
        for (size_t i = 0; i < before.size; i++)
                if (after.items[i].point == '*' && before.items[i].point != '*')
                        memset(page->marks + before.items[i].start, 'p',
                               before.items[i + 1].start - before.items[i].start);
        return true;
}

/* The end of a JSON string whose opening quote is at `at`: its closing quote, or the end of the text. */
static size_t string_end(const Page *page, size_t at)
{
        for (at++; at < page->size && page->bytes[at] != '"'; at++)
                at += page->bytes[at] == '\\';
        return at < page->size ? at : page->size;
}

static bool is_member(const TextList *members, const char *name, size_t size)
{
        for (size_t i = 0; i < members->size; i++)
                if (strlen(members->items[i]) == size && strncasecmp(members->items[i], name, size) == 0)
                        return true;
        return false;
}

/* No parser: the bytes stay where they are, and a broken document is scrubbed, too. */
static void members_mark(Page *page, const TextList *members)
{
        bool is_personal = false;

        for (size_t at = 0; at < page->size; at++) {
                size_t end, next;

                if (page->bytes[at] != '"')
                        continue;
                end = string_end(page, at);
                next = end + 1 + (end < page->size ? strspn(page->bytes + end + 1, " \t\r\n") : 0);
                if (next < page->size && page->bytes[next] == ':') {
                        next += 1 + strspn(page->bytes + next + 1, " \t\r\n");
                        is_personal =
                                is_member(members, page->bytes + at + 1, end - at - 1) && page->bytes[next] == '"';
                } else if (is_personal) {
                        memset(page->marks + at + 1, 'm', end - at - 1);
                        is_personal = false;
                }
                at = end;
        }
}

/* ---- what stands in its place ---- */

static void digit_put(char *out, int digit)
{
        if (isdigit((unsigned char)out[0]))
                out[0] = (char)('0' + digit);
        else if (memcmp(out, "\xef\xbc", 2) == 0)
                out[2] = (char)(0x90 + digit); /* full width */
}

/* One code point; its size stays. `mark` p: a province's letter on a plate is nobody's, and makes it a plate. */
static void point_put(char *out, size_t size, char mark, uint64_t dice)
{
        const unsigned char lead = (unsigned char)out[0];

        if (isdigit(lead))
                out[0] = (char)('0' + dice % 10);
        else if (isupper(lead))
                out[0] = PLATE_LETTERS[dice % (sizeof(PLATE_LETTERS) - 1)];
        else if (islower(lead))
                out[0] = (char)('a' + dice % 26);
        else if (size == 3 && memcmp(out, "\xef\xbc", 2) == 0 && (unsigned char)out[2] >= 0x90 &&
                 (unsigned char)out[2] <= 0x99)
                digit_put(out, (int)(dice % 10));
        else if (size == 3 && mark == 'm' && lead >= 0xe4 && lead <= 0xe9)
                memcpy(out, &"某甲乙丙丁戊"[3 * (dice % 6)], 3);
}

/* An escape of a member: \u and the code of a letter stays one of its length; the others are no letters. */
static size_t escape_put(Page *page, size_t at, uint64_t dice)
{
        static const char *const codes[] = { "67d0", "7532", "4e59", "4e19", "4e01", "620a" };

        if (page->bytes[at + 1] != 'u' || at + 6 > page->size)
                return 2;
        if (strchr("456789", page->bytes[at + 2]))
                memcpy(page->out + at + 2, codes[dice % 6], 4);
        return 6;
}

static size_t point_size(const Page *page, size_t at)
{
        const char *text = page->bytes + at;

        (void)text_next(&text, page->bytes + page->size);
        return (size_t)(text - page->bytes) - at;
}

static void marks_replace(Page *page)
{
        for (size_t at = 0; at < page->size;) {
                size_t end = at, first = at;
                uint64_t seed;

                while (end < page->size && page->marks[end])
                        end++;
                if (end == at) {
                        at++;
                        continue;
                }
                seed = hash64(page->bytes + first, end - first);
                while (at < end) {
                        const uint64_t dice = hash64(&(uint64_t[]){ seed, at - first }, 16);
                        size_t size = point_size(page, at);

                        if (page->bytes[at] == '\\' && page->marks[at] == 'm')
                                size = escape_put(page, at, dice);
                        else
                                point_put(page->out + at, size, page->marks[at], dice);
                        at += size;
                }
        }
}

/* ---- check digits ---- */

/* GB 11643-1999: weights 2^(17-i) mod 11. */
static char person_check(const int digits[PERSON_DIGITS])
{
        static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
        int sum = 0;

        for (size_t i = 0; i < PERSON_DIGITS - 1; i++)
                sum += weights[i] * digits[i];
        return "10X98765432"[sum % 11];
}

/* Of an ASCII or a full-width digit; 0 of the X that stands for ten. */
static int digit_of(const char *out)
{
        if (isdigit((unsigned char)out[0]))
                return out[0] - '0';
        return memcmp(out, "\xef\xbc", 2) == 0 ? (unsigned char)out[2] - 0x90 : 0;
}

static void person_put(Page *page, const size_t places[], size_t size)
{
        const char *fixed = size == PERSON_DIGITS ? "35020619800101" : "350206800101";
        int digits[PERSON_DIGITS] = { 0 };

        for (size_t i = 0; i + 1 < size; i++) {
                if (i < strlen(fixed))
                        digit_put(page->out + places[i], fixed[i] - '0');
                digits[i] = digit_of(page->out + places[i]);
        }
        if (size == PERSON_DIGITS && (unsigned char)page->bytes[places[size - 1]] < 0x80)
                page->out[places[size - 1]] = person_check(digits);
}

/* ISO/IEC 7812-1 annex B: Luhn. */
static void card_put(Page *page, const size_t places[], size_t size)
{
        int sum = 0;

        for (size_t i = 0; i + 1 < size; i++) {
                const int digit = digit_of(page->out + places[i]) * ((size - 1 - i) % 2 ? 2 : 1);

                sum += digit > 9 ? digit - 9 : digit;
        }
        digit_put(page->out + places[size - 1], (10 - sum % 10) % 10);
}

static void number_put(Page *page, const Glyphs *glyphs, size_t index, size_t end, NumberKind kind)
{
        size_t places[DIGITS_MOST], size = 0, keep = kind == NUMBER_PHONE ? 3 : kind == NUMBER_CARD ? 6 : 0;

        for (; index < end && size < DIGITS_MOST; index++)
                if ((glyphs->items[index].point >= '0' && glyphs->items[index].point <= '9') ||
                    (kind == NUMBER_PERSON && glyphs->items[index].point == 'X'))
                        places[size++] = glyphs->items[index].start;
        for (size_t i = 0; i < keep && i < size; i++)
                memcpy(page->out + places[i], page->bytes + places[i], point_size(page, places[i]));
        if (kind == NUMBER_PERSON && (size == PERSON_DIGITS || size == PERSON_OLD_DIGITS))
                person_put(page, places, size);
        else if (kind == NUMBER_CARD && size)
                card_put(page, places, size);
}

static void numbers_mend(Page *page)
{
        CLEANUP(glyphs_close) Glyphs glyphs = { 0 };

        glyphs_read(&glyphs, page->bytes);
        for (size_t i = 0, end; i < glyphs.size; i++) {
                const bool starts = i == 0 || glyphs.items[i - 1].point < '0' || glyphs.items[i - 1].point > '9';
                const NumberKind kind =
                        starts && page->marks[glyphs.items[i].start] ? mask_number(&glyphs, i, &end) : NUMBER_NONE;

                if (kind == NUMBER_NONE)
                        continue;
                number_put(page, &glyphs, i, end, kind);
                i = end - 1;
        }
}

static void page_free(Page *page)
{
        free(page->marks);
        free(page->out);
}

bool scrub_text(Buffer *out, const char *bytes, size_t size, const TextList *members, Error *err)
{
        CLEANUP(page_free) Page page = { .bytes = bytes, .size = size };

        if (!text_is_utf8(bytes, size) || strlen(bytes) != size)
                return error_set(err, ERR_INPUT, NULL, "is no UTF-8 text: it cannot be scrubbed here");
        page.marks = mem_new(size + 1);
        page.out = mem_copy(bytes, size);
        if (!patterns_mark(&page, err))
                return false;
        members_mark(&page, members);
        marks_replace(&page);
        numbers_mend(&page);
        buffer_add(out, page.out, size);
        return true;
}
