#include "adapters/envletter.h"

#include "hub/base/charset.h"
#include "hub/base/text.h"

#include <string.h>

/*
 * The second to fourth bytes of a character in GB18030 (0x30-0x39, 0x40-0x7e, 0x80-0xfe) are never quote, comma or line
 * end, so that a row's borders are found before it is decoded.
 */

static const char *line_end(const char *at, const char *end)
{
        while (at < end && *at != '\n')
                at++;
        return at;
}

/* After a closing quote only the cell's end may follow; blanks before it do no harm. */
static const char *quoted_end(const char *at, const char *end, char separator)
{
        for (at++; at < end; at++) {
                if (*at != '"')
                        continue;
                if (at + 1 < end && at[1] == '"') {
                        at++;
                        continue;
                }
                for (at++; at < end && *at == ' ';)
                        at++;
                return at == end || *at == separator || *at == '\r' || *at == '\n' ? at : NULL;
        }
        return NULL;
}

static const char *cell_end(const char *at, const char *end, char separator)
{
        while (at < end && *at != separator && *at != '\n')
                at++;
        return at;
}

/* The end of the row that begins here: at its line feed, or the end of the file. NULL: it is torn. */
static const char *row_end(const char *at, const char *end, char separator)
{
        while (at < end) {
                const char *next = *at == '"' ? quoted_end(at, end, separator) : cell_end(at, end, separator);

                if (!next || next == end)
                        return next;
                at = next;
                if (*at == '\r' && at + 1 < end && at[1] == '\n')
                        at++;
                if (*at == '\n')
                        return at;
                at++;
        }
        return at;
}

/* "12,X3FJ202311260012,": what a line of prose inside a torn cell does not look like. */
static bool is_row_start(const char *at, const char *end)
{
        const char *digits = at;

        while (digits < end && *digits >= '0' && *digits <= '9')
                digits++;
        if (digits == at || digits == end || *digits != ',')
                return false;
        for (digits++; digits < end && (*digits == '"' || *digits == '*');)
                digits++;
        return end - digits > 4 && *digits >= 'A' && *digits <= 'Z' && digits[1] >= '0' && digits[1] <= '9';
}

/* One lost quote costs one row, not the rest of the file. */
static const char *torn_end(const char *at, const char *end)
{
        for (;;) {
                at = line_end(at, end);
                if (at == end || is_row_start(at + 1, end))
                        return at;
                at++;
        }
}

static void cell_add(Row *row, const char *at, size_t size)
{
        bool quoted = size >= 2 && at[0] == '"';

        if (row->size++ >= CELLS_MOST)
                return;
        row->starts[row->size - 1] = row->cells.size;
        while (quoted && size > 2 && at[size - 1] == ' ')
                size--;
        for (size_t i = quoted; i < size - quoted; i++) {
                bool skipped = at[i] == '\0' || (at[i] == '\r' && i + 1 < size && at[i + 1] == '\n');

                if (!skipped)
                        buffer_byte(&row->cells, at[i]);
                i += quoted && at[i] == '"';
        }
        buffer_byte(&row->cells, '\0');
}

static void row_split(Row *row, char separator)
{
        const char *at = row->text.bytes ? row->text.bytes : "", *end = at + row->text.size;

        buffer_clear(&row->cells);
        for (row->size = 0; at <= end; at++) {
                const char *to = at < end && *at == '"' ? quoted_end(at, end, separator) : NULL;

                if (!to)
                        to = cell_end(at, end, separator);
                cell_add(row, at, (size_t)(to - at));
                at = to;
        }
}

bool row_next(Rows *rows, Row *row, Error *err)
{
        const char *at = rows->at, *to;

        if (!at || at == rows->end)
                return false;
        to = row_end(at, rows->end, rows->separator);
        row->torn = !to;
        if (row->torn)
                to = torn_end(at, rows->end);
        row->last = to == rows->end;
        rows->at = row->last ? to : to + 1;
        if (to > at && to[-1] == '\r')
                to--;
        buffer_clear(&row->text);
        if (!charset_decode(&row->text, rows->utf8 ? "utf-8" : "gb18030", at, (size_t)(to - at), &rows->repaired, err))
                return false;
        row_split(row, rows->separator);
        return true;
}

static bool is_blank(uint32_t point)
{
        return point <= ' ' || point == 0xa0 || point == 0x3000 || point == 0xfeff;
}

/* Trims in place: behind, by a NUL that the cell's own text no longer needs. */
const char *row_cell(const Row *row, size_t index)
{
        const char *start, *end, *kept;

        if (index >= row->size || index >= CELLS_MOST)
                return "";
        start = row->cells.bytes + row->starts[index];
        end = start + strlen(start);
        for (const char *next = start; next < end && is_blank(text_next(&next, end));)
                start = next;
        kept = start;
        for (const char *next = start; next < end;)
                if (!is_blank(text_next(&next, end)))
                        kept = next;
        if (kept < end)
                row->cells.bytes[kept - row->cells.bytes] = '\0';
        return start;
}

void row_free(Row *row)
{
        buffer_free(&row->text);
        buffer_free(&row->cells);
}
