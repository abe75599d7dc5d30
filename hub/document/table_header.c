#include "hub/document/table_header.h"

#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_LINES_MOST = 3, HEADER_POINTS_MOST = 24, COLUMNS_MOST = 64 };

/* ---- columns ---- */

static const char *column_find(const TableNaming *naming, const char *cell)
{
        const char *own = naming->own ? table_get(naming->own, cell) : NULL;
        CLEANUP(buffer_free) Buffer plain = { 0 };

        if (own || !naming->form->columns)
                return own ? own : text_same(cell, naming->form->key) ? naming->form->key : NULL;
        if (!cell[0] || text_points(cell) > HEADER_POINTS_MOST)
                return NULL;
        text_normalise(&plain, cell, strlen(cell));
        for (const TableColumn *column = naming->form->columns; plain.size && column->name; column++)
                if (text_holds_one(column->holds, plain.bytes))
                        return column->name;
        return NULL;
}

static bool names_check(const TableForm *form, const char *option, char *const *names, size_t size, Error *err)
{
        const char *known[COLUMNS_MOST], *nearest;
        size_t count = 0;

        for (const TableColumn *column = form->columns; column->name && count < COLUMNS_MOST; column++)
                known[count++] = column->name;
        for (size_t i = 0, k = 0; i < size; i++, k = 0) {
                while (k < count && !text_same(known[k], names[i]))
                        k++;
                nearest = k == count ? text_nearest(names[i], known, count) : NULL;
                if (k == count)
                        return error_set(err, ERR_FATAL, NULL, "%s: \"%s\" is no column of this table%s%s%s", option,
                                         names[i], nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                                         nearest ? "\"?" : "");
        }
        return true;
}

bool table_columns_check(const TableForm *form, const char *option, const TextTable *columns, Error *err)
{
        return names_check(form, option, columns->values, columns->size, err);
}

bool table_names_check(const TableForm *form, const char *option, const TextList *columns, Error *err)
{
        return names_check(form, option, columns->items, columns->size, err);
}

/* ---- header ---- */

void table_header_free(TableHeader *header)
{
        for (size_t i = 0; i < header->size; i++)
                free(header->cells[i]);
        buffer_free(&header->text);
        *header = (TableHeader){ 0 };
}

bool table_header_has(const TableHeader *header, const char *name)
{
        for (size_t i = 0; i < header->size; i++)
                if (text_same(header->names[i], name))
                        return true;
        return false;
}

/* True when it is one: no title and no row looks so. */
static bool header_name(const TableNaming *naming, TableHeader *header)
{
        size_t cells = 0;

        header->known = 0;
        for (size_t i = 0; i < header->size; i++) {
                const char *name = column_find(naming, header->cells[i]);
                bool is_known = name && !table_header_has(header, name);

                cells += header->cells[i][0] != '\0';
                header->known += is_known;
                header->names[i] = NULL;
                if (is_known)
                        header->names[i] = name;
                else if (!name && header->cells[i][0] && !table_header_has(header, header->cells[i]))
                        header->names[i] = header->cells[i];
        }
        return table_header_has(header, naming->form->key) && header->known >= naming->form->least &&
               (!naming->form->columns || 2 * header->known > cells);
}

static void line_add(TableHeader *header, const SheetRow *row)
{
        if (header->lines++)
                buffer_byte(&header->text, '\n');
        buffer_add(&header->text, row->text.bytes, row->text.size);
}

void table_header_of(const SheetRow *row, TableHeader *header)
{
        header->size = row->size < SHEET_CELLS_MOST ? row->size : SHEET_CELLS_MOST;
        for (size_t i = 0; i < header->size; i++)
                header->cells[i] = text_copy(sheet_cell(row, i));
        line_add(header, row);
}

/* The names of a group's columns stand below it; where nothing does, the cell above counts. */
static void header_below(const TableHeader *above, const SheetRow *row, TableHeader *header)
{
        buffer_add(&header->text, above->text.bytes, above->text.size);
        header->lines = above->lines;
        table_header_of(row, header);
        for (size_t i = 0; i < header->size && i < above->size; i++) {
                if (header->cells[i][0])
                        continue;
                free(header->cells[i]);
                header->cells[i] = text_copy(above->cells[i]);
        }
        for (; header->size < above->size; header->size++)
                header->cells[header->size] = text_copy(above->cells[header->size]);
}

/* A line break inside a cell that no quotes hold: the last cell above and the first here are one. */
static void header_behind(const TableHeader *above, const SheetRow *row, TableHeader *header)
{
        size_t last = above->size ? above->size - 1 : 0;

        buffer_add(&header->text, above->text.bytes, above->text.size);
        header->lines = above->lines;
        line_add(header, row);
        for (size_t i = 0; i < last; i++)
                header->cells[header->size++] = text_copy(above->cells[i]);
        for (size_t i = 0; i < row->size && header->size < SHEET_CELLS_MOST; i++)
                header->cells[header->size++] = i || !above->size
                                                        ? text_copy(sheet_cell(row, i))
                                                        : text_format("%s%s", above->cells[last], sheet_cell(row, i));
}

/* How many cells of the row, from one on, are not blank, and how many of them name columns. */
static size_t known_count(const TableNaming *naming, const SheetRow *row, size_t from, size_t *cells)
{
        size_t known = 0;

        *cells = 0;
        for (size_t i = from; i < row->size && i < SHEET_CELLS_MOST; i++) {
                const char *cell = sheet_cell(row, i);

                *cells += cell[0] != '\0';
                known += cell[0] && column_find(naming, cell);
        }
        return known;
}

/* The row at hand as one more line of a header; false: it is none. `most`: what is known without it. */
bool table_header_go_on(const TableNaming *naming, const TableHeader *above, const SheetRow *row, size_t most,
                        TableHeader *header)
{
        size_t cells, known = known_count(naming, row, 0, &cells);

        if (!naming->form->columns || row->torn || !cells || above->lines == HEADER_LINES_MOST)
                return false;
        if (known == cells) {
                header_below(above, row, header);
                if (header_name(naming, header) && header->known > most)
                        return true;
                table_header_free(header);
        }
        known = known_count(naming, row, 1, &cells);
        if (2 * known >= cells) {
                header_behind(above, row, header);
                if (header_name(naming, header) && header->known > most)
                        return true;
                table_header_free(header);
        }
        return false;
}

bool table_header_read(const TableNaming *naming, const SheetRow *row, TableHeader *header)
{
        size_t cells, known = row->torn ? 0 : known_count(naming, row, 0, &cells);

        if (known < naming->form->least || !known)
                return false;
        table_header_of(row, header);
        if (header_name(naming, header))
                return true;
        table_header_free(header);
        return false;
}
