#pragma once

/*
 * A table that a program or a spreadsheet wrote (hub/base/sheet.h), a row at a time: each an object of its cells by the names of
 * their columns, so that a row is an item as one of JSON is: case_read() reads it, json_text() does.
 *
 * What is found out, not configured: character set and line ends; the separator (`sep=;`, else the one of comma, tab and semicolon
 * that gives a header); titles above the header line; a header of two lines (a group's name above its columns; a line broken inside
 * a cell); a further header line below, which begins a further table. A column is named by the instance's own table of header and
 * name, else by what its header holds (headers are worded anew from list to list), else as its header. Blank cells are absent.
 *
 *     CLEANUP(table_drop) Table *rows = table_open(&form, &options->columns, record, err);
 *
 *     return rows && table_translate(rows, row_translate, options, output, err);
 */

#include "hub/adapter.h"

#include <jansson.h>

/* `holds`: words, parted by |, without blanks and punctuation; the first row of the table that fits names the column. */
typedef struct {
        const char *name, *holds;
} TableColumn;

typedef struct {
        const TableColumn *columns; /* ends with a name of NULL; NULL: headers are names */
        const char *key;            /* the column that every table has */
        const char *count;          /* the column of 1, 2, 3 ..., where there may be one; NULL: none */
        size_t least;               /* so many columns that are known, and more than half of its cells, make a header */
} TableForm;

typedef struct Table Table;

/* Borrows all but err. ERR_INPUT: not_csv or bad_charset, there is no header; `own` may be NULL. */
Table *table_open(const TableForm *form, const TextTable *own, const Record *record, Error *err);
void table_drop(Table **table); /* for CLEANUP */

bool table_next(Table *table, Error *err);        /* false: the end, or err */
const json_t *table_row(const Table *table);      /* borrowed until table_next() */
unsigned table_quality(const Table *table);       /* encoding_repaired, of this row */
bool table_check(const Table *table, Error *err); /* ERR_INPUT not_csv: a lost quote, cells too many or too few */
bool table_has(const Table *table, const char *column);
size_t table_number(const Table *table);     /* of tables so far, one below the other */
const char *table_title(const Table *table); /* first cells of the rows above the header, a line each */

/*
 * Merged cells come out blank. What is blank in these columns is what stood above, in this table; in a row that has neither key nor
 * count of its own, all that is. Rows that were not filled, notes, are not above.
 */
void table_fill(Table *table, const TextList *columns);

/*
 * Whether the row at hand is blank, or the notes and counts below the rows have begun, with a count that is no number or, where none
 * are counted, words in place of the key. Of a row that has a key it is not to be asked.
 */
bool table_is_note(Table *table);

/*
 * Each row, as an item. One that is bad (ERR_INPUT) is set aside with its header, which translate() takes alone, and the others go on;
 * with anything else this ends. Whether its cells fit the header is the dialect's to ask: notes among the rows do not.
 */
typedef bool (*TableRow)(const void *of, const json_t *row, Output *output, Error *err);
bool table_translate(Table *table, TableRow row, const void *of, Output *output, Error *err);

/* For Option.check, of a table of header and column, and of a list of columns: ERR_FATAL, no column is called so. */
bool table_columns_check(const TableForm *form, const char *option, const TextTable *columns, Error *err);
bool table_names_check(const TableForm *form, const char *option, const TextList *columns, Error *err);
