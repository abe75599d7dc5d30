/*
 * All ids against those we know: what is gone becomes a tombstone, what no poll showed (no time, a time ahead of the clock,
 * committed later than the overlap, changed without a new time) is asked for by its id. Findings are held in memory, so many
 * at most: when they are told, the next scan finds the rest.
 */

#include "hub/source/postgres/postgres_source.h"

#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "hub/source/postgres/known_sorted.h"

#include <string.h>

/* A table that is emptied and filled again looks like this in between. */
enum { FOUND_MOST = 100000, DOUBT_LEAST = 100 };

bool scan_begin(Source *source, Error *err)
{
        buffer_clear(&source->found);
        source->found_at = source->found_size = source->gone = source->scanned_rows = 0;
        return known_begin(source->known, &source->known_at, err) &&
               query_scan(source->db, source->options, &source->described, source->cursor, source->blind, err);
}

bool scan_whole(const Source *source)
{
        return source->found_size < FOUND_MOST;
}

static void found_add(Source *source, const char *id, uint64_t digest)
{
        if (source->found_size >= FOUND_MOST)
                return;
        source->found_size++;
        entry_add(&source->found, id, digest);
}

/* The known ones before `id` (NULL: all the rest) are not in the table. True: it is known; entry is it. */
static bool gone_pass(Source *source, const char *id)
{
        int order = 1;

        while (source->known_at.id && (order = id ? strcmp(source->known_at.id, id) : -1) < 0) {
                found_add(source, source->known_at.id, 0);
                source->gone++;
                known_next(source->known, &source->known_at);
        }
        return source->known_at.id && order == 0;
}

static void id_compare(Source *source, const char *id, uint64_t digest, bool is_due)
{
        bool is_known = gone_pass(source, id), is_same;

        is_same = is_known && source->known_at.digest != KNOWN_UNSURE && (!digest || source->known_at.digest == digest);
        if (!is_same && is_due)
                found_add(source, id, digest ? digest : KNOWN_UNREAD);
        if (is_known)
                known_next(source->known, &source->known_at);
}

static bool is_believed(Source *source)
{
        bool is_much = source->gone > DOUBT_LEAST && source->gone > known_size(source->known) / 2;

        if (is_much && !source->doubted) {
                log_error("a scan misses most rows that we know: it is believed if the next one says the same",
                          LOG_TEXT("instance", source->instance), LOG_NUMBER("missed", (int64_t)source->gone),
                          LOG_NUMBER("known", (int64_t)known_size(source->known)));
                source->doubted = true;
                return false;
        }
        source->doubted = false;
        return true;
}

/* As of a page: known before one of them is handed over. */
static bool found_foresee(Source *source, Error *err)
{
        for (size_t at = 0, size; at < source->found.size; at += size) {
                const char *id = source->found.bytes + at + ENTRY_ID;

                size = ENTRY_ID + strlen(id) + 1;
                if (!known_get(source->known, id))
                        known_put(source->known, id, KNOWN_UNSURE);
        }
        return known_keep(source->known, err);
}

static bool scan_end(Source *source, Error *err)
{
        (void)gone_pass(source, NULL);
        query_scan_end(source->db);
        source->blind = false;
        if (!is_believed(source)) {
                buffer_clear(&source->found);
                source->found_size = 0;
        }
        if (source->found_size)
                log_info("scan: rows that no look showed", LOG_TEXT("instance", source->instance),
                         LOG_NUMBER("ids", (int64_t)source->scanned_rows),
                         LOG_NUMBER("found", (int64_t)source->found_size), LOG_NUMBER("gone", (int64_t)source->gone));
        return found_foresee(source, err);
}

/* A row that cannot be read is not to hide what is gone. */
static bool scan_blind(Source *source, Error *err)
{
        if (err->kind != ERR_INPUT || source->blind)
                return false;
        source->blind = true;
        query_scan_end(source->db);
        return scan_begin(source, err);
}

bool scan_step(Source *source, bool *over, Error *err)
{
        CLEANUP(db_result_drop) DbResult *rows = NULL;

        if (!query_scan_next(source->db, &rows, err))
                return scan_blind(source, err);
        for (size_t i = 0; i < db_rows(rows); i++)
                id_compare(source, db_text(rows, i, 0), query_digest(db_text(rows, i, 1)), db_flag(rows, i, 2));
        source->scanned_rows += db_rows(rows);
        *over = db_rows(rows) == 0;
        return !*over || scan_end(source, err);
}

bool scan_tell(Source *source, SourceRecord *record, bool *over, Error *err)
{
        *over = source->found_at == source->found.size;
        while (!*over) {
                const char *entry = source->found.bytes + source->found_at, *id = entry + ENTRY_ID;
                uint64_t digest = entry_digest(entry);
                bool told = true;

                if (digest)
                        told = row_ask(source, &(RowKey){ .id = id, .digest = digest }, record, err);
                else
                        row_gone(source, id, known_get(source->known, id), record);
                if (!told && err->kind)
                        return false;
                source->found_at += ENTRY_ID + strlen(id) + 1;
                if (told)
                        return true;
                *over = source->found_at == source->found.size;
        }
        return false;
}
