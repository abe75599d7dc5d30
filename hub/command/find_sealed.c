/* hub find --sealed: what was rejected is opened, and its bytes are searched. */

#include "hub/command/find.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/rejected/rejected.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 50 };

static void rejected_print(Find *find, const DbResult *rows, size_t row)
{
        printf("rejected %s\n             %s of %s, received %s: %s%s%s\n", db_text(rows, row, REJECTED_ROW_REF),
               db_text(rows, row, REJECTED_ROW_MORE), find_text(rows, row, REJECTED_ROW_INSTANCE, "-"),
               db_text(rows, row, REJECTED_ROW_MORE + 2), find_text(rows, row, REJECTED_ROW_MORE + 1, ""),
               db_text(rows, row, REJECTED_ROW_MORE + 3) ? "; retried by " : "",
               find_text(rows, row, REJECTED_ROW_MORE + 3, ""));
        find->found++;
}

static bool sealed_page(const Find *find, const char *since, char *const key[3], DbResult **rows, Error *err)
{
        CLEANUP(mem_drop) char *page = text_format("%d", PAGE);
        const char *const values[] = { since, key[0], key[1], key[2], page };

        return db_query(find->db, rows,
                        "SELECT " REJECTED_COLUMNS ", reason, text, to_char(received, 'YYYY-MM-DD HH24:MI:SS'), "
                        "retried_by,"
                        " topic, partition, \"offset\" FROM ops.rejected WHERE stage = 'adapter' AND received >= "
                        "$1::timestamptz AND ($2::text IS NULL OR"
                        " (topic, partition, \"offset\") > ($2, $3::integer, $4::bigint)) ORDER BY topic, partition, "
                        "\"offset\" LIMIT $5::bigint",
                        values, 5, err);
}

/* What cannot be opened here (another machine's file, an old key) is said, and the search goes on. */
static void sealed_look(Find *find, const Privacy *privacy, const DbResult *rows, size_t row)
{
        const char *number = find->order->number;
        CLEANUP(buffer_free) Buffer clear = { 0 };
        Error why = { 0 };

        if (!rejected_bytes(find->config, privacy, rows, row, &clear, &why))
                fprintf(stderr, "hub find: %s: %s\n", db_text(rows, row, REJECTED_ROW_REF), why.text);
        else if (memmem(clear.bytes, clear.size, number, strlen(number)))
                rejected_print(find, rows, row);
}

static bool sealed_pages(Find *find, const Privacy *privacy, const char *since, char *key[3], Error *err)
{
        size_t size = PAGE;

        while (size == PAGE) {
                CLEANUP(db_result_drop) DbResult *rows = NULL;

                if (!sealed_page(find, since, key, &rows, err))
                        return false;
                size = db_rows(rows);
                for (size_t i = 0; i < size; i++)
                        sealed_look(find, privacy, rows, i);
                for (size_t part = 0; part < 3 && size; part++) {
                        mem_drop(&key[part]);
                        key[part] = text_copy(db_text(rows, size - 1, REJECTED_ROW_MORE + 4 + part));
                }
        }
        return true;
}

bool find_sealed(Find *find, Error *err)
{
        char since[TIME_TEXT_SIZE], *key[3] = { NULL };
        Privacy *privacy = rejected_keys(find->config, err);
        bool fine;

        if (!privacy)
                return false;
        time_text(find->order->since, since);
        log_info("rejected records are opened for a search", LOG_TEXT("since", since),
                 LOG_NUMBER("user", (int64_t)getuid()));
        fine = sealed_pages(find, privacy, since, key, err);
        for (size_t part = 0; part < 3; part++)
                free(key[part]);
        privacy_free(privacy);
        return fine;
}
