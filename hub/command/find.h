#pragma once

/* Inside of hub find: the search for one number. */

#include "hub/tool/number.h"
#include "hub/tool/tool.h"

typedef struct {
        const char *config, *number;
        int64_t since; /* of what is opened: received then or later */
        bool sealed;
} FindOrder;

typedef struct {
        const FindOrder *order;
        const Config *config;
        Db *db;
        char *wanted[NUMBER_FORMS];
        size_t found; /* cases, events, rejected records */
} Find;

const char *find_text(const DbResult *rows, size_t row, size_t column, const char *absent);

/* Opens the rejected records one by one and prints those whose bytes hold the number. */
bool find_sealed(Find *find, Error *err);
