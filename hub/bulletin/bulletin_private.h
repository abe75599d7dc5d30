#pragma once

/* Private to the bulletin. */

#include "hub/bulletin/bulletin.h"

extern const Section bulletin_sections[]; /* ends with a NULL id */

void html_text(Buffer *out, const char *text);                                /* escaped; NULL is a dash */
void chart_days(const DbResult *rows, Buffer *out);                           /* SHOW_LINE */
void chart_map(const DbResult *rows, Buffer *out);                            /* SHOW_MAP */
void chart_bar(const DbResult *rows, size_t row, size_t column, Buffer *out); /* a cell's per cents as a bar */
