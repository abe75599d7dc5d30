#pragma once

/*
 * A statement that grows condition by condition. Each "?" of a piece is one of its values; values never become text of the
 * statement. It lives as long as its arena; its text is freed with statement_free().
 */

#include "hub/base/memory.h"
#include "hub/db/db.h"

enum { STATEMENT_VALUES_MOST = 64 };

typedef struct {
        Arena *arena;
        Buffer sql;
        const char *values[STATEMENT_VALUES_MOST];
        size_t size;
} Statement;

void statement_add(Statement *statement, const char *piece); /* without values */
void statement_value(Statement *statement, const char *piece,
                     const char *value); /* every "?" of the piece is this value */
void statement_number(Statement *statement, const char *piece, int64_t value); /* the same */
void statement_time(Statement *statement, const char *piece, int64_t ms);      /* of type timestamptz */
void statement_list(Statement *statement, const char *expression, const char *const *items,
                    size_t size);                                           /* AND expression is one of them */
char *statement_array(Arena *arena, const char *const *items, size_t size); /* as PostgreSQL writes a text[] */
bool statement_ask(Statement *statement, Db *db, DbResult **rows, Error *err);
void statement_free(Statement *statement); /* for CLEANUP */
