#include "hub/serve/read/statement.h"

#include "hub/base/time.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void statement_add(Statement *statement, const char *piece)
{
        buffer_text(&statement->sql, piece);
}

void statement_value(Statement *statement, const char *piece, const char *value)
{
        if (statement->size == STATEMENT_VALUES_MOST)
                abort(); /* routes bound how many values their arguments may have */
        statement->values[statement->size++] = arena_copy(statement->arena, value, strlen(value));
        for (const char *hole; (hole = strchr(piece, '?')); piece = hole + 1) {
                buffer_add(&statement->sql, piece, (size_t)(hole - piece));
                buffer_format(&statement->sql, "$%zu", statement->size);
        }
        buffer_text(&statement->sql, piece);
}

void statement_number(Statement *statement, const char *piece, int64_t value)
{
        statement_value(statement, piece, arena_format(statement->arena, "%" PRId64, value));
}

void statement_time(Statement *statement, const char *piece, int64_t ms)
{
        char text[TIME_TEXT_SIZE];

        statement_value(statement, piece, time_text(ms, text));
}

char *statement_array(Arena *arena, const char *const *items, size_t size)
{
        CLEANUP(mem_drop) char *array = db_array(items, size, 1);

        return arena_copy(arena, array, strlen(array));
}

/* One alone is compared as itself: only then an index gives its rows in order. */
void statement_list(Statement *statement, const char *expression, const char *const *items, size_t size)
{
        statement_add(statement, " AND ");
        statement_add(statement, expression);
        if (size == 1)
                statement_value(statement, " = ?", items[0]);
        else
                statement_value(statement, " = ANY (?::text[])", statement_array(statement->arena, items, size));
}

bool statement_ask(Statement *statement, Db *db, DbResult **rows, Error *err)
{
        return db_query(db, rows, statement->sql.bytes, statement->values, statement->size, err);
}

void statement_free(Statement *statement)
{
        buffer_free(&statement->sql);
}
