#pragma once

/*
 * The rows of a table that a program or a spreadsheet wrote (RFC 4180, with what it forbids forgiven where its meaning is plain), one
 * at a time, whatever the size: of the character set that charset_find() says, lines that end with LF, CR LF or CR, cells parted by
 * any one byte, which a first line "sep=;" may name. Strict tables of our own: hub/base/csv.h.
 *
 * One lost quote costs one row: such a row is torn, and ends where the next line looks like a row, by its cells or its beginning.
 */

#include "hub/base/charset.h"

#include <stdbool.h>

enum { SHEET_CELLS_MOST = 64, SHEET_ROW_MOST = 1024 * 1024 };

typedef struct {
        const char *bytes, *at, *end; /* borrowed: of the document; what is not read yet */
        const char *line, *line_end;  /* the same, or what is decoded of it, where a character takes two bytes */
        Buffer wide;                  /* holds that */
        const Charset *charset;
        char separator;
        bool carriage;   /* a CR alone ends a line */
        char shape[24];  /* how the rows begin */
        size_t repaired; /* broken characters in the row at hand */
} Sheet;

typedef struct {
        Buffer text;  /* the row in UTF-8, without its line end */
        Buffer cells; /* its cells, each followed by a NUL */
        size_t size;  /* of cells; over SHEET_CELLS_MOST: the rest is not kept */
        size_t starts[SHEET_CELLS_MOST];
        bool torn; /* a quote that RFC 4180 does not allow, or that is never closed; over SHEET_ROW_MOST bytes */
        bool last; /* no line end follows */
} SheetRow;

/* `label`: as for charset_find(). Again from the first row: a line "sep=" goes before `separator`. */
bool sheet_open(Sheet *sheet, const char *label, const char *bytes, size_t size, Error *err);
bool sheet_restart(Sheet *sheet, char separator, Error *err);

/* False at the end, or with err. `cells`: of the header, 0: not known. */
bool sheet_next(Sheet *sheet, SheetRow *row, size_t cells, Error *err);
const char *sheet_cell(const SheetRow *row, size_t index); /* trimmed, "" where there is none */

void sheet_free(Sheet *sheet); /* both also for CLEANUP */
void sheet_row_free(SheetRow *row);
