#include "adapters/envletter.h"

#include "hub/base/text.h"
#include "hub/dialect/case.h"

#include <string.h>

/*
 * Receipt numbers: "X3FJ202311260012" or "D3SX202505280018": D a call, X a letter; the round; the province; the day;
 * four digits. A star in front marks what the inspectors watch.
 */

enum { NUMBER_SIZE = 16, DAY_AT = 4, DAY_SIZE = 8, PLAIN_LEAST = 6 };

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
        return c >= 'A' && c <= 'Z';
}

/* Half width and upper case, without blanks and what a spreadsheet puts around texts (="...", '...). */
static uint32_t folded(uint32_t point)
{
        if (point >= 0xff01 && point <= 0xff5e)
                point -= 0xfee0;
        return point >= 'a' && point <= 'z' ? point - 32 : point;
}

static bool is_star(uint32_t point)
{
        return point == '*' || point == 0x2605 || point == 0x2606 || point == 0x203b || point == 0x2217;
}

static bool is_dropped(uint32_t point)
{
        return point <= ' ' || point == 0xa0 || point == 0x3000 || point == 0x200b || point == 0xfeff || point == '=' ||
               point == '"' || point == '\'';
}

/* "（0.3件）" behind a number is the district's share in a letter that several handle: no part of the number. */
static bool text_fill(const char *cell, Number *number)
{
        const char *end = cell + strlen(cell);
        size_t size = 0;

        while (cell < end) {
                uint32_t point = folded(text_next(&cell, end));

                if (point == '(')
                        break;
                number->starred |= is_star(point);
                if (is_star(point) || is_dropped(point))
                        continue;
                if (point >= 0x7f || size + 1 >= sizeof(number->text))
                        return false;
                number->text[size++] = (char)point;
        }
        number->text[size] = '\0';
        return true;
}

static bool is_receipt(const char *text)
{
        return is_upper(text[0]) && is_digit(text[1]) && is_upper(text[2]) && is_upper(text[3]);
}

static bool receipt_read(Number *number, Error *err)
{
        if (strlen(number->text) != NUMBER_SIZE || strspn(number->text + DAY_AT, "0123456789") != NUMBER_SIZE - DAY_AT)
                return error_set(err, ERR_INPUT, "bad_value", "number: %zu characters where a receipt number has %d",
                                 strlen(number->text), NUMBER_SIZE);
        memcpy(number->day, number->text + DAY_AT, DAY_SIZE);
        return true;
}

/* Lists of other rounds number otherwise: letters, digits and hyphens, most of them digits. */
static bool is_plain(const char *text)
{
        size_t digits = 0;

        if (text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")])
                return false;
        for (; *text; text++)
                digits += is_digit(*text);
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
