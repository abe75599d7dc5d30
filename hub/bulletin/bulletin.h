#pragma once

/*
 * The monthly bulletin (督查通报): tables out of mart's views, in one order for every format. Each table is a section; its
 * query's columns are its columns, their names its headings. A figure that the database does not know (an empty
 * denominator) is NULL and shown as such, never as 0.
 */

#include "hub/base/buffer.h"
#include "hub/db/db.h"

typedef enum {
        SHOW_TABLE = 0,
        SHOW_BAR = 1,    /* HTML: a bar beside each row, over its last but one column of per cents */
        SHOW_LINE = 2,   /* HTML: columns of two numbers by day, in place of the table */
        SHOW_MAP = 4,    /* HTML only: name, path, count: the path is SVG's; in place of the table */
        SHOW_FIGURES = 8 /* HTML: one row, as large figures */
} SectionShow;

typedef struct {
        const char *id, *title, *note; /* note: a sentence below the title; NULL: none */
        const char *sql;               /* $1 the month's first day; ordered */
        unsigned show;
} Section;

enum { BULLETIN_SECTIONS_MOST = 24 };

typedef struct {
        char *month, *title, *as_of,
                *made; /* "2024-01", of the page, the moment of its figures, when they were refreshed */
        const Section *sections[BULLETIN_SECTIONS_MOST];
        DbResult *rows[BULLETIN_SECTIONS_MOST];
        size_t size;
} Bulletin;

/* month as "2024-01"; as_of NULL: now. */
bool bulletin_read(Bulletin *bulletin, Db *db, const char *month, const char *as_of, Error *err);
void bulletin_free(Bulletin *bulletin);

bool bulletin_is_number(const DbResult *rows, size_t column);

/* One file of UTF-8, nothing loaded from elsewhere, that prints on A4. */
void bulletin_html(const Bulletin *bulletin, Buffer *out);
/* The tables one below the other, each with its title; with a byte order mark, so that spreadsheets read Chinese. */
void bulletin_csv(const Bulletin *bulletin, Buffer *out);
bool bulletin_xlsx(const Bulletin *bulletin, const char *path, Error *err); /* a sheet a section */
