#include "hub/serve/read/arguments.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BOX_NUMBERS = 4, CURSOR_MOST = 1024 };

bool argument_integer(Call *call, const char *name, int64_t least, int64_t most, int64_t *value)
{
        const char *text = call_argument(call, name);

        if (!text || (text_read_integer(text, value) && *value >= least && *value <= most))
                return true;
        return call_wrong(call, name, "must be a whole number from %" PRId64 " to %" PRId64, least, most);
}

bool argument_flag(Call *call, const char *name, bool *is_given, bool *flag)
{
        const char *text = call_argument(call, name);

        *is_given = text;
        *flag = text_same(text, "true");
        return !text || *flag || text_same(text, "false") || call_wrong(call, name, "must be true or false");
}

static bool is_choice(const char *const *choices, const char *text)
{
        for (; *choices; choices++)
                if (text_same(*choices, text))
                        return true;
        return false;
}

static bool item_add(Call *call, const char *name, const char *const *choices, size_t most, const char *text,
                     ArgumentList *list)
{
        const size_t points = text_points(text);

        if (list->size == LIST_MOST)
                return call_wrong(call, name, "at most %d values", LIST_MOST);
        if (!points || points > most)
                return call_wrong(call, name, "each value has 1 to %zu characters", most);
        if (choices && !is_choice(choices, text))
                return call_wrong(call, name, "\"%.*s\" is none of its values", (int)text_cut(text, 40), text);
        list->items[list->size++] = text;
        return true;
}

bool argument_list(Call *call, const char *name, const char *const *choices, size_t most, ArgumentList *list)
{
        const char *text = call_argument(call, name);

        *list = (ArgumentList){ 0 };
        if (!text)
                return true;
        for (;; text++) {
                const size_t size = strcspn(text, ",");

                if (!item_add(call, name, choices, most, arena_copy(call->arena, text, size), list))
                        return false;
                text += size;
                if (!*text)
                        return true;
        }
}

static bool is_box(const double numbers[BOX_NUMBERS])
{
        return numbers[0] >= -180 && numbers[0] <= 180 && numbers[2] >= -180 && numbers[2] <= 180 &&
               numbers[1] >= -90 && numbers[3] <= 90 && numbers[1] <= numbers[3];
}

bool argument_box(Call *call, const char *name, ArgumentBox *box)
{
        ArgumentList list;
        double numbers[BOX_NUMBERS];

        *box = (ArgumentBox){ 0 };
        if (!argument_list(call, name, NULL, CURSOR_MOST, &list))
                return false;
        if (!list.size)
                return true;
        for (size_t i = 0; i < BOX_NUMBERS; i++)
                if (list.size != BOX_NUMBERS || !text_read_number(list.items[i], &numbers[i]))
                        return call_wrong(call, name, "must be four numbers: west,south,east,north");
        if (!is_box(numbers))
                return call_wrong(call, name,
                                  "west and east lie within 180, south and north within 90 degrees, south first");
        *box = (ArgumentBox){ true, numbers[0], numbers[1], numbers[2], numbers[3] };
        return true;
}

static bool moment_read(Call *call, const char *name, const char *text, int64_t *ms)
{
        Error err;

        if (text_same(text, "..") || !*text) {
                *ms = TIME_NONE;
                return true;
        }
        return time_read(text, ms, NULL, &err) ||
               call_wrong(call, name, "no time: 2023-12-05T08:00:00Z, a span a/b, a/.., ../b");
}

bool argument_span(Call *call, const char *name, ArgumentSpan *span)
{
        const char *text = call_argument(call, name), *slash = text ? strchr(text, '/') : NULL;

        *span = (ArgumentSpan){ TIME_NONE, TIME_NONE };
        if (!text)
                return true;
        if (!slash) {
                if (!*text || text_same(text, ".."))
                        return call_wrong(call, name, "names no time");
                if (!moment_read(call, name, text, &span->from))
                        return false;
                span->to = span->from;
                return true;
        }
        if (!moment_read(call, name, arena_copy(call->arena, text, (size_t)(slash - text)), &span->from) ||
            !moment_read(call, name, slash + 1, &span->to))
                return false;
        if (span->from != TIME_NONE && span->to != TIME_NONE && span->from > span->to)
                return call_wrong(call, name, "the span ends before it begins");
        return true;
}

/* ---- cursors ---- */

char *cursor_write(Arena *arena, const char *const *parts, size_t size)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        char *cursor;

        for (size_t i = 0; i < size; i++)
                buffer_format(&text, "%s%s", i ? "|" : "", parts[i]);
        cursor = arena_take(arena, 2 * text.size + 1);
        return hex_text((const uint8_t *)text.bytes, text.size, cursor);
}

bool cursor_read(Call *call, const char *name, size_t size, const char **parts, bool *is_given)
{
        CLEANUP(buffer_free) Buffer bytes = { 0 };
        const char *text = call_argument(call, name), *at;
        size_t found = 0;

        *is_given = text;
        if (!text)
                return true;
        if (strlen(text) > CURSOR_MOST || !hex_read(text, &bytes) || !bytes.size ||
            !text_is_utf8(bytes.bytes, bytes.size) || memchr(bytes.bytes, 0, bytes.size))
                return call_wrong(call, name, "is none that we gave");
        for (at = bytes.bytes; found < size; at += *at == '|') {
                const size_t part = strcspn(at, "|");

                parts[found++] = arena_copy(call->arena, at, part);
                at += part;
                if (!*at)
                        break;
        }
        return (found == size && !*at) || call_wrong(call, name, "is none that we gave");
}

/* ---- links ---- */

/* What RFC 3986 calls unreserved stays, and commas, which part our lists. */
static void part_write(Buffer *out, const char *text)
{
        static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~,/";

        for (; *text; text++) {
                if (strchr(plain, *text))
                        buffer_byte(out, *text);
                else
                        buffer_format(out, "%%%02X", (unsigned char)*text);
        }
}

static void argument_write(Buffer *out, bool *is_first, const char *name, const char *value)
{
        buffer_byte(out, *is_first ? '?' : '&');
        *is_first = false;
        part_write(out, name);
        buffer_byte(out, '=');
        part_write(out, value);
}

char *call_href(Call *call, const char *name, const char *value)
{
        CLEANUP(buffer_free) Buffer href = { 0 };
        bool is_first = true;

        part_write(&href, call->request->path);
        for (const ExchangeHeader *at = call->request->arguments; at->name; at++)
                if (!text_same(at->name, name))
                        argument_write(&href, &is_first, at->name, at->value);
        if (value)
                argument_write(&href, &is_first, name, value);
        return arena_copy(call->arena, href.bytes, href.size);
}
