/* A zone's rows: what it goes on from after a restart, in another process, or when an old subject speaks again. */

#include "hub/zone/zone_private.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void zone_write(Buffer *out, const Zone *zone)
{
        buffer_format(out, "{\"number\":%" PRId64, zone->number);
        if (zone->time != TIME_NONE)
                buffer_format(out, ",\"time\":%" PRId64, zone->time);
        zone_warnings_write(out, zone);
        buffer_byte(out, '}');
}

bool zone_read(Zone *zone, const char *text, size_t size, Error *err)
{
        CLEANUP(json_drop) json_t *json = json_read_typed(text, size, err);

        if (!json)
                return error_add(err, "row of zone %s", zone->id);
        const json_t *time = json_object_get(json, "time");
        zone->time = time ? json_integer_value(time) : TIME_NONE;
        zone->number = json_integer_value(json_object_get(json, "number"));
        zone_warnings_read(zone, json_object_get(json, "warnings"));
        if (time)
                zone->words->day = words_day(zone->time);
        return true;
}

bool zone_load_incident(Zone *zone, const char *text, size_t size, Error *err)
{
        Incident *incident = incident_read(text, size, err);

        if (!incident)
                return false;
        if (map_get_text(zone->incidents, incident->id)) {
                incident_free(incident); /* two subjects that were wanted stand in it */
                return true;
        }
        map_put_text(zone->incidents, incident->id, incident);
        incident_list_add(&zone->loaded, incident);
        return true;
}

bool zone_load_member(Zone *zone, const char *incident_id, const char *text, size_t size, Error *err)
{
        Incident *incident = map_get_text(zone->incidents, incident_id);
        Member *member = member_read(text, size, zone->rules, err);

        if (!member)
                return false;
        if (!incident) {
                error_set(err, ERR_FATAL, NULL, "subject %s stands in incident %s, which is not there", member->subject,
                          incident_id);
                member_free(member);
                return false;
        }
        if (map_get_text(zone->subjects, member->subject)) {
                member_free(member);
                return true;
        }
        incident_add(incident, member);
        map_put_text(zone->subjects, member->subject, member);
        return true;
}

void zone_load_effect(Zone *zone, const char *command, const char *effect)
{
        free(map_take(zone->effects, command, strlen(command)));
        map_put_text(zone->effects, command, text_copy(effect));
}

static int64_t number_of(const Incident *incident)
{
        return incident->members_size > 0 ? incident->members[0]->number : 0;
}

/* In the order in which they came each enters the index without looking for its turn. */
static int older_first(const void *one, const void *other)
{
        const int64_t a = number_of(*(Incident *const *)one), b = number_of(*(Incident *const *)other);

        return (a > b) - (a < b);
}

void zone_load_end(Zone *zone)
{
        if (zone->loaded.size > 0)
                qsort(zone->loaded.items, zone->loaded.size, sizeof *zone->loaded.items, older_first);
        for (size_t i = 0; i < zone->loaded.size; i++) {
                incident_derive(zone->loaded.items[i]);
                zone_index(zone, zone->loaded.items[i]);
        }
        zone->loaded.size = 0;
}

bool zone_holds(const Zone *zone, const char *subject)
{
        return zone_present(zone, subject) != NULL;
}

void zone_wants(const Zone *zone, const EventValue *value, void (*want)(const char *subject, void *context),
                void *context)
{
        CLEANUP(buffer_free) Buffer subject = { 0 };

        if (value->kind == KIND_REPORT && !zone_holds(zone, value->event.subject))
                want(value->event.subject, context);
        if (value->kind == KIND_COMMAND && value->command.args_command)
                zone_undo_wants(zone, &value->command, want, context);
        for (size_t i = 0; value->kind == KIND_COMMAND && i < value->command.events_size; i++) {
                if (!map_get_text(zone->subjects, value->command.events[i]))
                        want(value->command.events[i], context); /* an episode's, or nobody's */
                subject_of(&subject, value->command.events[i]);
                if (!zone_holds(zone, subject.bytes))
                        want(subject.bytes, context);
        }
}
