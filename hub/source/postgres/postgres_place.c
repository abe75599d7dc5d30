#include "hub/source/postgres/postgres_source.h"

#include "hub/base/crypto.h"
#include "hub/base/json.h"
#include "hub/base/log.h"
#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP_MS = 200, MARK_ROOM = 17 };

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

static bool position_read(Source *source, const char *checkpoint, bool *is_ours, Error *err)
{
        CLEANUP(json_drop) json_t *document = json_read(checkpoint, strlen(checkpoint), err);
        const char *time = json_text(document, "after"), *scanned = json_text(document, "scanned");
        char mark[MARK_ROOM];

        if (!time)
                return error_set(err, ERR_FATAL, NULL, "checkpoint: no position of a postgres source");
        snprintf(mark, sizeof(mark), "%016llx", (unsigned long long)source->mark);
        *is_ours = text_same(json_text(document, "of"), mark);
        if (!*is_ours) {
                log_warning("another table or query than before: it is read from its start",
                            LOG_TEXT("instance", source->instance));
                return true;
        }
        source->cursor = text_copy(time);
        if (scanned && !time_read(scanned, &source->scanned_ms, NULL, err))
                return error_add(err, "checkpoint: scanned");
        buffer_text(&source->position, checkpoint);
        return true;
}

/* Without a position nothing is known: whoever put it away wants all rows again. */
bool place_restore(Source *source, const char *checkpoint, Error *err)
{
        bool is_ours = false;

        source->scanned_ms = TIME_NONE;
        source->mark = mark_of(source->options);
        if (source->kept && checkpoint && !position_read(source, checkpoint, &is_ours, err))
                return false;
        source->known = known_open(source->kept ? source->folder : NULL, err);
        return source->known && (is_ours || known_clear(source->known, err));
}

static void position_write(Source *source)
{
        CLEANUP(json_drop) json_t *document = json_object();
        CLEANUP(mem_drop) char *text = NULL;
        char mark[MARK_ROOM], scanned[TIME_TEXT_SIZE];

        snprintf(mark, sizeof(mark), "%016llx", (unsigned long long)source->mark);
        json_object_set_new(document, "after", json_string(source->cursor));
        json_object_set_new(document, "of", json_string(mark));
        if (source->scanned_ms != TIME_NONE)
                json_object_set_new(document, "scanned", json_string(time_text(source->scanned_ms, scanned)));
        text = json_dumps(document, JSON_COMPACT);
        buffer_clear(&source->position);
        buffer_text(&source->position, text);
}

/* What is known is on disk before a position says so. */
bool place_keep(Source *source, Error *err)
{
        if (!source->unkept)
                return true;
        source->keep_ms = time_monotonic() + KEEP_MS;
        if (!known_keep(source->known, err))
                return false;
        source->unkept = false;
        if (source->kept && source->cursor)
                position_write(source);
        return true;
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
