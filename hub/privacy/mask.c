#include "hub/privacy/mask_phone.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { TAIL_MOST = 6, KNOWN_MOST = 64, TYPED_DIGITS_LEAST = 7, TYPED_LETTERS_MOST = 4 };

static bool is_digit(uint32_t point)
{
        return point >= '0' && point <= '9';
}

static bool is_capital(uint32_t point)
{
        return point >= 'A' && point <= 'Z';
}

static bool is_latin(uint32_t point)
{
        return is_digit(point) || is_capital(point);
}

static bool is_one_of(const char *points, uint32_t point)
{
        const char *end = points + strlen(points);

        while (points < end)
                if (text_next(&points, end) == point)
                        return true;
        return false;
}

/* Dashes and blanks of every width are the ASCII ones. */
static uint32_t point_fold(uint32_t point)
{
        if (point >= 0x4e00 && point < 0xa000) /* most of Chinese */
                return point;
        if (point >= 0xff01 && point <= 0xff5e)
                point -= 0xfee0;
        if (point >= 'a' && point <= 'z')
                return point - ('a' - 'A');
        if ((point >= 0x2010 && point <= 0x2015) || point == 0x2212 || point == 0x2500 || point == 0xfe63)
                return '-';
        if (point == 0x85 || point == 0x2028 || point == 0x2029)
                return '\n';
        return text_is_blank(point) && point > ' ' ? ' ' : point;
}

/* What nobody sees belongs to the sign before it, at the beginning to the one behind it. */
void glyphs_read(Glyphs *glyphs, const char *text)
{
        const char *at = text, *end = text + strlen(text);

        glyphs->items = mem_new(((size_t)(end - text) + 1) * sizeof(Glyph));
        glyphs->size = 0;
        while (at < end) {
                const size_t start = glyphs->size ? (size_t)(at - text) : 0;
                const uint32_t point = text_next(&at, end);

                if (!mask_is_unseen(point))
                        glyphs->items[glyphs->size++] = (Glyph){ .point = point_fold(point), .start = start };
        }
        glyphs->items[glyphs->size].start = (size_t)(end - text);
}

void glyphs_close(Glyphs *glyphs)
{
        free(glyphs->items);
        *glyphs = (Glyphs){ 0 };
}

/* Separators stay, so that the text keeps its shape. */
static void hide_but(Glyphs *glyphs, size_t from, size_t to, const char *separators)
{
        for (size_t i = from; i < to; i++)
                glyphs->items[i].hidden = !is_one_of(separators, glyphs->items[i].point);
}

static void hide(Glyphs *glyphs, size_t from, size_t to)
{
        hide_but(glyphs, from, to, " -+().@·•・");
}

static void numbers_hide(Glyphs *glyphs)
{
        for (size_t i = 0, end = 0; i < glyphs->size; i++)
                if (mask_number(glyphs, i, &end)) {
                        hide_but(glyphs, i, end, MASK_SEPARATORS);
                        i = end - 1;
                }
}

static bool is_mail_byte(uint32_t point)
{
        return is_latin(point) || point == '.' || point == '_' || point == '-' || point == '+' || point == '%';
}

static void mail_hide(Glyphs *glyphs, size_t at)
{
        const Glyph *items = glyphs->items;
        size_t from = at, to = at + 1, dots = 0;

        while (from > 0 && is_mail_byte(items[from - 1].point))
                from--;
        while (is_latin(items[to].point) || items[to].point == '-' ||
               (items[to].point == '.' && is_latin(items[to + 1].point)))
                dots += items[to++].point == '.';
        if (from < at && dots)
                hide(glyphs, from, to);
}

static void mails_hide(Glyphs *glyphs)
{
        for (size_t i = 0; i < glyphs->size; i++)
                if (glyphs->items[i].point == '@')
                        mail_hide(glyphs, i);
}

/*
 * What follows the letter of a plate: five of which two are digits, four and a kind, or six of a new energy plate (a
 * letter, any, four digits; or five digits and a letter). Letters I and O are on no plate, but people write them for 1
 * and 0.
 */
static size_t tail_size(const Glyph *at)
{
        size_t latin = 0, digits = 0;

        while (latin <= TAIL_MOST && is_latin(at[latin].point))
                digits += is_digit(at[latin++].point);
        if (latin == 4 && digits >= 2 && is_one_of("学警挂港澳领试超临应", at[4].point))
                return 5;
        if (latin == 5 && digits >= 2)
                return 5;
        return latin == 6 && digits >= 4 && (is_capital(at[0].point) || is_capital(at[5].point)) ? 6 : 0;
}

static size_t embassy_size(const Glyph *at)
{
        size_t digits = 0;

        while (digits <= TAIL_MOST && is_digit(at[digits].point))
                digits++;
        return digits == TAIL_MOST && !is_latin(at[digits].point) ? digits : 0;
}

/* The end of the plate that starts at index, or 0. */
static size_t plate_end(const Glyphs *glyphs, size_t index)
{
        const Glyph *at = glyphs->items;
        uint32_t province = at[index].point;
        size_t size;

        if (province == 0x4f7f) { /* 使, an embassy's */
                size = embassy_size(at + index + 1);
                return size ? index + 1 + size : 0;
        }
        index += 1 + (at[index + 1].point == ' ');
        if (province < 0x4e00 || !is_capital(at[index].point) ||
            !is_one_of("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼", province))
                return 0;
        index++;
        if (at[index].point && is_one_of(" -.·•・", at[index].point))
                index++;
        size = tail_size(at + index);
        return size ? index + size : 0;
}

static void plate_tell(const Glyphs *glyphs, size_t from, size_t to, MaskPlate *plate, void *context)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        for (size_t i = from; i < to; i++)
                if (glyphs->items[i].hidden)
                        text_put(&text, glyphs->items[i].point);
        plate(context, text.bytes);
}

static void plates_hide(Glyphs *glyphs, MaskPlate *plate, void *context)
{
        for (size_t i = 0; i < glyphs->size; i++) {
                size_t end = plate_end(glyphs, i);

                if (!end)
                        continue;
                hide(glyphs, i, end);
                if (plate)
                        plate_tell(glyphs, i, end, plate, context);
                i = end - 1;
        }
}

static bool known_at(const Glyphs *glyphs, size_t index, const Glyphs *word)
{
        const Glyph *at = glyphs->items + index;

        for (size_t i = 0; i < word->size; i++)
                if (at[i].point != word->items[i].point)
                        return false;
        return !(index && is_latin(at[-1].point) && is_latin(at[0].point)) &&
               !(is_latin(at[word->size - 1].point) && is_latin(at[word->size].point));
}

/* One character names nobody, and no name is longer than that. */
static void known_hide(Glyphs *glyphs, const char *known)
{
        CLEANUP(glyphs_close) Glyphs word = { 0 };

        glyphs_read(&word, known);
        for (size_t i = 0; word.size > 1 && word.size <= KNOWN_MOST && i + word.size <= glyphs->size; i++)
                if (known_at(glyphs, i, &word))
                        hide(glyphs, i, i + word.size);
}

static bool masked_write(Buffer *out, const char *text, const Glyphs *glyphs)
{
        bool any = false;

        buffer_room(out, strlen(text));
        if (glyphs->size == 0) /* nothing that anybody sees */
                buffer_text(out, text);
        for (size_t i = 0; i < glyphs->size; i++) {
                const Glyph *glyph = &glyphs->items[i];
                const char *at = text + glyph->start, *end = text + glyph[1].start;

                any = any || glyph->hidden;
                if (!glyph->hidden)
                        buffer_add(out, at, (size_t)(end - at));
                for (; glyph->hidden && at < end; (void)text_next(&at, end))
                        buffer_byte(out, '*'); /* for what nobody sees, too */
        }
        return any;
}

static bool is_zero(uint32_t point) /* O of Latin, Greek, Cyrillic */
{
        return point == 'O' || point == 0x39f || point == 0x3bf || point == 0x41e || point == 0x43e;
}

static bool is_one(uint32_t point)
{
        return point == 'I' || point == 'L';
}

static bool is_typed(uint32_t point)
{
        return is_digit(point) || is_zero(point) || is_one(point);
}

/* Letters that were typed for the digits that they look like, where they stand among many: 139592O1234. */
static void letters_read(Glyphs *glyphs)
{
        Glyph *at = glyphs->items;

        for (size_t from = 0, to; from < glyphs->size; from = to + 1) {
                size_t digits = 0, letters = 0;

                for (to = from; is_typed(at[to].point) ||
                                (to > from && is_one_of(" -", at[to].point) && is_typed(at[to + 1].point));
                     to++) {
                        digits += is_digit(at[to].point);
                        letters += is_zero(at[to].point) || is_one(at[to].point);
                }
                if (digits < TYPED_DIGITS_LEAST || letters == 0 || letters > TYPED_LETTERS_MOST ||
                    (from && is_latin(at[from - 1].point)) || is_latin(at[to].point))
                        continue;
                for (size_t i = from; i < to; i++)
                        at[i].point = is_zero(at[i].point) ? '0' : is_one(at[i].point) ? '1' : at[i].point;
        }
}

bool mask_text(Buffer *out, const char *text, const char *const *known, MaskPlate *plate, void *context)
{
        CLEANUP(glyphs_close) Glyphs glyphs = { 0 };

        glyphs_read(&glyphs, text);
        plates_hide(&glyphs, plate, context);
        mails_hide(&glyphs);
        for (; known && *known; known++)
                known_hide(&glyphs, *known);
        letters_read(&glyphs);
        numbers_hide(&glyphs);
        return masked_write(out, text, &glyphs);
}
