#include "hub/base/sheet.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <string.h>

/*
 * Where a character takes one byte or more, rows are found before they are decoded: the second to fourth bytes of GB18030
 * (0x30-0x39, 0x40-0x7e, 0x80-0xfe) and of Big5 are never quote, comma, tab, semicolon or line end.
 */

enum { CHUNK = 64 * 1024 };

static bool is_line_end(const Sheet *sheet, char c)
{
        return c == '\n' || (c == '\r' && sheet->carriage);
}

/* After a closing quote only the cell's end may follow; blanks before it do no harm. NULL: torn. */
static const char *quoted_end(const Sheet *sheet, const char *at, const char *end)
{
        for (at++; at < end; at++) {
                if (*at != '"')
                        continue;
                if (at + 1 < end && at[1] == '"') {
                        at++;
                        continue;
                }
                for (at++; at < end && (*at == ' ' || (*at == '\r' && !sheet->carriage));)
                        at++;
                return at == end || *at == sheet->separator || is_line_end(sheet, *at) ? at : NULL;
        }
        return NULL;
}

static const char *cell_end(const Sheet *sheet, const char *at, const char *end)
{
        while (at < end && *at != sheet->separator && !is_line_end(sheet, *at))
                at++;
        return at;
}

static const char *line_end(const Sheet *sheet, const char *at, const char *end)
{
        while (at < end && !is_line_end(sheet, *at))
                at++;
        return at;
}

/* Of the row that begins here: at its line end, or the end of the text. NULL: it is torn. */
static const char *row_end(const Sheet *sheet, const char *at, const char *end)
{
        for (;; at++) {
                at = at < end && *at == '"' ? quoted_end(sheet, at, end) : cell_end(sheet, at, end);
                if (!at || at == end || is_line_end(sheet, *at))
                        return at;
        }
}

/* ---- where a row begins, seen from inside a torn one ---- */

/* The first two cells of a line as runs of digits, letters and others: "0,A0A0," of `12,*X3FJ202311260012,`. */
static void shape_read(const Sheet *sheet, const char *at, const char *end, char shape[sizeof(sheet->shape)])
{
        size_t size = 0;

        for (int cells = 0; at < end && cells < 2 && size + 1 < sizeof(sheet->shape); at++) {
                char c = *at, kind = 'x';

                if (is_line_end(sheet, c))
                        break;
                if (c == '"' || c == '*' || c == ' ')
                        continue;
                if (c >= '0' && c <= '9')
                        kind = '0';
                else if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
                        kind = 'A';
                else if (c == sheet->separator)
                        kind = ',';
                cells += kind == ',';
                if (kind == ',' || !size || shape[size - 1] != kind)
                        shape[size++] = kind;
        }
        shape[size] = '\0';
}

static size_t cells_count(const Sheet *sheet, const char *at, const char *end)
{
        size_t count = 1;

        for (bool inside = false; at < end && !is_line_end(sheet, *at); at++) {
                inside ^= *at == '"';
                count += *at == sheet->separator && !inside;
        }
        return count;
}

static bool is_row_start(const Sheet *sheet, const char *at, const char *end, size_t cells)
{
        char shape[sizeof(sheet->shape)];

        shape_read(sheet, at, end, shape);
        return (sheet->shape[0] && strcmp(shape, sheet->shape) == 0) || cells_count(sheet, at, end) == cells;
}

static const char *torn_end(const Sheet *sheet, const char *at, const char *end, size_t cells)
{
        const char *most = end - at > SHEET_ROW_MOST ? at + SHEET_ROW_MOST : end;

        for (at = line_end(sheet, at, most); cells && at < most; at = line_end(sheet, at + 1, most))
                if (is_row_start(sheet, at + 1, end, cells))
                        break;
        return at;
}

/* ---- text ---- */

/* As much as is sure to end with a whole character: behind one that has a zero byte, as commas and line ends have. */
static size_t chunk_size(const Sheet *sheet)
{
        const char *at = sheet->at;
        size_t size = (size_t)(sheet->end - at);

        if (size <= CHUNK)
                return size;
        for (size = CHUNK; size > 2 && at[size - 1] && at[size - 2];)
                size -= 2;
        return size > 2 ? size : CHUNK;
}

/* More of what has to be decoded before rows can be found in it; false: there is none, or err. */
static bool more_decode(Sheet *sheet, Error *err)
{
        size_t kept = (size_t)(sheet->line_end - sheet->line), size = chunk_size(sheet);

        if (sheet->at == sheet->end || kept > SHEET_ROW_MOST)
                return false;
        if (kept)
                memmove(sheet->wide.bytes, sheet->line, kept);
        sheet->wide.size = kept;
        if (!charset_convert(sheet->charset, &sheet->wide, sheet->at, size, &sheet->repaired, err))
                return false;
        sheet->at += size;
        sheet->line = sheet->wide.bytes;
        sheet->line_end = sheet->line + sheet->wide.size;
        return true;
}

/* The first line end outside quotes; where there is none, any. */
static bool is_carriage(const char *at, const char *end)
{
        const char *most = end - at > SHEET_ROW_MOST ? at + SHEET_ROW_MOST : end, *from = at;

        for (bool inside = false; at < most; at++) {
                const char *next = at;

                inside ^= *at == '"';
                while (next < most && *next == '\r')
                        next++;
                if (!inside && (*at == '\r' || *at == '\n'))
                        return next == at ? false : next == most || *next != '\n';
        }
        return !memchr(from, '\n', (size_t)(most - from));
}

/* A spreadsheet's "sep=;", alone in the first line. */
static void separator_read(Sheet *sheet)
{
        const char *end = line_end(sheet, sheet->line, sheet->line_end), *at = sheet->line;
        size_t quote = at < end && *at == '"';

        if ((size_t)(end - at) < 5 + 2 * quote || memcmp(at + quote, "sep=", 4) != 0)
                return;
        for (at += 5 + 2 * quote; at < end && *at == '\r';)
                at++;
        if (at != end)
                return;
        sheet->separator = sheet->line[4 + quote];
        sheet->line = end + (end < sheet->line_end);
}

bool sheet_restart(Sheet *sheet, char separator, Error *err)
{
        bool is_wide = charset_unit(sheet->charset) > 1;

        sheet->at = is_wide ? sheet->bytes : sheet->end;
        sheet->line = is_wide ? "" : sheet->bytes;
        sheet->line_end = is_wide ? sheet->line : sheet->end;
        sheet->separator = separator;
        sheet->shape[0] = '\0';
        if (!more_decode(sheet, err) && err->kind)
                return false;
        sheet->carriage = is_carriage(sheet->line, sheet->line_end);
        separator_read(sheet);
        return true;
}

bool sheet_open(Sheet *sheet, const char *label, const char *bytes, size_t size, Error *err)
{
        size_t start;

        *sheet = (Sheet){ .charset = charset_find(label, bytes, size, &start) };
        sheet->bytes = bytes + start;
        sheet->end = bytes + size;
        return sheet_restart(sheet, ',', err);
}

void sheet_free(Sheet *sheet)
{
        buffer_free(&sheet->wide);
}

/* ---- cells ---- */

static void cell_add(SheetRow *row, const char *at, size_t size)
{
        bool quoted;

        if (row->size++ >= SHEET_CELLS_MOST)
                return;
        row->starts[row->size - 1] = row->cells.size;
        while (size > 2 && at[0] == '"' && at[size - 1] == ' ')
                size--;
        quoted = size >= 2 && at[0] == '"' && at[size - 1] == '"';
        for (size_t i = quoted; i < size - quoted; i++) {
                bool skipped = at[i] == '\0' || (at[i] == '\r' && i + 1 < size && at[i + 1] == '\n');

                if (!skipped)
                        buffer_byte(&row->cells, at[i]);
                i += quoted && at[i] == '"';
        }
        buffer_byte(&row->cells, '\0');
}

static void row_split(const Sheet *sheet, SheetRow *row)
{
        const char *at = row->text.bytes ? row->text.bytes : "", *end = at + row->text.size;

        buffer_clear(&row->cells);
        for (row->size = 0; at <= end; at++) {
                const char *to = at < end && *at == '"' ? quoted_end(sheet, at, end) : NULL;

                if (!to)
                        to = cell_end(sheet, at, end);
                cell_add(row, at, (size_t)(to - at));
                at = to;
        }
}

static bool text_take(Sheet *sheet, SheetRow *row, const char *at, const char *to, Error *err)
{
        while (to > at && to[-1] == '\r')
                to--;
        buffer_clear(&row->text);
        if (charset_unit(sheet->charset) > 1)
                buffer_add(&row->text, at, (size_t)(to - at));
        else if (!charset_convert(sheet->charset, &row->text, at, (size_t)(to - at), &sheet->repaired, err))
                return false;
        row_split(sheet, row);
        return true;
}

/* Where the row at hand ends; NULL: it is torn. */
static const char *next_end(Sheet *sheet, Error *err)
{
        const char *to, *most;

        do {
                most = sheet->line_end - sheet->line > SHEET_ROW_MOST ? sheet->line + SHEET_ROW_MOST : sheet->line_end;
                to = row_end(sheet, sheet->line, most);
        } while ((!to || to == most) && most == sheet->line_end && more_decode(sheet, err));
        return to == most && most != sheet->line_end ? NULL : to;
}

bool sheet_next(Sheet *sheet, SheetRow *row, size_t cells, Error *err)
{
        const char *at, *to;

        if (charset_unit(sheet->charset) == 1) /* else the text was decoded ahead: from there on */
                sheet->repaired = 0;
        to = next_end(sheet, err);
        at = sheet->line;
        if (err->kind || at == sheet->line_end)
                return false;
        row->torn = !to;
        if (row->torn)
                to = torn_end(sheet, at, sheet->line_end, cells);
        row->last = to == sheet->line_end;
        sheet->line = to + (!row->last && is_line_end(sheet, *to));
        sheet->line += !row->last && *to == '\r' && sheet->line < sheet->line_end && *sheet->line == '\n';
        if (!text_take(sheet, row, at, to, err))
                return false;
        if (!row->torn && row->size == cells)
                shape_read(sheet, at, to, sheet->shape);
        return true;
}

/* Trims in place: behind, by a NUL that the cell's own text no longer needs. */
const char *sheet_cell(const SheetRow *row, size_t index)
{
        const char *cell;
        size_t size;

        if (index >= row->size || index >= SHEET_CELLS_MOST)
                return "";
        cell = row->cells.bytes + row->starts[index];
        size = strlen(cell);
        cell = text_trim(cell, &size);
        row->cells.bytes[cell - row->cells.bytes + (ptrdiff_t)size] = '\0';
        return cell;
}

void sheet_row_free(SheetRow *row)
{
        buffer_free(&row->text);
        buffer_free(&row->cells);
}
