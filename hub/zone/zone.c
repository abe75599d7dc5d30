#include "hub/zone/zone_private.h"

#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

Zone *zone_new(const char *id, const Rules *rules, int32_t epoch)
{
        Zone *zone = mem_new(sizeof *zone);

        zone->id = text_copy(id);
        zone->rules = rules;
        zone->epoch = epoch;
        zone->time = TIME_NONE;
        zone->subjects = map_new();
        zone->incidents = map_new();
        zone->pairs = map_new();
        zone->effects = map_new();
        zone->index = index_new(rules_set(rules));
        zone->over = index_new(rules_set(rules));
        zone->leaving = leaving_new();
        zone->words = mem_copy(rules_words(rules), sizeof *zone->words);
        zone->words->day = INT64_MIN;
        zone->context = context_new();
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
        index_free(zone->over);
        zone_warnings_clear(zone);
        context_free(zone->context);
        leaving_free(zone->leaving);
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

size_t zone_open(const Zone *zone)
{
        return zone->open_size;
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
