/* Undo of a command, by what it noted of its effect (zone_effect.c): the pairs of that command go, and none is written. */

#include "hub/zone/order.h"

#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *json, const char *key)
{
        const char *text = json_string_value(key ? json_object_get(json, key) : json);

        return text ? text : "";
}

static Member *member_of(const Zone *zone, const json_t *json, const char *key)
{
        return map_get_text(zone->subjects, text_of(json, key));
}

/* The item's subject, while it still stands where the command put it. */
static Member *still_there(const Order *order, const json_t *item, const char *incident)
{
        Member *member = member_of(order->zone, item, "subject");

        return member && text_same(member->incident->id, incident) ? member : NULL;
}

/* The incident that was merged away: from memory or as it was noted, which is the same, for nothing changes a redirect. */
static Incident *redirect_take(Zone *zone, const json_t *json)
{
        Incident *incident = map_get_text(zone->incidents, text_of(json, "id"));
        char *text = incident ? NULL : json_dumps(json, JSON_COMPACT);
        Error err = { 0 };

        if (!incident && text) {
                incident = incident_read(text, strlen(text), &err);
                if (incident)
                        map_put_text(zone->incidents, incident->id, incident);
        }
        free(text);
        return incident;
}

static void revive(Order *order, const json_t *redirect, const json_t *moved, const char *survivor)
{
        Incident *incident = NULL;

        for (size_t i = 0; i < json_array_size(moved); i++) {
                const json_t *item = json_array_get(moved, i);
                Member *member = still_there(order, item, survivor);

                if (!member || !text_same(text_of(item, "from"), text_of(redirect, "id")))
                        continue;
                if (!incident)
                        incident = redirect_take(order->zone, redirect);
                if (!incident)
                        return;
                *incident->merged_into = '\0';
                order_move(order, member, incident);
        }
        if (incident)
                zone_settle(order->zone, incident, "split", order->command->id);
}

static bool undo_merge(Order *order, const json_t *effect)
{
        const json_t *moved = json_object_get(effect, "moved"), *redirects = json_object_get(effect, "redirects");
        const char *id = text_of(effect, "incident");
        Incident *survivor = NULL;
        size_t going = 0;

        for (size_t i = 0; i < json_array_size(moved); i++) {
                const Member *member = still_there(order, json_array_get(moved, i), id);

                if (member)
                        survivor = member->incident;
                going += member != NULL;
        }
        if (!survivor)
                return order_refuse(order, "none that it moved stands there any more: ", id);
        if (going == survivor->members_size)
                return order_refuse(order, "nothing would stay in ", id);
        order_moved_room(order, going);
        for (size_t i = 0; i < json_array_size(redirects); i++)
                revive(order, json_array_get(redirects, i), moved, id);
        zone_settle(order->zone, survivor, "split", order->command->id);
        order->out->incident = survivor;
        return true;
}

/* Did another command part the two? */
static bool parted_otherwise(const Order *order, const Incident *one, const Incident *other)
{
        for (size_t i = 0; i < one->members_size; i++)
                for (size_t j = 0; j < other->members_size; j++) {
                        const Pair *pair =
                                zone_pair_find(order->zone, one->members[i]->subject, other->members[j]->subject);

                        if (pair && text_same(pair->rule, "cannot") &&
                            !text_same(pair->command, order->command->args_command))
                                return true;
                }
        return false;
}

/* Later joiners go along: what remains of the incident is a redirect. */
static void absorb_back(Order *order, Incident *made, Incident *from)
{
        order_moved_room(order, made->members_size);
        while (made->members_size > 0)
                order_move(order, made->members[0], from);
        memcpy(made->merged_into, from->id, sizeof made->merged_into);
        made->suggested_size = from->suggested_size = 0;
        zone_settle(order->zone, made, "merged", order->command->id);
        zone_settle(order->zone, from, "merged", order->command->id);
        order->out->incident = from;
}

static bool undo_split(Order *order, const json_t *effect)
{
        const json_t *moved = json_object_get(effect, "moved"), *stayed = json_object_get(effect, "stayed");
        const char *id = text_of(effect, "incident"), *from_id = text_of(json_array_get(moved, 0), "from");
        Incident *made = NULL, *from = NULL;

        for (size_t i = 0; i < json_array_size(moved) && !made; i++) {
                const Member *member = still_there(order, json_array_get(moved, i), id);

                made = member ? member->incident : NULL;
        }
        for (size_t i = 0; i < json_array_size(stayed) && !from; i++) {
                const Member *member = member_of(order->zone, json_array_get(stayed, i), NULL);

                from = member && text_same(member->incident->id, from_id) ? member->incident : NULL;
        }
        if (!made)
                return order_refuse(order, "none that it moved stands there any more: ", id);
        if (!from)
                return order_refuse(order, "none that stayed stands there any more: ", from_id);
        if (parted_otherwise(order, made, from))
                return order_refuse(order, "was split by another command too: ", from_id);
        absorb_back(order, made, from);
        return true;
}

/* What a confirmation had settled is doubtful again. */
static void doubt_back(const Order *order, const json_t *doubted, const Incident *incident)
{
        for (size_t i = 0; i < json_array_size(doubted); i++) {
                Member *member = member_of(order->zone, json_array_get(doubted, i), NULL);

                if (!member || member->incident != incident)
                        continue;
                member->doubtful = true;
                changes_member(order->zone->changes, member);
        }
}

static void assigned_back(Incident *incident, const json_t *before)
{
        const json_t *at = json_object_get(before, "assigned_at");

        incident_assign(incident, json_string_value(json_object_get(before, "assigned")),
                        json_string_value(json_object_get(before, "assigned_by")),
                        at ? json_integer_value(at) : TIME_NONE);
}

static bool undo_told(Order *order, const json_t *effect)
{
        const json_t *named = json_object_get(effect, "named"), *before = json_object_get(effect, "before");
        Incident *incident = NULL;

        for (size_t i = 0; i < json_array_size(named) && !incident; i++) {
                const Member *member = member_of(order->zone, json_array_get(named, i), NULL);

                if (member && text_same(member->incident->told_by, order->command->args_command))
                        incident = member->incident;
        }
        if (!incident)
                return order_refuse(order, "something later was said of ", text_of(effect, "incident"));
        incident->closed_by_operator = json_integer_value(json_object_get(before, "closed_by_operator"));
        incident->reopened_by_operator = json_integer_value(json_object_get(before, "reopened_by_operator"));
        incident->told = state_find(json_string_value(json_object_get(before, "told")));
        free(incident->told_by);
        incident->told_by = text_copy(json_string_value(json_object_get(before, "told_by")));
        assigned_back(incident, before);
        doubt_back(order, json_object_get(effect, "doubted"), incident);
        zone_settle(order->zone, incident, "updated", order->command->id);
        order->out->incident = incident;
        return true;
}

/* Its pairs go, as those of every command that is undone; what was suggested is suggested again when one of them speaks. */
static bool undo_apart(Order *order, const json_t *effect)
{
        const Member *member = member_of(order->zone, json_array_get(json_object_get(effect, "named"), 0), NULL);

        if (!member)
                return order_refuse(order, "is not known any more: ", text_of(effect, "incident"));
        order->out->incident = member->incident;
        return true;
}

static bool undo_done(Order *order, const json_t *effect)
{
        static const struct {
                const char *verb;
                bool (*undo)(Order *order, const json_t *effect);
        } verbs[] = { { "merge", undo_merge }, { "split", undo_split }, { "apart", undo_apart } };

        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
                if (text_same(text_of(effect, "verb"), verbs[i].verb))
                        return verbs[i].undo(order, effect);
        return undo_told(order, effect);
}

bool order_undo(Order *order)
{
        const char *command = order->command->args_command;
        const char *text = command ? map_get_text(order->zone->effects, command) : NULL;
        Error err = { 0 };

        if (!text)
                return order_refuse(order, "no command that was done and can be undone: ", command ? command : "");
        CLEANUP(json_drop) json_t *effect = json_read_typed(text, strlen(text), &err);
        if (json_is_true(json_object_get(effect, "undone")))
                return order_refuse(order, "was undone already: ", command);
        if (!order_expected(order, map_get_text(order->zone->incidents, text_of(effect, "incident"))))
                return false;
        if (!undo_done(order, effect))
                return false;
        zone_pairs_revoke(order->zone, command);
        json_object_set_new(effect, "undone", json_true());
        effect_save(order->zone, command, effect);
        return true;
}

void zone_undo_wants(const Zone *zone, const Command *command, void (*want)(const char *subject, void *context),
                     void *context)
{
        static const char *const lists[] = { "moved", "stayed", "named" };
        const char *text = map_get_text(zone->effects, command->args_command);
        Error err = { 0 };
        CLEANUP(json_drop) json_t *effect = text ? json_read_typed(text, strlen(text), &err) : NULL;

        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
                const json_t *list = json_object_get(effect, lists[i]);

                for (size_t j = 0; j < json_array_size(list); j++) {
                        const json_t *item = json_array_get(list, j);
                        const char *subject = text_of(item, json_is_object(item) ? "subject" : NULL);

                        if (*subject && !zone_holds(zone, subject))
                                want(subject, context);
                }
        }
}
