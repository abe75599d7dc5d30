/* What a command changed, noted while it is obeyed, for its undo. */

#include "hub/zone/order.h"

#include <stdlib.h>
#include <string.h>

static void list_add(Order *order, const char *key, json_t *item)
{
        json_t *list = json_object_get(order->effect, key);

        if (!list) {
                list = json_array();
                json_object_set_new(order->effect, key, list);
        }
        json_array_append_new(list, item);
}

void effect_moved(Order *order, const Member *member)
{
        list_add(order, "moved", json_pack("{s:s,s:s}", "subject", member->subject, "from", member->incident->id));
}

void effect_stayed(Order *order, const Member *member)
{
        list_add(order, "stayed", json_string(member->subject));
}

void effect_doubted(Order *order, const Member *member)
{
        list_add(order, "doubted", json_string(member->subject));
}

/* Whole: without members it cannot be fetched by a subject. */
void effect_redirect(Order *order, const Incident *incident)
{
        CLEANUP(buffer_free) Buffer text = { 0 };
        Error err = { 0 };

        incident_write(&text, incident);
        list_add(order, "redirects", json_read_typed(text.bytes, text.size, &err));
}

void effect_named(Order *order)
{
        for (size_t i = 0; i < order->named_size; i++)
                list_add(order, "named", json_string(order->named[i]->subject));
}

void effect_before(Order *order, const Incident *incident)
{
        effect_named(order);
        json_t *before = json_pack("{s:I,s:I}", "closed_by_operator", (json_int_t)incident->closed_by_operator,
                                   "reopened_by_operator", (json_int_t)incident->reopened_by_operator);
        if (incident->told != STATE_NONE)
                json_object_set_new(before, "told", json_string(state_name(incident->told)));
        if (incident->told_by)
                json_object_set_new(before, "told_by", json_string(incident->told_by));
        if (incident->assigned)
                json_object_set_new(before, "assigned", json_string(incident->assigned));
        if (incident->assigned_by)
                json_object_set_new(before, "assigned_by", json_string(incident->assigned_by));
        if (incident->assigned_at != TIME_NONE)
                json_object_set_new(before, "assigned_at", json_integer(incident->assigned_at));
        json_object_set_new(order->effect, "before", before);
}

void effect_save(Zone *zone, const char *command, const json_t *effect)
{
        char *text = json_dumps(effect, JSON_COMPACT);
        EffectChange *change = changes_effect(zone->changes);

        zone_load_effect(zone, command, text);
        change->command = arena_copy(zone->changes->arena, command, strlen(command));
        change->effect = arena_copy(zone->changes->arena, text, strlen(text));
        free(text);
}

void effect_keep(Order *order)
{
        if (json_object_size(order->effect) == 0)
                return;
        json_object_set_new(order->effect, "verb", json_string(order->command->verb));
        json_object_set_new(order->effect, "incident", json_string(order->out->incident->id));
        effect_save(order->zone, order->command->id, order->effect);
}
