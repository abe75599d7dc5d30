/* Operators' commands: they name events, each standing for its subject and for the incident that holds it when it is read. */

#include "hub/zone/order.h"

#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

bool order_refuse(Order *order, const char *format, const char *what)
{
        order->out->refusal = arena_format(order->zone->changes->arena, "%s%s", format, what);
        return false;
}

static bool named_find(Order *order)
{
        bool found = true;

        for (size_t i = 0; i < order->command->events_size && i < NAMED_MOST && found; i++) {
                Member *member = zone_named(order->zone, order->command->events[i]);

                if (member)
                        order->named[order->named_size++] = member;
                else
                        found = order_refuse(order, "unknown event ", order->command->events[i]);
        }
        return found && (order->named_size > 0 || order_refuse(order, "no event is named", ""));
}

/* What the operator saw is checked only while the rules are those under which he saw it. */
static bool expects(const Order *order)
{
        return order->command->expected_incident &&
               text_same(order->command->expected_rules, rules_version(order->zone->rules));
}

bool order_expected(Order *order, const Incident *incident)
{
        const Command *command = order->command;

        if (!expects(order))
                return true;
        if (!incident || !text_same(incident->id, command->expected_incident))
                return order_refuse(order, "stale: what is named stands no more in ", command->expected_incident);
        return incident->version == command->expected_version ||
               order_refuse(order, "stale: has changed since: ", incident->id);
}

static bool named_expected(Order *order)
{
        const Incident *seen = order->named[0]->incident;

        for (size_t i = 0; expects(order) && i < order->named_size; i++)
                if (text_same(order->named[i]->incident->id, order->command->expected_incident))
                        seen = order->named[i]->incident;
        return order_expected(order, seen);
}

void order_move(Order *order, Member *member, Incident *to)
{
        Zone *zone = order->zone;

        changes_end(zone->changes, member->subject, zone->time, false);
        incident_remove(member->incident, member);
        incident_add(to, member);
        member->scored = member->doubtful = false;
        zone_link(zone, member, member->last_event, order->command->id, DECISION_COMMAND, NULL, order->position);
        order->out->moved[order->out->moved_size++] = (Move){ member->subject, to->id };
}

void order_moved_room(Order *order, size_t size)
{
        order->out->moved = arena_take(order->zone->changes->arena, (size + 1) * sizeof(Move));
}

/* Is there a pair across the two that an operator parted? */
static bool parted(const Order *order, const Incident *one, const Incident *other)
{
        for (size_t i = 0; i < other->members_size; i++)
                if (zone_forbids(order->zone, other->members[i], one))
                        return true;
        return false;
}

static void absorb(Order *order, Incident *survivor, Incident *other)
{
        while (other->members_size > 0) {
                effect_moved(order, other->members[0]);
                order_move(order, other->members[0], survivor);
        }
        memcpy(other->merged_into, survivor->id, sizeof other->merged_into);
        other->suggested_size = 0;
        zone_settle(order->zone, other, "merged", order->command->id);
        effect_redirect(order, other);
}

static bool merge(Order *order)
{
        Incident *survivor = order->named[0]->incident;
        size_t moving = 0;

        for (size_t i = 1; i < order->named_size; i++) {
                const Incident *other = order->named[i]->incident;

                if (other == survivor)
                        continue;
                if (parted(order, survivor, other))
                        return order_refuse(order, "was split by an operator: ", other->id);
                moving += other->members_size;
        }
        if (moving == 0)
                return order_refuse(order, "the events stand in one incident already: ", survivor->id);
        order_moved_room(order, moving);
        for (size_t i = 1; i < order->named_size; i++) {
                if (order->named[i] != order->named[0])
                        zone_pair(order->zone, order->named[0]->subject, order->named[i]->subject, "must",
                                  order->command->id);
                if (order->named[i]->incident != survivor)
                        absorb(order, survivor, order->named[i]->incident);
        }
        survivor->suggested_size = 0;
        zone_settle(order->zone, survivor, "merged", order->command->id);
        order->out->incident = survivor;
        return true;
}

static bool leaves(const Order *order, const Member *member)
{
        for (size_t i = 0; i < order->named_size; i++)
                if (order->named[i] == member)
                        return true;
        return false;
}

static size_t staying(const Order *order, const Incident *incident)
{
        size_t count = 0;

        for (size_t i = 0; i < incident->members_size; i++)
                count += !leaves(order, incident->members[i]);
        return count;
}

static void part(Order *order, const Incident *stays)
{
        for (size_t i = 0; i < order->named_size; i++)
                for (size_t j = 0; j < stays->members_size; j++)
                        if (!leaves(order, stays->members[j]))
                                zone_pair(order->zone, order->named[i]->subject, stays->members[j]->subject, "cannot",
                                          order->command->id);
}

static bool split(Order *order)
{
        Incident *from = order->named[0]->incident;
        int64_t opened = order->named[0]->occurred;

        for (size_t i = 0; i < order->named_size; i++) {
                if (order->named[i]->incident != from)
                        return order_refuse(order,
                                            "the events stand in several incidents: ", order->named[i]->incident->id);
                opened = order->named[i]->occurred < opened ? order->named[i]->occurred : opened;
        }
        if (staying(order, from) == 0)
                return order_refuse(order, "nothing would stay in ", from->id);
        Incident *made = incident_new(order->zone->id, order->command->id, order->command->events[0], opened);
        map_put_text(order->zone->incidents, made->id, made);
        order_moved_room(order, order->named_size);
        part(order, from);
        for (size_t i = 0; i < from->members_size; i++)
                if (!leaves(order, from->members[i]))
                        effect_stayed(order, from->members[i]);
        for (size_t i = 0; i < order->named_size; i++)
                if (order->named[i]->incident == from) {
                        effect_moved(order, order->named[i]);
                        order_move(order, order->named[i], made);
                }
        zone_settle(order->zone, from, "split", order->command->id);
        zone_settle(order->zone, made, "split", order->command->id);
        order->out->incident = made;
        return true;
}

/* ---- apart ---- */

static bool suggestion_drop(Incident *incident, const Incident *other)
{
        for (size_t i = 0; i < incident->suggested_size; i++) {
                if (!text_same(incident->suggested[i].incident, other->id))
                        continue;
                incident->suggested_size--;
                memmove(incident->suggested + i, incident->suggested + i + 1,
                        (incident->suggested_size - i) * sizeof *incident->suggested);
                return true;
        }
        return false;
}

static void part_whole(const Order *order, const Incident *one, const Incident *other)
{
        for (size_t i = 0; i < one->members_size; i++)
                for (size_t j = 0; j < other->members_size; j++)
                        zone_pair(order->zone, one->members[i]->subject, other->members[j]->subject, "cannot",
                                  order->command->id);
}

/* Not the same problem, though they look alike: no suggestion, and no merge until it is undone. */
static bool apart(Order *order)
{
        Incident *one = order->named[0]->incident;

        for (size_t i = 1; i < order->named_size; i++)
                if (order->named[i]->incident == one)
                        return order_refuse(order, "the events stand in one incident: ", one->id);
        if (order->named_size < 2)
                return order_refuse(order, "wants an event of each of two incidents", "");
        for (size_t i = 1; i < order->named_size; i++) {
                Incident *other = order->named[i]->incident;

                part_whole(order, one, other);
                suggestion_drop(one, other);
                if (suggestion_drop(other, one))
                        zone_settle(order->zone, other, "updated", order->command->id);
        }
        effect_named(order);
        zone_settle(order->zone, one, "updated", order->command->id);
        order->out->incident = one;
        return true;
}

static bool obey(Order *order)
{
        static const struct {
                const char *verb;
                bool (*act)(Order *order);
        } verbs[] = { { "merge", merge },           { "split", split },         { "confirm", order_confirm },
                      { "reject", order_reject },   { "assign", order_assign }, { "dispatch", order_assign },
                      { "dispose", order_dispose }, { "verify", order_verify }, { "close", order_close },
                      { "reopen", order_reopen },   { "note", order_note },     { "apart", apart } };

        if (text_same(order->command->verb, "undo"))
                return (order->command->events_size == 0 || named_find(order)) && order_undo(order);
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
                if (text_same(order->command->verb, verbs[i].verb))
                        return named_find(order) && named_expected(order) && verbs[i].act(order);
        return order_refuse(order, "this verb is not known here: ", order->command->verb);
}

void zone_command(Zone *zone, const Command *command, LogPosition position, ZoneDecision *out)
{
        Order order = { .zone = zone, .command = command, .position = position, .out = out };
        CommandChange *change;

        out->kind = DECISION_COMMAND;
        order.effect = json_object();
        if (obey(&order))
                effect_keep(&order);
        json_decref(order.effect);
        change = changes_command(zone->changes);
        *change = (CommandChange){ .reason = out->refusal,
                                   .incident = out->incident ? out->incident->id : NULL,
                                   .at = command->at,
                                   .position = position };
        change->id = changes_text(zone->changes, command->id);
        change->verb = changes_text(zone->changes, command->verb);
        change->by = changes_text(zone->changes, command->by);
        change->note = changes_text(zone->changes, command->note);
        change->args = changes_text(zone->changes, command->args);
}
