#include "hub/base/csv.h"

#include "hub/base/file.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libcsv has a function of that name too; nobody needs it: csv_parse() returns less than it got. */
#define csv_error libcsv_error
#include <csv.h>
#undef csv_error

enum { FILE_MOST = 256 * 1024 * 1024 };

typedef struct {
        char **items;
        size_t size, room;
} Cells;

typedef struct {
        struct csv_parser parser;
        Csv *csv;
        Cells row;
        size_t cells_room, lines_room;
        size_t line;     /* being fed */
        size_t row_line; /* where the row began */
        bool wrong;
        Error *err;
} Loader;

static bool line_error(const char *path, size_t line, Error *err, const char *format, va_list arguments)
        __attribute__((format(printf, 4, 0)));

static bool line_error(const char *path, size_t line, Error *err, const char *format, va_list arguments)
{
        char text[sizeof(err->text)];

        vsnprintf(text, sizeof(text), format, arguments);
        return error_set(err, ERR_FATAL, NULL, "%s line %zu: %s", path, line, text);
}

static void loader_error(Loader *loader, size_t line, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void loader_error(Loader *loader, size_t line, const char *format, ...)
{
        va_list arguments;

        if (loader->wrong)
                return;
        loader->wrong = true;
        va_start(arguments, format);
        (void)line_error(loader->csv->path, line, loader->err, format, arguments);
        va_end(arguments);
}

static void *grow(void *block, size_t *room, size_t need, size_t size)
{
        if (need <= *room)
                return block;
        *room = need > 2 * *room ? need : 2 * *room;
        return mem_resize(block, *room * size);
}

static void cell_end(void *bytes, size_t size, void *context)
{
        Loader *loader = context;
        Cells *row = &loader->row;

        row->items = grow(row->items, &row->room, row->size + 1, sizeof(char *));
        row->items[row->size++] = mem_copy(bytes, size);
}

static void row_clear(Cells *row)
{
        while (row->size)
                free(row->items[--row->size]);
}

static bool is_known(char *const *columns, size_t size, const char *name)
{
        for (size_t i = 0; i < size; i++)
                if (strcmp(columns[i], name) == 0)
                        return true;
        return false;
}

static void header_end(Loader *loader)
{
        Csv *csv = loader->csv;

        csv->columns = loader->row.items;
        csv->columns_size = loader->row.size;
        loader->row = (Cells){ 0 };
        for (size_t i = 0; i < csv->columns_size; i++)
                if (is_known(csv->columns, i, csv->columns[i]))
                        loader_error(loader, loader->row_line, "column \"%s\" is there twice", csv->columns[i]);
}

static void row_end(int terminator, void *context)
{
        Loader *loader = context;
        Csv *csv = loader->csv;
        Cells *row = &loader->row;
        size_t taken = csv->rows * csv->columns_size;

        (void)terminator;
        if (!csv->columns) {
                header_end(loader);
        } else if (row->size != csv->columns_size) {
                loader_error(loader, loader->row_line, "%zu cells where %zu columns are", row->size, csv->columns_size);
                row_clear(row);
        } else {
                csv->cells = grow(csv->cells, &loader->cells_room, taken + row->size, sizeof(char *));
                csv->lines = grow(csv->lines, &loader->lines_room, csv->rows + 1, sizeof(size_t));
                memcpy(csv->cells + taken, row->items, row->size * sizeof(char *));
                csv->lines[csv->rows++] = loader->row_line;
                row->size = 0;
        }
}

/* Feeds a line at a time: libcsv counts no lines. pstate 0 is "no row begun". */
static void text_feed(Loader *loader, const char *at, const char *end)
{
        while (at < end && !loader->wrong) {
                const char *newline = memchr(at, '\n', (size_t)(end - at));
                size_t size = newline ? (size_t)(newline + 1 - at) : (size_t)(end - at);

                loader->line++;
                if (loader->parser.pstate == 0)
                        loader->row_line = loader->line;
                if (!text_is_utf8(at, size) || memchr(at, '\0', size))
                        loader_error(loader, loader->line, "is not UTF-8 text");
                else if (csv_parse(&loader->parser, at, size, cell_end, row_end, loader) != size)
                        loader_error(loader, loader->line, "a quote that RFC 4180 does not allow");
                at += size;
        }
        if (!loader->wrong && csv_fini(&loader->parser, cell_end, row_end, loader) != 0)
                loader_error(loader, loader->row_line, "a quote that is never closed");
}

static void loader_drop(Loader *loader)
{
        row_clear(&loader->row);
        free(loader->row.items);
        csv_free(&loader->parser);
}

static bool table_read(Csv *csv, const Buffer *text, Error *err)
{
        CLEANUP(loader_drop) Loader loader = { .csv = csv, .err = err };
        const char *at = text->bytes, *end = at + text->size;

        if (csv_init(&loader.parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
                abort();
        if (text->size >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
                at += 3;
        text_feed(&loader, at, end);
        if (!loader.wrong && !csv->columns)
                loader_error(&loader, 1, "names no columns");
        return !loader.wrong;
}

static bool required_check(const Csv *csv, const char *const *required, size_t required_size, Error *err)
{
        for (size_t i = 0; i < required_size; i++)
                if (!is_known(csv->columns, csv->columns_size, required[i]))
                        return error_set(err, ERR_FATAL, NULL, "%s line 1: column \"%s\" is missing", csv->path,
                                         required[i]);
        return true;
}

bool csv_load(Csv *csv, const char *path, const char *const *required, size_t required_size, Error *err)
{
        CLEANUP(buffer_free) Buffer text = { 0 };

        *csv = (Csv){ .path = text_copy(path) };
        if (file_read(&text, path, FILE_MOST, err) && table_read(csv, &text, err) &&
            required_check(csv, required, required_size, err))
                return true;
        csv_close(csv);
        return false;
}

const char *csv_cell(const Csv *csv, size_t row, const char *column)
{
        for (size_t i = 0; row < csv->rows && i < csv->columns_size; i++)
                if (strcmp(csv->columns[i], column) == 0)
                        return csv->cells[row * csv->columns_size + i];
        return NULL;
}

bool csv_error(const Csv *csv, size_t row, Error *err, const char *format, ...)
{
        va_list arguments;

        va_start(arguments, format);
        (void)line_error(csv->path, row < csv->rows ? csv->lines[row] : 1, err, format, arguments);
        va_end(arguments);
        return false;
}

void csv_close(Csv *csv)
{
        for (size_t i = 0; i < csv->rows * csv->columns_size; i++)
                free(csv->cells[i]);
        for (size_t i = 0; i < csv->columns_size; i++)
                free(csv->columns[i]);
        free(csv->cells);
        free(csv->columns);
        free(csv->lines);
        free(csv->path);
        *csv = (Csv){ 0 };
}
