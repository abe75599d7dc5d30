/* What a zone keeps in memory, in which index an incident stands, and when it leaves. */

#include "hub/zone/zone_private.h"

#include <stdlib.h>
#include <string.h>

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

static Index *index_of(Zone *zone, IncidentStand stand)
{
        return stand == STAND_OPEN ? zone->index : stand == STAND_OVER ? zone->over : NULL;
}

/* From one index to the other, or to neither. */
static void stand_change(Zone *zone, Incident *incident, IncidentStand stand)
{
        Index *before = index_of(zone, incident->stand);

        if (stand == incident->stand)
                return;
        if (before)
                index_take(before, incident);
        zone->open_size += (size_t)(stand == STAND_OPEN) - (size_t)(incident->stand == STAND_OPEN);
        incident->stand = stand;
}

void zone_index(Zone *zone, Incident *incident)
{
        const bool open = incident_candidate(incident, zone->time), over = incident_over(incident, zone->time);

        texts_keep(zone, incident);
        stand_change(zone, incident, open ? STAND_OPEN : over ? STAND_OVER : STAND_NOWHERE);
        if (open || over) {
                index_put(index_of(zone, incident->stand), incident);
                leaving_wait(zone->leaving, incident, over ? incident->kept_until : incident->candidate_until);
        } else {
                leaving_go(zone->leaving, incident);
        }
}

void zone_passes(Zone *zone)
{
        for (Incident *incident; (incident = leaving_due(zone->leaving, zone->time));)
                zone_index(zone, incident);
}

typedef struct {
        Zone *zone;
        bool (*wanted)(const Incident *incident, const void *of);
        const void *of;
} Looking;

static bool open_add(const void *key, size_t size, void *value, void *context)
{
        const Looking *looking = context;
        const int64_t time = looking->zone->time;
        Incident *incident = value;

        (void)key;
        (void)size;
        if ((incident_candidate(incident, time) || incident_over(incident, time)) && incident->closed == TIME_NONE &&
            looking->wanted(incident, looking->of))
                incident_list_add(&looking->zone->near, incident);
        return true;
}

static int by_id(const void *one, const void *other)
{
        return strcmp((*(Incident *const *)one)->id, (*(Incident *const *)other)->id);
}

void zone_open_each(Zone *zone, bool (*wanted)(const Incident *incident, const void *of), const void *of)
{
        zone->near.size = 0;
        map_each(zone->incidents, open_add, &(Looking){ zone, wanted, of });
        if (zone->near.size > 1)
                qsort(zone->near.items, zone->near.size, sizeof *zone->near.items, by_id);
}

static void incident_forget(Zone *zone, Incident *incident)
{
        stand_change(zone, incident, STAND_NOWHERE);
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

bool zone_forgets_changes(const Zone *zone)
{
        const Changes *changes = zone->changes;
        bool forgets = false;

        for (size_t i = 0; i < changes->incidents_size; i++)
                forgets = forgets || changes->incidents[i]->gone;
        for (size_t i = 0; i < changes->members_size; i++)
                forgets = forgets || changes->members[i]->incident->gone;
        return forgets;
}

/* An incident leaves memory when no new report can join it or repeat it; its subjects are fetched when they speak again. */
void zone_committed(Zone *zone)
{
        changes_clear(zone->changes);
        zone->words->passed = false;
        for (Incident *incident; (incident = leaving_gone(zone->leaving));)
                incident_forget(zone, incident);
}
