/* The log of a zone, entry by entry: identity, newcomers, revisions. */

#include "hub/zone/zone_private.h"

#include "hub/base/text.h"
#include "hub/event/believe.h"

#include <stdlib.h>
#include <string.h>

static int64_t time_of(const EventValue *value)
{
        if (value->kind == KIND_TICK)
                return value->tick.at;
        if (value->kind == KIND_COMMAND)
                return value->command.at;
        const int64_t occurred = value->event.time.occurred, received = value->event.time.received;
        return occurred != TIME_NONE && occurred < received ? occurred : received;
}

static void choose(Zone *zone, const Member *newcomer, Choice *choice)
{
        const bool bounded = index_ask(zone->index, newcomer, &zone->near);

        if (zone->teacher.choose) {
                choice->join = zone->teacher.choose(zone->teacher.context, newcomer, zone->near.items, zone->near.size);
                choice->score.against = choice->join ? choice->join->founding : NULL;
                return;
        }
        decide(rules_set(zone->rules), newcomer, zone->near.items, zone->near.size, zone_forbids, zone, choice);
        choice->beyond_bound += bounded;
}

/* What would have joined an incident that is over repeats it. */
static void recurrence_note(Zone *zone, const Member *newcomer, Incident *made)
{
        if (zone->teacher.choose || !member_active(newcomer))
                return;
        index_ask(zone->over, newcomer, &zone->near);
        const Incident *before = decide_recurrence(rules_set(zone->rules), newcomer, zone->near.items, zone->near.size,
                                                   zone_forbids, zone);
        if (before)
                memcpy(made->recurrence_of, before->id, sizeof made->recurrence_of);
}

static void newcomer_place(Zone *zone, Member *member, const Event *event, LogPosition position, ZoneDecision *out)
{
        Incident *incident = out->choice.join;

        if (!incident) {
                incident = incident_new(zone->id, event->id, NULL, event->time.occurred);
                map_put_text(zone->incidents, incident->id, incident);
                incident->suggested_size = out->choice.suggested_size;
                memcpy(incident->suggested, out->choice.suggested, sizeof incident->suggested);
                recurrence_note(zone, member, incident);
        } else {
                member->scored = true;
                member->score = out->choice.score.mean.total;
        }
        out->kind = out->choice.join ? DECISION_JOIN : DECISION_NEW;
        out->incident = incident;
        incident_add(incident, member);
        map_put_text(zone->subjects, member->subject, member);
        zone_link(zone, member, event->id, "rules", out->kind, &out->choice, position);
        zone_settle(zone, incident, "joined", event->id);
}

static void newcomer_apply(Zone *zone, const Event *event, bool placed, LogPosition position, ZoneDecision *out)
{
        Member *member = member_new(event, zone->rules, zone->words);
        const char *registry;

        member->number = ++zone->number;
        if (member_active(member))
                choose(zone, member, &out->choice);
        out->choice.registry = zone_context_word(zone, member, &registry);
        out->choice.placed = placed;
        newcomer_place(zone, member, event, position, out);
}

/* Has the revision left the place or the kind of its incident? Then the link is doubtful and twins are looked for anew. */
static void doubt(Zone *zone, Member *member, GeoPoint before)
{
        Incident *incident = member->incident;
        const Member *founding = incident->founding;
        const bool kind_left = member != founding && !text_same(member->category, founding->category) &&
                               !(member->group && text_same(member->group, founding->group));
        const bool place_left =
                incident->members_size > 1 && (member->point.lon != before.lon || member->point.lat != before.lat) &&
                incident_spans(incident, member->point, founding->rule->diameter_cm + member->accuracy_cm);
        Choice choice = { 0 };

        if (!member_active(member) || zone->teacher.choose || (!kind_left && !place_left))
                return;
        if (!member->doubtful) {
                changes_end(zone->changes, member->subject, zone->time, true);
                member->doubtful = true;
        }
        choose(zone, member, &choice);
        incident->suggested_size = 0;
        if (choice.join) {
                memcpy(incident->suggested[0].incident, choice.join->id, INCIDENT_ID_SIZE);
                incident->suggested[incident->suggested_size++].score = choice.score.mean.total;
        }
        for (size_t i = 0; i < choice.refused_size && incident->suggested_size < INCIDENT_SUGGESTED_MOST; i++)
                if (choice.refused[i].score >= rules_set(zone->rules)->suggest)
                        incident->suggested[incident->suggested_size++] = choice.refused[i];
}

/* A time that was stored before times were doubted: what lies ahead of everything so far cannot be. */
static void updated_doubt(const Zone *zone, Member *member, const Event *event)
{
        const int64_t now = event->time.received > zone->time ? event->time.received : zone->time;

        if (member->updated > now + BELIEVE_AHEAD_MS)
                member->updated = TIME_NONE;
}

static void revision_apply(Zone *zone, Member *member, const Event *event, ZoneDecision *out)
{
        Incident *incident = member->incident;

        out->kind = DECISION_UPDATE;
        out->incident = incident;
        if (event->time.updated != TIME_NONE && event->time.updated < member->updated)
                return;
        const bool was_closed = !member_open(member);
        const GeoPoint before = member->point;
        member_revise(member, event, zone->rules, zone->words);
        if (member_open(member) && (was_closed || event->status.reopened)) {
                if (incident->closed_by_operator != TIME_NONE || incident->told == STATE_REJECTED) {
                        free(incident->told_by);
                        incident->told_by = NULL;
                }
                incident->closed_by_operator = TIME_NONE;
                incident->told = incident->told == STATE_REJECTED ? STATE_NONE : incident->told;
        }
        changes_member(zone->changes, member);
        doubt(zone, member, before);
        zone_settle(zone, incident, "updated", event->id);
}

static void first_apply(Zone *zone, const Event *event, bool placed, LogPosition position, ZoneDecision *out)
{
        newcomer_apply(zone, event, placed, position, out);
        words_count(zone->words, event->title, event->description);
        changes_counted(zone->changes, event->title, event->description, position.offset);
}

static void episode_apply(Zone *zone, const Event *event, bool placed, LogPosition position, ZoneDecision *out)
{
        Event again = *event;

        again.subject = event->id;
        newcomer_apply(zone, &again, placed, position, out);
        zone_episode_begin(zone, event->subject, again.subject);
}

static void report_apply(Zone *zone, Event *event, LogPosition position, ZoneDecision *out)
{
        Member *member = zone_present(zone, event->subject);
        bool again, placed;

        if (member)
                updated_doubt(zone, member, event);
        again = member && zone_episode_begins(member, event);
        placed = zone_context_complete(zone, again ? NULL : member, event);
        if (again)
                episode_apply(zone, event, placed, position, out);
        else if (member)
                revision_apply(zone, member, event, out);
        else
                first_apply(zone, event, placed, position, out);
        out->member = zone_present(zone, event->subject);
}

static void event_apply(Zone *zone, const Event *told, LogPosition position, ZoneDecision *out)
{
        Event event = *told;

        event_believe(&event);
        if (event.kind == KIND_WARNING)
                zone_warning_apply(zone, &event);
        else if (event.kind == KIND_REGISTRY)
                zone_context_apply(zone, &event);
        else
                report_apply(zone, &event, position, out);
}

void zone_apply(Zone *zone, const EventValue *value, LogPosition position, bool duplicate, ZoneDecision *out)
{
        const int64_t time = time_of(value), before = zone->time;

        memset(out, 0, sizeof *out);
        out->kind = duplicate ? DECISION_DUPLICATE : DECISION_IGNORE;
        if (duplicate)
                return;
        if (zone->time == TIME_NONE || time > zone->time)
                zone->time = time;
        zone_passes(zone);
        words_time(zone->words, zone->time, position.offset);
        zone_context_pass(zone, before);
        if (value->kind == KIND_COMMAND)
                zone_command(zone, &value->command, position, out);
        if (value->kind == KIND_WARNING || value->kind == KIND_REPORT || value->kind == KIND_REGISTRY)
                event_apply(zone, &value->event, position, out);
}
