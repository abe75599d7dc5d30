/* From rows to a zone: the whole, what was just saved, or what an old subject stands in. */

#include "hub/zone/rows_private.h"

#include "hub/base/memory.h"

#include <string.h>

typedef struct {
        const Rows *rows;
        Zone *zone;
        Error *err;
        const char *incident;
        bool fine;
} Loading;

static bool member_load(const void *key, size_t size, void *value, void *context)
{
        Loading *loading = context;
        const SubjectRow *row = value;

        (void)key;
        (void)size;
        loading->fine = zone_load_member(loading->zone, row->incident, row->text, strlen(row->text), loading->err);
        return loading->fine;
}

static bool incident_load(Loading *loading, const IncidentRow *row)
{
        loading->fine = zone_load_incident(loading->zone, row->text, strlen(row->text), loading->err);
        if (loading->fine)
                map_each(row->subjects, member_load, loading);
        return loading->fine;
}

static bool kept_load(const void *key, size_t size, void *value, void *context)
{
        Loading *loading = context;
        const IncidentRow *row = value;

        (void)key;
        (void)size;
        if (row->kept_until != INT64_MIN && row->kept_until >= zone_time(loading->zone))
                return incident_load(loading, row);
        return true;
}

static bool pair_load(const void *key, size_t size, void *value, void *context)
{
        const char *one = key;
        const PairRow *row = value;

        (void)size;
        zone_load_pair(((Loading *)context)->zone, one, one + strlen(one) + 1, row->rule, row->command);
        return true;
}

static bool effect_load(const void *key, size_t size, void *value, void *context)
{
        (void)size;
        zone_load_effect(((Loading *)context)->zone, key, value);
        return true;
}

static bool context_load(const void *key, size_t size, void *value, void *context)
{
        Loading *loading = context;

        (void)key;
        (void)size;
        loading->fine = zone_load_context(loading->zone, value, strlen(value), loading->err);
        return loading->fine;
}

static bool counted_load(const void *key, size_t size, void *value, void *context)
{
        const CountedRow *row = value;

        (void)key;
        (void)size;
        words_count(context, row->title, row->description);
        return true;
}

static void words_load(const Rows *rows, Zone *zone)
{
        Words *words = zone_words(zone);

        words->offset = rows->offset;
        if (rows->words.size > 0)
                words_read(words, rows->words.bytes, rows->words.size);
        map_each(rows->today, counted_load, words);
}

bool rows_load(const Rows *rows, Zone *zone, Error *err)
{
        Loading loading = { .rows = rows, .zone = zone, .err = err, .fine = true };

        if (!rows->zone)
                return true;
        if (!zone_read(zone, rows->zone, strlen(rows->zone), err))
                return false;
        words_load(rows, zone);
        map_each(rows->pairs, pair_load, &loading);
        map_each(rows->effects, effect_load, &loading);
        map_each(rows->contexts, context_load, &loading);
        if (loading.fine)
                map_each(rows->incidents, kept_load, &loading);
        zone_load_end(zone);
        return loading.fine;
}

bool rows_renew(Rows *rows, Zone *zone, Error *err)
{
        const Changes *changes = zone_changes(zone);
        const size_t size = changes->incidents_size;
        CLEANUP(mem_drop) char(*ids)[INCIDENT_ID_SIZE] = mem_new((size + 1) * sizeof *ids);
        Loading loading = { .rows = rows, .zone = zone, .err = err, .fine = true };

        for (size_t i = 0; i < size; i++)
                memcpy(ids[i], changes->incidents[i]->id, sizeof ids[i]);
        rows_save(rows, zone);
        zone_committed(zone);
        for (size_t i = 0; i < size; i++)
                zone_forget(zone, ids[i]);
        if (!zone_read(zone, rows->zone, strlen(rows->zone), err))
                return false;
        for (size_t i = 0; i < size && loading.fine; i++)
                kept_load(ids[i], strlen(ids[i]), map_get_text(rows->incidents, ids[i]), &loading);
        zone_load_end(zone);
        return loading.fine;
}

static void subject_fetch(const char *subject, void *context)
{
        Loading *loading = context;
        const SubjectRow *row = map_get_text(loading->rows->subjects, subject);
        const char *episode;

        if (row && loading->fine)
                incident_load(loading, map_get_text(loading->rows->incidents, row->incident));
        episode = row && loading->fine ? zone_goes_on(loading->zone, subject) : NULL;
        if (episode)
                subject_fetch(episode, loading);
}

bool rows_fetch(const Rows *rows, Zone *zone, const EventValue *value, Error *err)
{
        Loading loading = { .rows = rows, .zone = zone, .err = err, .fine = true };

        zone_wants(zone, value, subject_fetch, &loading);
        zone_load_end(zone);
        return loading.fine;
}
