#pragma once

/* The options of source postgres, and what their table cannot say. */

#include "hub/db/db.h"

typedef struct {
        DbOptions db;
        char *table, *query, *ids; /* one of table and query; ids NULL: the table's or query's own */
        TextList columns;          /* of the table; none: all */
        TextList key;              /* two names: time, id */
        char *channel;             /* NULL: the table, or the instance */
        char *start, *zone;
        int64_t lag_ms, overlap_ms, every_ms, scan_ms, page;
} PostgresOptions;

enum { POSTGRES_OPTIONS = 17 };
extern const Option postgres_options[POSTGRES_OPTIONS];

bool postgres_check(const void *options, Error *err);
int postgres_parameters(const char *query); /* how many of $1, $2 it names */
