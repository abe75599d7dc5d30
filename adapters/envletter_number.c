#include "adapters/envletter.h"

#include "hub/base/text.h"
#include "hub/dialect/case.h"

#include <string.h>
#include <wchar.h>

/*
 * Receipt numbers: "X3FJ202311260012" or "D3SX202505280018": D a call, X a letter; the round; the province; the day;
 * four digits. A star in front marks what the inspectors watch.
 */

#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

enum { NUMBER_SIZE = 16, DAY_AT = 4, DAY_SIZE = 8, PLAIN_LEAST = 6 };

/* What a spreadsheet puts around texts (="...", '...), and blanks of all kinds. */
static bool is_dress(uint32_t point)
{
        return point <= ' ' || text_is_blank(point) || point == '=' || point == '"' || point == '\'';
}

/* Half width and upper case. "（0.3件）" behind a number is the district's share in a letter that several handle: no part of it. */
static bool text_fill(const char *cell, Number *number)
{
        const char *end = cell + strlen(cell);
        size_t size = 0;

        while (cell < end) {
                const uint32_t point = text_half(text_next(&cell, end));

                if (point == '(')
                        break;
                if (wcschr(L"*★☆※∗", (wchar_t)point)) {
                        number->starred = true;
                        continue;
                }
                if (is_dress(point))
                        continue;
                if (point >= 0x7f || size + 1 >= sizeof(number->text))
                        return false;
                number->text[size++] = (char)(point >= 'a' && point <= 'z' ? point - 'a' + 'A' : point);
        }
        number->text[size] = '\0';
        return true;
}

static bool is_receipt(const char *text)
{
        return strspn(text, LETTERS) == 1 && strspn(text + 1, DIGITS) == 1 && strspn(text + 2, LETTERS) >= 2;
}

static bool receipt_read(Number *number, Error *err)
{
        if (strlen(number->text) != NUMBER_SIZE || strspn(number->text + DAY_AT, DIGITS) != NUMBER_SIZE - DAY_AT)
                return error_set(err, ERR_INPUT, "bad_value", "number: %zu characters where a receipt number has %d",
                                 strlen(number->text), NUMBER_SIZE);
        memcpy(number->day, number->text + DAY_AT, DAY_SIZE);
        return true;
}

/* Lists of other rounds number otherwise: letters, digits and hyphens, most of them digits. */
static bool is_plain(const char *text)
{
        size_t digits = 0;

        if (text[strspn(text, LETTERS DIGITS "-")])
                return false;
        for (; *text; text++)
                digits += *text >= '0' && *text <= '9';
        return digits >= PLAIN_LEAST;
}

bool number_read(const char *cell, bool sheet, Number *number, Error *err)
{
        *number = (Number){ 0 };
        if (!text_fill(cell, number))
                return error_set(err, ERR_INPUT, "bad_value", "number: no receipt number");
        if (!number->text[0])
                return true;
        if (is_receipt(number->text))
                return receipt_read(number, err);
        return case_id_check("number", number->text, sheet, err) &&
               (is_plain(number->text) || error_set(err, ERR_INPUT, "bad_value", "number: no receipt number"));
}
