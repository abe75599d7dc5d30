#include "hub/source/postgres/postgres_source.h"

#include "hub/base/crypto.h"
#include "hub/base/log.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP_MS = 200 };

/* Address and pace may change under a position; what is asked may not. */
static uint64_t mark_of(const PostgresOptions *options)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        const char *const texts[] = { options->table, options->query, options->ids, options->key.items[0],
                                      options->key.items[1] };

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                buffer_text(&text, texts[i] ? texts[i] : "");
                buffer_byte(&text, '\0');
        }
        return hash64(text.bytes, text.size);
}

/* "of MARK scanned TIME after TIME"; the last one is PostgreSQL's text, the one before ours, or "never". */
static bool position_read(Source *source, const char *checkpoint, bool *is_ours, Error *err)
{
        static const char of[] = "of ", looked[] = " scanned ", after[] = " after ";
        const char *seen = strstr(checkpoint, looked), *time = seen ? strstr(seen, after) : NULL;
        CLEANUP(mem_drop) char *scanned = NULL;

        if (!text_starts(checkpoint, of) || !time || !time[strlen(after)])
                return error_set(err, ERR_FATAL, NULL, "checkpoint: no position of a postgres source");
        scanned = mem_copy(seen + strlen(looked), (size_t)(time - seen) - strlen(looked));
        *is_ours = strtoull(checkpoint + strlen(of), NULL, 16) == source->mark;
        if (!*is_ours) {
                log_warning("another table or query than before: it is read from its start",
                            LOG_TEXT("instance", source->instance));
                return true;
        }
        if (!text_same(scanned, "never") && !time_read(scanned, &source->scanned_ms, NULL, err))
                return error_add(err, "checkpoint: scanned");
        source->cursor = text_copy(time + strlen(after));
        buffer_text(&source->position, checkpoint);
        return true;
}

/* Whoever puts a position away wants all rows again; but what was handed over is not forgotten: it may be gone since. */
bool place_restore(Source *source, const char *checkpoint, Error *err)
{
        bool is_ours = false;

        source->scanned_ms = TIME_NONE;
        source->mark = mark_of(source->options);
        if (source->kept && checkpoint && !position_read(source, checkpoint, &is_ours, err))
                return false;
        source->known = known_open(source->kept ? source->folder : NULL, source->mark, err);
        return source->known && (is_ours || known_doubt(source->known, err));
}

static void position_write(Source *source)
{
        char scanned[TIME_TEXT_SIZE];

        buffer_clear(&source->position);
        buffer_format(&source->position, "of %016llx scanned %s after %s", (unsigned long long)source->mark,
                      source->scanned_ms == TIME_NONE ? "never" : time_text(source->scanned_ms, scanned),
                      source->cursor);
}

/* What is known is on disk before a position says so. */
bool place_keep(Source *source, Error *err)
{
        if (!source->unkept)
                return true;
        if (!known_keep(source->known, err))
                return false;
        source->keep_ms = time_monotonic() + KEEP_MS; /* from here: on a slow disk it took long itself */
        source->unkept = false;
        if (source->kept && source->cursor)
                position_write(source);
        return true;
}

bool place_foresee(Source *source, Error *err)
{
        for (size_t i = 0; source->kept && i < db_rows(source->rows); i++) {
                const RowKey key = row_key(source->rows, i);

                if (!known_get(source->known, key.id))
                        known_put(source->known, key.id, KNOWN_UNSURE);
        }
        return !source->kept || known_keep(source->known, err);
}

void place_hold(Source *source, const RowKey *key)
{
        if (source->held_at == source->held_size)
                source->held_at = source->held_size = 0;
        if (source->held_size == source->held_room && source->held_at) {
                source->held_size -= source->held_at;
                memmove(source->held, source->held + source->held_at, source->held_size * sizeof(Held));
                source->held_at = 0;
        } else if (source->held_size == source->held_room) {
                source->held_room = source->held_room ? 2 * source->held_room : 64;
                source->held = mem_resize(source->held, source->held_room * sizeof(Held));
        }
        source->held[source->held_size++] = (Held){ .token = ++source->token,
                                                    .digest = key->digest,
                                                    .id = text_copy(key->id),
                                                    .time = key->moves ? text_copy(key->time) : NULL };
}

bool place_free(const Source *source)
{
        return source->held_at == source->held_size;
}

static void held_settle(Source *source, Held *held)
{
        known_put(source->known, held->id, held->digest);
        if (held->time) {
                free(source->cursor);
                source->cursor = held->time;
        }
        free(held->id);
        source->unkept = true;
}

bool place_acknowledge(Source *source, uint64_t token, Error *err)
{
        while (!place_free(source) && source->held[source->held_at].token <= token)
                held_settle(source, &source->held[source->held_at++]);
        return time_monotonic() < source->keep_ms || place_keep(source, err);
}
