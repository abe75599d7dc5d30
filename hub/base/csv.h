#pragma once

/*
 * Tables in files (RFC 4180, over libcsv), UTF-8 with or without byte order mark. The first line names the columns; every
 * row has as many cells. Blanks around cells without quotes go; blank lines are skipped. On failure csv is closed.
 * Errors name file and line.
 */

#include "hub/base/error.h"

typedef struct {
        char *path;
        char **columns;
        size_t columns_size;
        char **cells;  /* rows x columns, "" where empty */
        size_t *lines; /* line number of each row, from 1 */
        size_t rows;
} Csv;

bool csv_load(Csv *csv, const char *path, const char *const *required, size_t required_size, Error *err);
const char *csv_cell(const Csv *csv, size_t row, const char *column); /* NULL when the table has no such column */
bool csv_error(const Csv *csv, size_t row, Error *err, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* ERR_FATAL "path line 7: ..."; returns false */
void csv_close(Csv *csv); /* also for CLEANUP */
