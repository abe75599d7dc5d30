/* What registries say, as the zone's log brings it: which incidents it concerns, and what it adds to a report. */

#include "hub/zone/zone_private.h"

#include "hub/base/text.h"

#include <stdlib.h>

static int64_t wide_of(const Zone *zone)
{
        return rules_set(zone->rules)->wide_cm;
}

RegistryWord zone_context_word(const Zone *zone, const Member *member, const char **subject)
{
        *subject = NULL;
        if (!member->rule->registry[0] || context_size(zone->context) == 0 || !member_active(member))
                return REGISTRY_SILENT;
        return context_judge(zone->context, member->rule->registry, member, wide_of(zone), subject);
}

void zone_context_judge(const Zone *zone, Incident *incident)
{
        const char *subject = NULL;
        RegistryWord word = REGISTRY_SILENT;
        const size_t size = incident->members_size,
                     least = size > INCIDENT_LINKED_MOST ? size - INCIDENT_LINKED_MOST : 0;

        for (size_t i = incident->members_size; i > least && word == REGISTRY_SILENT; i--)
                word = zone_context_word(zone, incident->members[i - 1], &subject);
        incident->registry = word;
        if (text_same(incident->registry_subject, subject))
                return;
        free(incident->registry_subject);
        incident->registry_subject = text_copy(subject);
}

/* ---- a row of a registry ---- */

typedef struct {
        const Zone *zone;
        const ContextRow *row;
} Concern;

static bool is_concerned(const Incident *incident, const void *of)
{
        const Concern *concern = of;
        const ContextRow *row = concern->row;

        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];

                if (text_same(member->rule->registry, row->category) &&
                    (context_names(row, member->objects, member->objects_size) ||
                     context_beside(row, member, wide_of(concern->zone))))
                        return true;
        }
        return false;
}

/* Those that the row concerned before it changed, and those that it concerns now. */
static void concerned_add(Zone *zone, const ContextRow *row, IncidentList *list)
{
        zone_open_each(zone, is_concerned, &(Concern){ zone, row });
        for (size_t i = 0; i < zone->near.size; i++)
                incident_list_add(list, zone->near.items[i]);
}

/* Twice in the list, an incident shows nothing new the second time. */
static void concerned_show(Zone *zone, const IncidentList *list, const char *cause)
{
        for (size_t i = 0; i < list->size; i++)
                zone_show(zone, list->items[i], "updated", cause);
}

void zone_context_apply(Zone *zone, const Event *event)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        CLEANUP(incident_list_free) IncidentList concerned = { 0 };
        const ContextRow *row = context_find(zone->context, event->subject);

        if (!row && !rules_heed(zone->rules, event->category.code))
                return;
        if (row)
                concerned_add(zone, row, &concerned);
        row = context_take(zone->context, event, zone->time);
        if (!row)
                return;
        context_row_write(&text, row);
        changes_context(zone->changes, row->subject, text.bytes);
        concerned_add(zone, row, &concerned);
        concerned_show(zone, &concerned, event->id);
}

static void gone_note(const char *subject, void *of)
{
        changes_context(of, subject, NULL);
}

void zone_context_pass(Zone *zone, int64_t before)
{
        if (before != TIME_NONE && words_day(before) != words_day(zone->time))
                context_forget(zone->context, zone->time, gone_note, zone->changes);
}

bool zone_load_context(Zone *zone, const char *text, size_t size, Error *err)
{
        return context_row_read(zone->context, text, size, err);
}

/* ---- what it adds to a report ---- */

/* Of a permit that it is linked to it names the number: the row's first thing is its own. */
static void things_add(const Zone *zone, Event *event)
{
        for (size_t i = 0; i < event->links_size; i++) {
                const ContextRow *row = context_find(zone->context, event->links[i].subject);

                if (row && row->objects_size > 0)
                        event_add_object(event, row->objects[0].kind, row->objects[0].id);
        }
}

/* Told, not read from its words. */
static bool has_place(const Event *event)
{
        return event->position.method != POSITION_NONE && event->position.method != POSITION_GAZETTEER;
}

bool zone_context_complete(const Zone *zone, const Member *known, Event *event)
{
        const double degree = 1e7, cm = 100;

        if (context_size(zone->context) == 0)
                return false;
        things_add(zone, event);
        if (has_place(event) || (known && geo_known(known->point)))
                return false;
        const ContextRow *row = context_place(zone->context, event->objects, event->objects_size);
        if (!row)
                return false;
        event->position.method = POSITION_REGISTRY;
        event->position.lon = row->point.lon / degree;
        event->position.lat = row->point.lat / degree;
        event->position.accuracy_m = (double)row->accuracy_cm / cm;
        return true;
}
