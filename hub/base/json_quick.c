#include "hub/base/json_private.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xfffd };

typedef struct {
        const char *at, *end;
        bool rewrite;
        int depth;
        Buffer plain; /* the last text that had escapes, without them */
} Quick;

static json_t *value_read(Quick *quick);

/* The next byte that is no blank, '\0' at the end. */
static char peek(Quick *quick)
{
        while (quick->at < quick->end &&
               (*quick->at == ' ' || *quick->at == '\t' || *quick->at == '\n' || *quick->at == '\r'))
                quick->at++;
        if (quick->at == quick->end)
                return '\0';
        return *quick->at;
}

/* ---- texts ---- */

static bool hex4_read(const char *at, const char *end, uint32_t *point)
{
        *point = 0;
        if (end - at < 4)
                return false;
        for (const char *to = at + 4; at < to; at++) {
                const char low = (char)(*at | 0x20);

                if (*at >= '0' && *at <= '9')
                        *point = *point << 4 | (uint32_t)(*at - '0');
                else if (low >= 'a' && low <= 'f')
                        *point = *point << 4 | (uint32_t)(low - 'a' + 10);
                else
                        return false;
        }
        return true;
}

/* Behind \u. */
static bool unicode_read(Quick *quick, uint32_t *point)
{
        uint32_t low;

        if (!hex4_read(quick->at, quick->end, point))
                return false;
        quick->at += 4;
        if (*point == 0) {
                *point = REPLACEMENT;
                return quick->rewrite;
        }
        if (*point < 0xd800 || *point > 0xdfff)
                return true;
        if (*point > 0xdbff || quick->end - quick->at < 6 || quick->at[0] != '\\' || quick->at[1] != 'u' ||
            !hex4_read(quick->at + 2, quick->end, &low) || low < 0xdc00 || low > 0xdfff)
                return false;
        quick->at += 6;
        *point = 0x10000 + ((*point & 0x3ff) << 10 | (low & 0x3ff));
        return true;
}

static bool escape_read(Quick *quick)
{
        static const char signs[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
        const char *found;
        uint32_t point;

        if (++quick->at == quick->end)
                return false;
        found = memchr(signs, *quick->at, sizeof signs - 1);
        if (found) {
                buffer_byte(&quick->plain, meant[found - signs]);
                quick->at++;
                return true;
        }
        if (*quick->at++ != 'u' || !unicode_read(quick, &point))
                return false;
        text_put(&quick->plain, point);
        return true;
}

/* As far as neither quote, escape nor control byte stands. */
static void run_skip(Quick *quick)
{
        while (quick->at < quick->end && *quick->at != '"' && *quick->at != '\\' && (uint8_t)*quick->at >= 0x20)
                quick->at++;
}

/* Borrowed until the next text. */
static bool text_read(Quick *quick, const char **text, size_t *size)
{
        const char *from = ++quick->at;

        run_skip(quick);
        *text = from;
        *size = (size_t)(quick->at - from);
        if (quick->at < quick->end && *quick->at == '\\') {
                buffer_clear(&quick->plain);
                do {
                        buffer_add(&quick->plain, from, (size_t)(quick->at - from));
                        if (!escape_read(quick))
                                return false;
                        from = quick->at;
                        run_skip(quick);
                } while (quick->at < quick->end && *quick->at == '\\');
                buffer_add(&quick->plain, from, (size_t)(quick->at - from));
                *text = quick->plain.bytes;
                *size = quick->plain.size;
        }
        return quick->at < quick->end && *quick->at++ == '"';
}

static json_t *string_read(Quick *quick)
{
        const char *text;
        size_t size;

        return text_read(quick, &text, &size) ? json_stringn_nocheck(text, size) : NULL;
}

/* ---- other values ---- */

/* What lost its end, and what does not fit, is rare. */
static json_t *number_read(Quick *quick)
{
        const char *from = quick->at, *to = from < quick->end ? json_number_end(from, quick->end) : NULL;
        const size_t size = to ? (size_t)(to - from) : 0;
        char *end;
        json_t *number;

        if (!to || to == quick->end)
                return NULL;
        quick->at = to;
        if (quick->rewrite)
                return text_lost_its_end(from, size) ? NULL : json_stringn_nocheck(from, size);
        errno = 0;
        if (memchr(from, '.', size) || memchr(from, 'e', size) || memchr(from, 'E', size))
                number = json_real(strtod(from, &end));
        else
                number = json_integer(strtoll(from, &end, 10));
        if (!errno && end == to)
                return number;
        json_decref(number);
        return NULL;
}

static json_t *word_read(Quick *quick)
{
        static const char *const words[] = { "true", "false", "null" };
        json_t *const values[] = { json_true(), json_false(), json_null() };

        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
                const size_t size = strlen(words[i]);

                if ((size_t)(quick->end - quick->at) >= size && memcmp(quick->at, words[i], size) == 0) {
                        quick->at += size;
                        return values[i];
                }
        }
        return NULL;
}

static bool member_read(Quick *quick, json_t *object)
{
        const size_t before = json_object_size(object);
        const char *name;
        size_t size;
        json_t *value;

        if (peek(quick) != '"' || !text_read(quick, &name, &size) || name == quick->plain.bytes || peek(quick) != ':')
                return false;
        quick->at++;
        value = value_read(quick);
        return value && json_object_setn_new_nocheck(object, name, size, value) == 0 &&
               json_object_size(object) > before; /* else it is there twice */
}

static bool element_read(Quick *quick, json_t *array)
{
        json_t *value = value_read(quick);

        return value && json_array_append_new(array, value) == 0;
}

static json_t *nest_read(Quick *quick, json_t *nest, char close, bool (*part_read)(Quick *, json_t *))
{
        char sign = ',';

        quick->at++;
        if (++quick->depth > JSON_DEPTH_MOST)
                sign = '\0';
        else if (peek(quick) == close)
                sign = *quick->at++;
        while (sign == ',') {
                sign = '\0';
                if (part_read(quick, nest) && (sign = peek(quick)))
                        quick->at++;
        }
        quick->depth--;
        if (sign == close)
                return nest;
        json_decref(nest);
        return NULL;
}

static json_t *value_read(Quick *quick)
{
        switch (peek(quick)) {
        case '{':
                return nest_read(quick, json_object(), '}', member_read);
        case '[':
                return nest_read(quick, json_array(), ']', element_read);
        case '"':
                return string_read(quick);
        case 't':
        case 'f':
        case 'n':
                return word_read(quick);
        default:
                return number_read(quick);
        }
}

json_t *json_quick(const char *bytes, size_t size, bool rewrite)
{
        Quick quick = { .at = bytes, .end = bytes + size, .rewrite = rewrite };
        json_t *json = text_is_utf8(bytes, size) ? value_read(&quick) : NULL;

        (void)peek(&quick);
        if (quick.at < quick.end) {
                json_decref(json);
                json = NULL;
        }
        buffer_free(&quick.plain);
        return json;
}
