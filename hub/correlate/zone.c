#include "hub/correlate/zone_private.h"

#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { SWEEP_MS = 600000 }; /* of zone time between two looks for incidents that may leave memory */

Zone *zone_new(const char *id, const Rules *rules, int32_t epoch)
{
        Zone *zone = mem_new(sizeof *zone);

        zone->id = text_copy(id);
        zone->rules = rules;
        zone->epoch = epoch;
        zone->time = zone->swept = TIME_NONE;
        zone->subjects = map_new();
        zone->incidents = map_new();
        zone->pairs = map_new();
        zone->effects = map_new();
        zone->index = index_new(rules_set(rules));
        zone->words = mem_copy(rules_words(rules), sizeof *zone->words);
        zone->words->day = INT64_MIN;
        zone->changes = changes_new();
        return zone;
}

static void incident_free_value(void *incident)
{
        incident_free(incident);
}

void zone_free(Zone *zone)
{
        if (!zone)
                return;
        map_free(zone->subjects, NULL);
        map_free(zone->incidents, incident_free_value);
        map_free(zone->pairs, pair_free);
        map_free(zone->effects, free);
        index_free(zone->index);
        zone_warnings_clear(zone);
        incident_list_free(&zone->near);
        incident_list_free(&zone->loaded);
        buffer_free(&zone->text);
        buffer_free(&zone->body);
        changes_free(zone->changes);
        free(zone->words);
        free(zone->id);
        free(zone);
}

const char *zone_id(const Zone *zone)
{
        return zone->id;
}

int64_t zone_time(const Zone *zone)
{
        return zone->time;
}

size_t zone_incidents(const Zone *zone)
{
        return map_size(zone->incidents);
}

const char *zone_rules_version(const Zone *zone)
{
        return rules_version(zone->rules);
}

Changes *zone_changes(Zone *zone)
{
        return zone->changes;
}

void zone_teach(Zone *zone, ZoneTeacher teacher)
{
        zone->teacher = teacher;
}

Words *zone_words(Zone *zone)
{
        return zone->words;
}

void subject_of(Buffer *out, const char *event)
{
        const char *last = strrchr(event, ':');

        buffer_clear(out);
        buffer_add(out, event, last ? (size_t)(last - event) : strlen(event));
}

static void incident_forget(Zone *zone, Incident *incident)
{
        index_take(zone->index, incident);
        for (size_t i = 0; i < incident->members_size; i++) {
                const char *subject = incident->members[i]->subject;

                map_take(zone->subjects, subject, strlen(subject));
        }
        map_take(zone->incidents, incident->id, strlen(incident->id));
        incident_free(incident);
}

void zone_forget(Zone *zone, const char *id)
{
        Incident *incident = map_get_text(zone->incidents, id);

        if (incident)
                incident_forget(zone, incident);
}

/* An incident leaves memory when no new report can join it or repeat it; its subjects are fetched when they speak again. */
static bool incident_leaves(const void *key, size_t size, void *value, void *context)
{
        Zone *zone = context;

        (void)key;
        (void)size;
        if (!incident_kept(value, zone->time))
                incident_forget(zone, value);
        return true;
}

void zone_committed(Zone *zone)
{
        changes_clear(zone->changes);
        zone->words->passed = false;
        if (zone->swept != TIME_NONE && zone->time < zone->swept + SWEEP_MS)
                return;
        zone->swept = zone->time;
        map_each(zone->incidents, incident_leaves, zone);
}
