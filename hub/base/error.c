#include "hub/base/error.h"

#include "hub/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_ROOM = sizeof(((Error *)NULL)->text) };

static bool is_printable(uint32_t point)
{
        return point >= 0x20 && (point < 0x7f || point > 0x9f) && point != 0x2028 && point != 0x2029;
}

/* Texts quote the input of others: what would break the line or the encoding becomes '?'. Cuts at a character. */
static void text_clean(char *out, size_t room, const char *text)
{
        const char *end = text + strlen(text);
        size_t size = 0;

        while (text < end) {
                const char *start = text;
                uint32_t point;
                bool good = text_decode(&text, end, &point) && is_printable(point);
                size_t more = good ? (size_t)(text - start) : 1;

                if (size + more >= room)
                        break;
                memcpy(out + size, good ? start : "?", more);
                size += more;
        }
        out[size] = '\0';
}

bool error_set(Error *err, ErrorKind kind, const char *reason, const char *format, ...)
{
        char text[2 * TEXT_ROOM];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);

        err->kind = kind;
        err->reason = reason;
        text_clean(err->text, sizeof(err->text), text);
        return false;
}

bool error_add(Error *err, const char *format, ...)
{
        char context[TEXT_ROOM];
        char text[2 * TEXT_ROOM + 2];
        va_list arguments;

        va_start(arguments, format);
        vsnprintf(context, sizeof(context), format, arguments);
        va_end(arguments);

        snprintf(text, sizeof(text), "%s: %s", context, err->text);
        text_clean(err->text, sizeof(err->text), text);
        return false;
}
