#include "hub/correlate/rows.h"

#include "hub/base/map.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
        char *text;
        int64_t kept_until;
        Map *subjects; /* of this incident: subject -> SubjectRow * (borrowed) */
} IncidentRow;

typedef struct {
        char *text;
        char incident[INCIDENT_ID_SIZE];
} SubjectRow;

typedef struct {
        char *rule, *command;
} PairRow;

struct Rows {
        Map *incidents, *subjects, *pairs, *effects; /* pairs: "one NUL other" -> PairRow *; effects: command -> text */
        char *zone;
        Buffer words;   /* up to the last midnight; empty before the first */
        int64_t offset; /* of the day's first record */
        Map *today;     /* offset -> CountedRow *: what the day's records say */
};

typedef struct {
        char *title, *description;
} CountedRow;

Rows *rows_new(void)
{
        Rows *rows = mem_new(sizeof *rows);

        rows->incidents = map_new();
        rows->subjects = map_new();
        rows->pairs = map_new();
        rows->effects = map_new();
        rows->today = map_new();
        return rows;
}

static void incident_row_free(void *value)
{
        IncidentRow *row = value;

        map_free(row->subjects, NULL);
        free(row->text);
        free(row);
}

static void subject_row_free(void *value)
{
        free(((SubjectRow *)value)->text);
        free(value);
}

static void pair_row_free(void *value)
{
        PairRow *row = value;

        if (row) {
                free(row->rule);
                free(row->command);
        }
        free(row);
}

static void counted_free(void *value)
{
        CountedRow *row = value;

        free(row->title);
        free(row->description);
        free(row);
}

void rows_free(Rows *rows)
{
        if (!rows)
                return;
        map_free(rows->incidents, incident_row_free);
        map_free(rows->subjects, subject_row_free);
        map_free(rows->pairs, pair_row_free);
        map_free(rows->effects, free);
        map_free(rows->today, counted_free);
        buffer_free(&rows->words);
        free(rows->zone);
        free(rows);
}

static void incident_save(Rows *rows, const Incident *incident)
{
        IncidentRow *row = map_get_text(rows->incidents, incident->id);
        Buffer text = { 0 };

        if (!row) {
                row = mem_new(sizeof *row);
                row->subjects = map_new();
                map_put_text(rows->incidents, incident->id, row);
        }
        incident_write(&text, incident);
        free(row->text);
        row->text = text.bytes;
        row->kept_until = incident->kept_until;
}

static void member_save(Rows *rows, const Member *member)
{
        SubjectRow *row = map_get_text(rows->subjects, member->subject);
        Buffer text = { 0 };

        if (!row) {
                row = mem_new(sizeof *row);
                map_put_text(rows->subjects, member->subject, row);
        } else {
                IncidentRow *before = map_get_text(rows->incidents, row->incident);

                map_take(before->subjects, member->subject, strlen(member->subject));
        }
        member_write(&text, member);
        free(row->text);
        row->text = text.bytes;
        memcpy(row->incident, member->incident->id, sizeof row->incident);
        map_put_text(((IncidentRow *)map_get_text(rows->incidents, row->incident))->subjects, member->subject, row);
}

static void words_save(Rows *rows, Zone *zone)
{
        const Changes *changes = zone_changes(zone);
        const Words *words = zone_words(zone);

        if (words->passed) {
                map_free(rows->today, counted_free);
                rows->today = map_new();
                rows->offset = words->offset;
                buffer_clear(&rows->words);
                words_write(words, &rows->words);
        }
        for (size_t i = 0; i < changes->counted_size; i++) {
                const CountedText *text = &changes->counted[i];

                if (text->offset < rows->offset)
                        continue;
                CountedRow *row = mem_new(sizeof *row);
                *row = (CountedRow){ text_copy(text->title), text_copy(text->description) };
                map_put(rows->today, &text->offset, sizeof text->offset, row);
        }
}

void rows_save(Rows *rows, Zone *zone)
{
        const Changes *changes = zone_changes(zone);
        Buffer text = { 0 };

        for (size_t i = 0; i < changes->incidents_size; i++)
                incident_save(rows, changes->incidents[i]);
        for (size_t i = 0; i < changes->members_size; i++)
                member_save(rows, changes->members[i]);
        for (size_t i = 0; i < changes->pairs_size; i++) {
                const PairChange *pair = &changes->pairs[i];
                CLEANUP(buffer_free) Buffer key = { 0 };

                buffer_add(&key, pair->one, strlen(pair->one) + 1);
                buffer_text(&key, pair->other);
                pair_row_free(map_take(rows->pairs, key.bytes, key.size));
                if (!pair->rule)
                        continue;
                PairRow *row = mem_new(sizeof *row);
                *row = (PairRow){ text_copy(pair->rule), text_copy(pair->command) };
                map_put(rows->pairs, key.bytes, key.size, row);
        }
        for (size_t i = 0; i < changes->effects_size; i++) {
                free(map_take(rows->effects, changes->effects[i].command, strlen(changes->effects[i].command)));
                map_put_text(rows->effects, changes->effects[i].command, text_copy(changes->effects[i].effect));
        }
        words_save(rows, zone);
        zone_write(&text, zone);
        free(rows->zone);
        rows->zone = text.bytes;
}

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

        if (row && loading->fine)
                incident_load(loading, map_get_text(loading->rows->incidents, row->incident));
}

bool rows_fetch(const Rows *rows, Zone *zone, const EventValue *value, Error *err)
{
        Loading loading = { .rows = rows, .zone = zone, .err = err, .fine = true };

        zone_wants(zone, value, subject_fetch, &loading);
        zone_load_end(zone);
        return loading.fine;
}
