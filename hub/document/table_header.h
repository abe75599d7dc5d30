#pragma once

/* Inside of table.c: the header of a table, of up to three lines, and how its columns are called. */

#include "hub/base/sheet.h"
#include "hub/document/table.h"

typedef struct {
        const TableForm *form;
        const TextTable *own; /* NULL: none */
} TableNaming;

typedef struct {
        Buffer text;                         /* its lines */
        char *cells[SHEET_CELLS_MOST];       /* owned */
        const char *names[SHEET_CELLS_MOST]; /* NULL: blank, or there before */
        size_t size, lines, known;           /* known: columns that are */
} TableHeader;

void table_header_of(const SheetRow *row,
                     TableHeader *header); /* header is empty before; its columns have no names yet */
bool table_header_has(const TableHeader *header, const char *name);
void table_header_free(TableHeader *header); /* empty then */

/* Whether a row is a header; and whether, as one more line of the header `above`, it makes one that knows more than `most` columns. */
bool table_header_read(const TableNaming *naming, const SheetRow *row, TableHeader *header);
bool table_header_go_on(const TableNaming *naming, const TableHeader *above, const SheetRow *row, size_t most,
                        TableHeader *header);
