#include "hub/base/text.h"

#include "hub/base/memory.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xfffd };

bool text_starts(const char *text, const char *start)
{
        return strncmp(text, start, strlen(start)) == 0;
}

/* How many bytes follow a lead byte, and which the first of them may be (Unicode 15, table 3-7); -1: no lead byte. */
static int lead_read(uint8_t lead, uint8_t *least, uint8_t *most)
{
        *least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        *most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (lead < 0x80)
                return 0;
        if (lead < 0xc2 || lead > 0xf4)
                return -1;
        return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
}

bool text_decode(const char **text, const char *end, uint32_t *point)
{
        const char *at = *text;
        uint8_t least, most, lead = (uint8_t)*at++;
        int follow = lead_read(lead, &least, &most);

        *text = at;
        *point = follow == 0 ? lead : lead & (0x3fu >> (follow > 0 ? follow : 0));
        for (int i = 0; i < follow; i++) {
                uint8_t byte = at < end ? (uint8_t)*at : 0;

                if (byte < least || byte > most) {
                        follow = -1;
                        break;
                }
                *point = *point << 6 | (byte & 0x3f);
                least = 0x80;
                most = 0xbf;
                *text = ++at;
        }
        if (follow < 0)
                *point = REPLACEMENT;
        return follow >= 0;
}

/* Most of Chinese: three bytes, of which the first leaves the others free. */
static bool is_common(const char *text, const char *end)
{
        const uint8_t *at = (const uint8_t *)text;

        return end - text >= 3 && *at >= 0xe1 && *at <= 0xec && (at[1] & 0xc0) == 0x80 && (at[2] & 0xc0) == 0x80;
}

uint32_t text_next(const char **text, const char *end)
{
        const uint8_t *at = (const uint8_t *)*text;
        uint32_t point;

        if (*text >= end)
                return 0;
        if (*at < 0x80) {
                (*text)++;
                return *at;
        }
        if (is_common(*text, end)) {
                *text += 3;
                return (at[0] & 0xfu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
        }
        (void)text_decode(text, end, &point);
        return point;
}

/* Whole documents are judged: ASCII eight bytes at once, and most of Chinese without composing it. */
bool text_is_utf8(const char *bytes, size_t size)
{
        static const uint64_t high = UINT64_C(0x8080808080808080);
        const char *end = bytes + size;
        uint32_t point;
        uint64_t eight;

        while (bytes < end) {
                const uint8_t *at = (const uint8_t *)bytes;

                if (end - bytes >= 8 && (memcpy(&eight, bytes, 8), (eight & high) == 0))
                        bytes += 8;
                else if (*at < 0x80)
                        bytes++;
                else if (is_common(bytes, end))
                        bytes += 3;
                else if (!text_decode(&bytes, end, &point))
                        return false;
        }
        return true;
}

size_t text_points(const char *text)
{
        const char *end = text + strlen(text);
        size_t points = 0;

        while (text < end) {
                (void)text_next(&text, end);
                points++;
        }
        return points;
}

size_t text_cut(const char *text, size_t points)
{
        const char *at = text, *end = text + strlen(text);

        if ((size_t)(end - text) <= points) /* each takes a byte at least */
                return (size_t)(end - text);
        while (at < end && points--)
                (void)text_next(&at, end);
        return (size_t)(at - text);
}

void text_put(Buffer *out, uint32_t point)
{
        char bytes[4];
        size_t size;

        if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
                point = REPLACEMENT;
        if (point < 0x80) {
                buffer_byte(out, (char)point);
                return;
        }
        size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        for (size_t i = size; i-- > 1; point >>= 6)
                bytes[i] = (char)(0x80 | (point & 0x3f));
        bytes[0] = (char)((0xf00u >> size & 0xff) | point);
        buffer_add(out, bytes, size);
}

static bool is_between(uint32_t point, uint32_t least, uint32_t most)
{
        return point >= least && point <= most;
}

static bool is_word_ascii(uint32_t point)
{
        return is_between(point, '0', '9') || is_between(point, 'a', 'z');
}

/* Blanks, punctuation and what cannot be seen. 〇 and 々 (U+3007, U+3005) are letters. */
static bool is_punctuation(uint32_t point)
{
        return is_between(point, 0x80, 0xa9) || is_between(point, 0xab, 0xb1) || is_between(point, 0xb4, 0xb8) ||
               point == 0xbb || point == 0xbf || point == 0xd7 || point == 0xf7 || point == 0x1680 ||
               is_between(point, 0x2000, 0x206f) || is_between(point, 0x2e00, 0x2e7f) ||
               is_between(point, 0x3000, 0x3003) || is_between(point, 0x3008, 0x3020) || point == 0x3030 ||
               point == 0x30fb || is_between(point, 0xfe00, 0xfe1f) || is_between(point, 0xfe30, 0xfe6f) ||
               point == 0xfeff || is_between(point, 0xff5f, 0xff65) || is_between(point, 0xffe0, 0xffff);
}

uint32_t text_half(uint32_t point)
{
        return is_between(point, 0xff01, 0xff5e) ? point - 0xfee0 : point;
}

static bool parts_names(uint32_t point)
{
        enum { IDEOGRAPHIC_COMMA = 0x3001 };

        point = text_half(point);
        return point <= ' ' || point == ',' || point == ';' || point == '/' || point == '+' ||
               point == IDEOGRAPHIC_COMMA || text_is_blank(point);
}

const char *text_name_next(const char **text, size_t *size)
{
        const char *end = *text + strlen(*text), *name = *text, *next = name;

        while (name < end && parts_names(text_next(&next, end)))
                name = next;
        for (*text = next = name; next < end && !parts_names(text_next(&next, end));)
                *text = next;
        *size = (size_t)(*text - name);
        return *size ? name : NULL;
}

void text_normalise(Buffer *out, const char *text, size_t size)
{
        const char *end = text + size;

        buffer_room(out, size);
        while (text < end) {
                uint32_t point = text_half(text_next(&text, end));

                if (is_between(point, 'A', 'Z'))
                        point += 'a' - 'A';
                if (point < 0x80 ? is_word_ascii(point) : !is_punctuation(point))
                        text_put(out, point);
        }
}

enum { NAME_MOST = 64 };

static size_t least_of(size_t one, size_t other)
{
        return one < other ? one : other;
}

/* Damerau and Levenshtein's distance, adjacent transpositions counted once (optimal string alignment). */
static size_t edit_distance(const char *one, size_t one_size, const char *other, size_t other_size)
{
        size_t cost[NAME_MOST + 1][NAME_MOST + 1];

        for (size_t i = 0; i <= one_size; i++)
                cost[i][0] = i;
        for (size_t k = 0; k <= other_size; k++)
                cost[0][k] = k;
        for (size_t i = 1; i <= one_size; i++) {
                for (size_t k = 1; k <= other_size; k++) {
                        size_t best = cost[i - 1][k - 1] + (one[i - 1] != other[k - 1]);

                        best = least_of(best, least_of(cost[i - 1][k], cost[i][k - 1]) + 1);
                        if (i > 1 && k > 1 && one[i - 1] == other[k - 2] && one[i - 2] == other[k - 1])
                                best = least_of(best, cost[i - 2][k - 2] + 1);
                        cost[i][k] = best;
                }
        }
        return cost[one_size][other_size];
}

const char *text_nearest(const char *name, const char *const *names, size_t names_size)
{
        size_t size = strlen(name), best = NAME_MOST;
        const char *nearest = NULL;

        for (size_t i = 0; size <= NAME_MOST && i < names_size; i++) {
                size_t other = strlen(names[i]), distance;

                if (other > NAME_MOST)
                        continue;
                distance = edit_distance(name, size, names[i], other);
                if (distance < best && distance * 3 <= (size > other ? size : other)) {
                        best = distance;
                        nearest = names[i];
                }
        }
        return nearest;
}

static size_t digits(const char *text)
{
        return strspn(text, "0123456789");
}

bool text_read_integer(const char *text, int64_t *value)
{
        const char *from = *text == '-' || *text == '+' ? text + 1 : text;
        size_t size = digits(from);
        long long read;

        if (!size || from[size])
                return false;
        errno = 0;
        read = strtoll(text, NULL, 10);
        if (errno)
                return false;
        *value = read;
        return true;
}

/* [+-] digits [. digits] [e [+-] digits], at least one digit before the exponent: strtod alone takes hex, inf and
 * blanks. */
static bool is_number(const char *text)
{
        size_t whole, part = 0;

        text += *text == '-' || *text == '+';
        whole = digits(text);
        text += whole;
        if (*text == '.') {
                part = digits(++text);
                text += part;
        }
        if (whole + part == 0)
                return false;
        if (*text == 'e' || *text == 'E') {
                text++;
                text += *text == '-' || *text == '+';
                if (!digits(text))
                        return false;
                text += digits(text);
        }
        return *text == '\0';
}

static void locale_drop(locale_t *locale)
{
        freelocale(*locale);
}

bool text_read_number(const char *text, double *value)
{
        CLEANUP(locale_drop) locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
        double read;

        if (!plain || !is_number(text))
                return false;
        read = strtod_l(text, NULL, plain);
        if (!isfinite(read))
                return false;
        *value = read;
        return true;
}
