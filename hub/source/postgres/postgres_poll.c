/* A look at the table: its session, its bounds, page after page. */

#include "hub/source/postgres/postgres_source.h"

#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdlib.h>

static bool described_renew(Source *source, Error *err)
{
        Described fresh;

        if (!query_describe(source->db, source->options, &fresh, err))
                return false;
        described_free(&source->described);
        source->described = fresh;
        return true;
}

bool session_need(Source *source, Error *err)
{
        CLEANUP(mem_drop) char *name = text_format("hub %s", source->instance);

        if (source->db)
                return true;
        source->db = query_open(source->options, name, err);
        return source->db && described_renew(source, err);
}

static bool time_set(Source *source, int64_t ms, char **time, Error *err)
{
        char text[TIME_TEXT_SIZE];

        return query_time(source->db, &source->described, time_text(ms, text), time, err);
}

static bool bounds_set(Source *source, Error *err)
{
        const SourceSpan *span = source->span;

        mem_drop(&source->until);
        mem_drop(&source->after_time);
        mem_drop(&source->after_id);
        if (span)
                return time_set(source, span->from, &source->after_time, err) &&
                       time_set(source, span->to, &source->until, err);
        return query_horizon(source->db, source->options, &source->described, source->cursor, &source->until,
                             &source->after_time, err);
}

/* The columns are looked at each time: a new one is not to wait for the next session. */
bool poll_begin(Source *source, Error *err)
{
        if (!source->db ? !session_need(source, err) : !described_renew(source, err))
                return false;
        if (!source->cursor)
                source->cursor = text_copy(source->described.start);
        if (!bounds_set(source, err))
                return false;
        source->next_ms = time_monotonic() + source->options->every_ms;
        source->phase = TABLE_PAGE;
        return true;
}

/* Where one row cannot be read, no row of its page can: the keys are, and then each row alone. */
static bool page_ask(Source *source, Error *err)
{
        PageAsk ask = { .after_time = source->after_time,
                        .after_id = source->after_id,
                        .until = source->until,
                        .cursor = source->cursor,
                        .most = source->options->page };

        if (query_page(source->db, &source->described, &ask, &source->rows, err))
                return true;
        ask.keys_only = source->one_by_one = err->kind == ERR_INPUT;
        return ask.keys_only && query_page(source->db, &source->described, &ask, &source->rows, err);
}

/* The next page begins behind this one's last row. */
static void page_take(Source *source)
{
        RowKey last;

        if (!db_rows(source->rows)) {
                source->polled = true;
                source->phase = TABLE_REST;
                return;
        }
        last = row_key(source->rows, db_rows(source->rows) - 1);
        free(source->after_time);
        free(source->after_id);
        source->after_time = text_copy(last.time);
        source->after_id = text_copy(last.id);
        source->row = 0;
        source->phase = TABLE_ROWS;
}

bool poll_page(Source *source, Error *err)
{
        db_result_drop(&source->rows);
        source->one_by_one = false;
        if (!session_need(source, err) || !page_ask(source, err) || !place_foresee(source, err))
                return false;
        page_take(source);
        return true;
}

bool poll_row(Source *source, SourceRecord *record, Error *err)
{
        const RowKey key = row_key(source->rows, source->row);

        if (!source->span && known_has(source->known, key.id, key.digest))
                return false;
        if (source->one_by_one)
                return session_need(source, err) && row_ask(source, &key, record, err);
        row_fill(source, source->rows, source->row, &key, record);
        return true;
}
