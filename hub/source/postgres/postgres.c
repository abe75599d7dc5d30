/*
 * A table or query of somebody else's, asked again and again: each row that changed is a record, in the order of (time, id), page
 * by page. Nothing is taken or changed there. Rows wait until they are `lag` old by the database's clock, and each look begins
 * `overlap` before the last: what was committed late is met there; what is known and unchanged is passed over. A scan of all
 * ids finds the rest, and what is gone.
 */

#include "hub/source/postgres/postgres_source.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <poll.h>
#include <stdlib.h>

enum { BACKOFF_LEAST_MS = 500, BACKOFF_MOST_MS = 60 * 1000 };

/* ---- open ---- */

static void source_close(Source *source)
{
        for (size_t i = source->held_at; i < source->held_size; i++) {
                free(source->held[i].id);
                free(source->held[i].time);
        }
        free(source->held);
        db_result_free(source->rows);
        db_close(source->db);
        described_free(&source->described);
        known_close(source->known);
        free(source->channel);
        free(source->cursor);
        free(source->until);
        free(source->after_time);
        free(source->after_id);
        buffer_free(&source->found);
        buffer_free(&source->position);
        buffer_free(&source->value);
        buffer_free(&source->place);
        buffer_free(&source->key);
        free(source);
}

static Source *source_open(const SourceSetup *setup, Error *err)
{
        Source *source = mem_new(sizeof(Source));
        const PostgresOptions *of = setup->options;

        source->options = of;
        source->instance = setup->instance;
        source->folder = setup->folder;
        source->channel = text_copy(of->channel ? of->channel : of->table ? of->table : setup->instance);
        source->once = setup->once || setup->span;
        source->span = setup->span;
        source->kept = setup->folder && !setup->trial && !setup->span;
        source->backoff = (Backoff){ .least_ms = BACKOFF_LEAST_MS, .most_ms = BACKOFF_MOST_MS };
        if (place_restore(source, setup->checkpoint, err))
                return source;
        source_close(source);
        return NULL;
}

/* ---- trouble ---- */

/* Whatever it is, another can mend it while we wait. A new session looks at the table anew. */
static SourceResult trouble(Source *source, const Error *why, Error *err)
{
        db_drop(&source->db);
        source->scanning = false;
        if (!source->away.kind)
                source->since_ms = time_monotonic();
        source->away = *why;
        source->away.kind = ERR_RETRY;
        source->away_ms = time_monotonic() + backoff_next(&source->backoff);
        *err = source->away;
        return SOURCE_AWAY;
}

static SourceResult good(Source *source)
{
        source->away.kind = ERR_NONE;
        backoff_reset(&source->backoff);
        return SOURCE_IDLE;
}

/* ---- a poll ---- */

static SourceResult step_page(Source *source, Error *err)
{
        Error why = { 0 };

        return poll_page(source, &why) ? good(source) : trouble(source, &why, err);
}

static SourceResult step_rows(Source *source, SourceRecord *record, Error *err)
{
        for (; source->row < db_rows(source->rows); source->row++) {
                Error why = { 0 };
                bool handed = poll_row(source, record, &why);

                if (!handed && why.kind)
                        return trouble(source, &why, err);
                source->row += handed;
                if (handed)
                        return SOURCE_RECORD;
        }
        source->phase = TABLE_PAGE;
        return SOURCE_IDLE;
}

/* ---- a scan ---- */

static bool scan_due(const Source *source)
{
        int64_t now = time_wall();

        if (!source->kept || !source->options->scan_ms || !source->polled || source->told)
                return false;
        return source->scanned_ms == TIME_NONE || now < source->scanned_ms ||
               now - source->scanned_ms >= source->options->scan_ms;
}

static SourceResult step_scan(Source *source, Error *err)
{
        bool over = false;
        Error why = { 0 };

        if (!session_need(source, &why) || (!source->scanning && !scan_begin(source, &why)))
                return trouble(source, &why, err);
        source->scanning = true;
        if (!scan_step(source, &over, &why))
                return trouble(source, &why, err);
        if (over) {
                source->scanning = false;
                source->phase = TABLE_TELL;
        }
        return good(source);
}

static SourceResult step_tell(Source *source, SourceRecord *record, Error *err)
{
        bool over = false;
        Error why = { 0 };

        if (!session_need(source, &why))
                return trouble(source, &why, err);
        if (scan_tell(source, record, &over, &why))
                return SOURCE_RECORD;
        if (!over)
                return trouble(source, &why, err);
        source->told = true;
        source->phase = TABLE_REST;
        return good(source);
}

/* ---- read ---- */

static void pause_until(int64_t due, int64_t until)
{
        int64_t wait = (due < until ? due : until) - time_monotonic();

        if (wait > 0)
                poll(NULL, 0, (int)wait);
}

/* All that was handed over is delivered: so we are where the poll or the scan ended. */
static void rest_settle(Source *source)
{
        if (source->until && source->polled) {
                free(source->cursor);
                source->cursor = source->until;
                source->until = NULL;
                source->unkept = true;
        }
        if (source->told) {
                source->told = false;
                source->scanned_ms = scan_whole(source) ? time_wall() : source->scanned_ms;
                source->unkept = true;
        }
}

static SourceResult step_rest(Source *source, int64_t until, Error *err)
{
        Error why = { 0 };

        if (!place_free(source)) {
                pause_until(INT64_MAX, until);
                return SOURCE_IDLE;
        }
        rest_settle(source);
        if (!place_keep(source, &why))
                return trouble(source, &why, err);
        if (scan_due(source)) {
                source->phase = TABLE_SCAN;
                return SOURCE_IDLE;
        }
        if (source->once && source->polled)
                return SOURCE_END;
        pause_until(source->next_ms, until);
        if (time_monotonic() < source->next_ms)
                return SOURCE_IDLE;
        return poll_begin(source, &why) ? SOURCE_IDLE : trouble(source, &why, err);
}

static SourceResult step(Source *source, int64_t until, SourceRecord *record, Error *err)
{
        if (source->away.kind && time_monotonic() < source->away_ms) {
                pause_until(source->away_ms, until);
                return SOURCE_IDLE;
        }
        switch (source->phase) {
        case TABLE_REST:
                return step_rest(source, until, err);
        case TABLE_PAGE:
                return step_page(source, err);
        case TABLE_ROWS:
                return step_rows(source, record, err);
        case TABLE_SCAN:
                return step_scan(source, err);
        case TABLE_TELL:
                return step_tell(source, record, err);
        }
        return SOURCE_IDLE;
}

static SourceResult source_read(Source *source, int wait_ms, SourceRecord *record, Error *err)
{
        int64_t until = time_monotonic() + wait_ms;
        SourceResult result;

        do {
                result = step(source, until, record, err);
        } while (result == SOURCE_IDLE && time_monotonic() < until);
        if (result != SOURCE_IDLE || !source->away.kind)
                return result;
        *err = source->away;
        return SOURCE_AWAY;
}

/* ---- the rest of the interface ---- */

static const char *source_position(Source *source)
{
        return source->kept && source->position.size ? source->position.bytes : NULL;
}

static int64_t source_lag(Source *source)
{
        return source->phase == TABLE_REST && source->polled && place_free(source) ? 0 : -1;
}

static int64_t source_stuck(Source *source)
{
        return source->away.kind ? time_monotonic() - source->since_ms : 0;
}

static bool source_span(const void *options, Error *err)
{
        (void)options;
        (void)err;
        return true;
}

static bool all_try(Source *source, Error *err)
{
        PageAsk nothing = { .most = 0 };

        if (!poll_begin(source, err))
                return false;
        nothing.after_time = source->after_time;
        nothing.until = source->until;
        nothing.cursor = source->cursor;
        return query_page(source->db, &source->described, &nothing, &source->rows, err) &&
               (!source->options->scan_ms ||
                query_scan(source->db, source->options, &source->described, source->cursor, false, err));
}

static bool source_connect_check(const void *options, Error *err)
{
        const SourceSetup setup = { .instance = "check", .options = options, .once = true };
        Source *source = source_open(&setup, err);
        bool works = source && all_try(source, err);

        if (source)
                source_close(source);
        return works;
}

const SourceKind source_postgres = {
        .kind = "postgres",
        .about = "a table or query of somebody else's PostgreSQL, asked again and again; a row is a record",
        .promise =
                "every row's last state, also when it was committed late; a row that was changed twice between two "
                "looks shows its last state alone; what is gone, or changed without a new time, is found by the next "
                "scan",
        .options = postgres_options,
        .options_size = POSTGRES_OPTIONS,
        .size = sizeof(PostgresOptions),
        .check = postgres_check,
        .open = source_open,
        .read = source_read,
        .acknowledge = place_acknowledge,
        .position = source_position,
        .lag = source_lag,
        .stuck = source_stuck,
        .span = source_span,
        .when_paused = "nothing is asked; of what changes meanwhile the last state is read then, and what was deleted "
                       "is found by the next scan",
        .connect_check = source_connect_check,
        .close = source_close,
};
