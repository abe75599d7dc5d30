/* What a text stands for, as platforms write it: nothing, yes or no, a number that lost its end. */

#include "hub/base/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

bool text_is_blank(uint32_t point)
{
        return (point >= '\t' && point <= '\r') || point == ' ' || point == 0x85 || point == 0xa0 || point == 0xad ||
               point == 0x1680 || point == 0x180e || (point >= 0x2000 && point <= 0x200f) ||
               (point >= 0x2028 && point <= 0x202f) || (point >= 0x205f && point <= 0x206f) || point == 0x3000 ||
               point == 0xfeff;
}

/* By the lead bytes of wide blanks, cheaply: most texts have none at either end. */
static bool may_be_blank(uint8_t byte)
{
        return byte <= ' ' || byte == 0xc2 || (byte >= 0xe1 && byte <= 0xe3) || byte == 0xef;
}

static bool may_end_blank(const char *text, size_t size)
{
        uint8_t last = size ? (uint8_t)text[size - 1] : 0;

        if (last < 0x80)
                return size && last <= ' ';
        return (size >= 3 && may_be_blank((uint8_t)text[size - 3])) || (size >= 2 && (uint8_t)text[size - 2] == 0xc2);
}

static size_t blank_before(const char *text, size_t size)
{
        const char *end = text + size, *at = end, *next;

        while (at > text && end - at < 3 && ((uint8_t) * --at & 0xc0) == 0x80)
                continue;
        next = at;
        return at < end && text_is_blank(text_next(&next, end)) && next == end ? (size_t)(end - at) : 0;
}

const char *text_trim(const char *text, size_t *size)
{
        const char *end = text + *size, *next = text;
        size_t wide;

        while (text < end && may_be_blank((uint8_t)*text) && text_is_blank(text_next(&next, end)))
                text = next;
        *size = (size_t)(end - text);
        while (may_end_blank(text, *size) && (wide = blank_before(text, *size)))
                *size -= wide;
        return text;
}

bool text_among(const char *words, const char *text, size_t size)
{
        while (size && *words) {
                const char *end = strchrnul(words, '|');

                if ((size_t)(end - words) == size && ((*words ^ *text) & 0xdf) == 0 &&
                    ((words[size - 1] ^ text[size - 1]) & 0xdf) == 0 && strncasecmp(words, text, size) == 0)
                        return true;
                words = end + (*end == '|');
        }
        return false;
}

bool text_holds_one(const char *words, const char *text)
{
        for (size_t size; text && *words; words += size + (words[size] == '|')) {
                size = strcspn(words, "|");
                if (size && memmem(text, strlen(text), words, size))
                        return true;
        }
        return false;
}

bool text_is_one_of(const char *words, const char *text)
{
        return text && text_among(words, text, strlen(text));
}

bool text_is_none(const char *text)
{
        return text_is_one_of(
                "n/a|na|none|null|nil|nan|nat|undefined|[object object]|invalid date|#n/a|#value!|#ref!|#name?|"
                "/|?|无|暂无|不详|未知|空|待定",
                text);
}

bool text_read_flag(const char *text, bool *flag)
{
        size_t size = text ? strlen(text) : 0;
        double number;

        text = text_trim(text ? text : "", &size);
        *flag = text_among("1|true|yes|y|t|on|是|真|有|对|√|✓|✔|☑|１|Ｙ|ｙ", text, size) ||
                (size && text_starts(text, "已"));
        if (*flag ||
            text_among("0|false|no|n|f|off|-|null|none|n/a|否|假|无|非|不|不是|没有|没|×|✗|✘|☐|０|Ｎ|ｎ", text, size) ||
            size == 0)
                return true;
        if (text_starts(text, "未"))
                return true;
        if (!text_read_number(text, &number) || (number != 0 && number != 1))
                return false;
        *flag = number == 1;
        return true;
}

static size_t digits(const char *text)
{
        return strspn(text, "0123456789");
}

/* 2.0231e+16, 1.23E+17, 1,23E17, 2E+16: with a point or a sign, which a number of letters and digits (20231205E001) has not. */
bool text_is_exponent(const char *text)
{
        size_t whole = digits(text), part = 0, power;
        bool signed_power;

        text += whole;
        if (*text == '.' || *text == ',')
                part = digits(text + 1) + 1;
        text += part;
        if (whole == 0 || part == 1 || (*text != 'e' && *text != 'E'))
                return false;
        text++;
        signed_power = *text == '+' || *text == '-';
        text += signed_power;
        power = digits(text);
        return power >= 1 && power <= 3 && !text[power] && (part || signed_power);
}

bool text_lost_its_end(const char *text, size_t size)
{
        enum { SHEET = 15, DOUBLE = 17, LONG = 18, ZEROS_LEAST = 3 };
        size_t length = 0, at, lost;

        while (length < size && text[length] >= '0' && text[length] <= '9')
                length++;
        for (at = length; at < size && (text[at] == '.' || text[at] == '0'); at++)
                ;
        if (length < LONG || at < size)
                return false;
        lost = length - SHEET < ZEROS_LEAST + DOUBLE - SHEET ? length - SHEET : length - DOUBLE;
        for (at = length; at > 0 && text[at - 1] == '0'; at--)
                ;
        return length - at >= lost && at > 0;
}
