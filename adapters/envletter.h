#pragma once

/*
 * Inside of the adapter of environmental letters: rows out of a CSV file that a spreadsheet wrote, what its columns
 * mean, the receipt number, and what becomes of a letter.
 */

#include "hub/adapter.h"

enum { CELLS_MOST = 64 };

typedef enum {
        COLUMN_ROW,     /* 序号 */
        COLUMN_NUMBER,  /* 受理编号 */
        COLUMN_TEXT,    /* 交办问题基本情况 */
        COLUMN_AREA,    /* 行政区域 */
        COLUMN_TYPE,    /* 污染类型 */
        COLUMN_CHECK,   /* 调查核实情况 */
        COLUMN_FOUNDED, /* 是否属实 */
        COLUMN_ACTION,  /* 处理和整改情况 */
        COLUMN_STATUS,  /* 是否办结 */
        COLUMN_BLAME,   /* 责任人被处理情况 */
        COLUMN_ORG,     /* 责任单位 */
        COLUMN_ADDRESS, /* 地址 */
        COLUMNS,
} Column;

typedef struct {
        TextTable columns, categories, states;
        TextList fill; /* columns whose blank cells repeat the one above */
        char *district, *space;
} LetterOptions;

/* ---- rows: RFC 4180 by bytes, which UTF-8 and GB18030 alike allow; nothing is copied but the row at hand ---- */

typedef struct {
        const char *at, *end;
        char separator;
        bool utf8;
        size_t repaired; /* broken characters in the row at hand */
} Rows;

typedef struct {
        Buffer text;  /* the row in UTF-8, without its line end */
        Buffer cells; /* its cells, each followed by a NUL */
        size_t size;  /* of cells; over CELLS_MOST: the rest is not kept */
        size_t starts[CELLS_MOST];
        bool torn; /* a quote that RFC 4180 does not allow, or that is never closed */
        bool last; /* no line end follows */
} Row;

/* False at the end. A torn row ends where the next line begins with what looks like a row of its own. */
bool row_next(Rows *rows, Row *row, Error *err);
const char *row_cell(const Row *row, size_t index); /* trimmed, "" where there is none */
void row_free(Row *row);

/* ---- columns ---- */

typedef struct {
        size_t places[COLUMNS]; /* index of the cell, plus one; 0: there is no such column */
        size_t size;            /* cells of the header line */
} Header;

bool header_read(const LetterOptions *options, const Row *row, Header *header); /* false: it is no header line */
Column column_find(const char *name); /* as the options call it; COLUMNS: unknown */
const char *column_name(Column column);
bool columns_check(const LetterOptions *options, Error *err); /* ERR_FATAL */

/* ---- receipt numbers ---- */

typedef struct {
        char text[48]; /* half width, upper case, without star and share; "" where the cell has none */
        bool starred;
        int64_t day; /* TIME_NONE where the number tells none */
} Number;

/* ERR_INPUT bad_value (cut, an exponent, no number), bad_time (no such day); missing_field is the caller's to say. */
bool number_read(const char *cell, Number *number, Error *err);
int64_t day_find(const char *text); /* the last date in a title or a file's name, TIME_NONE: none */

/* ---- letters ---- */

typedef struct {
        const char *cells[COLUMNS]; /* NULL: absent or blank */
        Number number;
        int64_t batch; /* day of the list, TIME_NONE: not known */
        size_t row;    /* of the file's letters, from 1 */
} Letter;

bool letter_event(const LetterOptions *options, const Letter *letter, Arena *arena, Event *event, Error *err);
