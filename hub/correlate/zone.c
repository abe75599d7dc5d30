#include "hub/correlate/zone_private.h"

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

static void index_leave(Zone *zone, Incident *incident)
{
        index_take(incident->is_over ? zone->over : zone->index, incident);
}

/* Nobody is compared with the text of the others again, unless newer ones leave; what they name stays. */
static void texts_keep(Zone *zone, const Incident *incident)
{
        const Member *linked[INCIDENT_LINKED_MOST];
        const size_t size = incident_linked(incident, linked);

        for (size_t i = 0; i < incident->members_size && incident->members_size > INCIDENT_LINKED_MOST; i++) {
                Member *member = incident->members[i];
                size_t at = 0;

                while (at < size && linked[at] != member)
                        at++;
                if (at == size && wording_forget(&member->wording))
                        changes_member(zone->changes, member);
        }
}

void zone_index(Zone *zone, Incident *incident)
{
        const bool over = incident_over(incident, zone->time);

        texts_keep(zone, incident);
        if (over != incident->is_over)
                index_leave(zone, incident);
        incident->is_over = over;
        if (over || incident_candidate(incident, zone->time)) {
                index_put(over ? zone->over : zone->index, incident);
                leaving_wait(zone->leaving, incident, over ? incident->kept_until : incident->candidate_until);
        } else {
                index_leave(zone, incident);
                leaving_go(zone->leaving, incident);
        }
}

void zone_passes(Zone *zone)
{
        for (Incident *incident; (incident = leaving_due(zone->leaving, zone->time));)
                zone_index(zone, incident);
}

static void incident_forget(Zone *zone, Incident *incident)
{
        index_leave(zone, incident);
        leaving_forget(zone->leaving, incident);
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
void zone_committed(Zone *zone)
{
        changes_clear(zone->changes);
        zone->words->passed = false;
        for (Incident *incident; (incident = leaving_gone(zone->leaving));)
                incident_forget(zone, incident);
}
