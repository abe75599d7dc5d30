#include "hub/zone/rows_private.h"

#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

Rows *rows_new(void)
{
        Rows *rows = mem_new(sizeof *rows);

        rows->incidents = map_new();
        rows->subjects = map_new();
        rows->pairs = map_new();
        rows->effects = map_new();
        rows->contexts = map_new();
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
        map_free(rows->contexts, free);
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
        for (size_t i = 0; i < changes->contexts_size; i++) {
                const ContextChange *context = &changes->contexts[i];

                free(map_take(rows->contexts, context->subject, strlen(context->subject)));
                if (context->row)
                        map_put_text(rows->contexts, context->subject, text_copy(context->row));
        }
        words_save(rows, zone);
        zone_write(&text, zone);
        free(rows->zone);
        rows->zone = text.bytes;
}
