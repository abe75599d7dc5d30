#include "hub/correlate/zone_private.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/correlate/version.h"

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
        zone->index = index_new(rules_set(rules));
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
        map_free(zone->pairs, NULL);
        index_free(zone->index);
        incident_list_free(&zone->near);
        incident_list_free(&zone->loaded);
        buffer_free(&zone->text);
        buffer_free(&zone->body);
        changes_free(zone->changes);
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

void subject_of(Buffer *out, const char *event)
{
        const char *last = strrchr(event, ':');

        buffer_clear(out);
        buffer_add(out, event, last ? (size_t)(last - event) : strlen(event));
}

static int64_t time_of(const EventValue *value)
{
        if (value->kind == KIND_TICK)
                return value->tick.at;
        if (value->kind == KIND_COMMAND)
                return value->command.at;
        const int64_t occurred = value->event.time.occurred, received = value->event.time.received;
        return occurred != TIME_NONE && occurred < received ? occurred : received;
}

static void version_make(Zone *zone, Incident *incident, const char *change, const char *cause)
{
        VersionChange *version = changes_version(zone->changes);

        incident->version++;
        buffer_clear(&zone->text);
        version_write(&zone->text, incident, zone->epoch, change, zone->time, &zone->body, rules_version(zone->rules));
        *version = (VersionChange){ .incident = incident->id,
                                    .change = change,
                                    .before = incident->shown_state,
                                    .after = incident->state,
                                    .version = incident->version,
                                    .at = zone->time };
        version->payload = arena_copy(zone->changes->arena, zone->text.bytes, zone->text.size);
        version->cause = arena_copy(zone->changes->arena, cause, strlen(cause));
        incident->shown_state = incident->state;
}

/* What the change did to the state has the last word over what the cause was. */
static const char *change_name(const Incident *incident, const char *change)
{
        const EventState before = incident->shown_state;

        if (text_same(change, "merged") || text_same(change, "split"))
                return change;
        if (before == STATE_NONE)
                return "opened";
        if (incident->state == STATE_VOID)
                return "cancelled";
        if (incident->state == STATE_CLOSED && before != STATE_CLOSED)
                return "closed";
        if (incident->state != STATE_CLOSED && (before == STATE_CLOSED || before == STATE_VOID))
                return "reopened";
        return change;
}

void zone_settle(Zone *zone, Incident *incident, const char *change, const char *cause)
{
        incident->touched = zone->time;
        incident_derive(incident);
        index_put(zone->index, incident);
        changes_incident(zone->changes, incident);
        if (incident->state == STATE_VOID && incident->shown_state == STATE_NONE)
                return; /* nobody ever saw it */
        buffer_clear(&zone->body);
        version_body_write(&zone->body, zone->id, incident);
        const uint64_t shown = hash64(zone->body.bytes, zone->body.size);
        if (shown == incident->shown && incident->version > 0)
                return;
        incident->shown = shown;
        version_make(zone, incident, change_name(incident, change), cause);
}

static const char *suggestions_write(Zone *zone, const Suggestion *list, size_t size)
{
        buffer_clear(&zone->text);
        buffer_byte(&zone->text, '[');
        for (size_t i = 0; i < size; i++)
                buffer_format(&zone->text, "%s{\"incident\":\"%s\",\"score\":%d}", i ? "," : "", list[i].incident,
                              list[i].score);
        buffer_byte(&zone->text, ']');
        return arena_copy(zone->changes->arena, zone->text.bytes, zone->text.size);
}

static const char *reasons_write(Zone *zone, const Choice *choice)
{
        if (!choice || !choice->join)
                return "[]";
        buffer_clear(&zone->text);
        score_write(&zone->text, &choice->score.mean);
        return arena_copy(zone->changes->arena, zone->text.bytes, zone->text.size);
}

static const char *kept(Zone *zone, const char *text)
{
        return text ? arena_copy(zone->changes->arena, text, strlen(text)) : NULL;
}

void zone_link(Zone *zone, Member *member, const char *event, const char *by, DecisionKind kind, const Choice *choice,
               LogPosition position)
{
        LinkChange *link = changes_link(zone->changes);

        *link = (LinkChange){ .subject = member->subject,
                              .incident = member->incident->id,
                              .position = position,
                              .at = zone->time,
                              .score = member->score,
                              .scored = member->scored };
        link->event = kept(zone, event);
        link->by = kept(zone, by);
        link->decision = kind == DECISION_JOIN ? "join" : kind == DECISION_NEW ? "new" : "command";
        link->against = choice && choice->join ? kept(zone, choice->score.against->last_event) : NULL;
        link->reasons = reasons_write(zone, choice);
        link->refused = choice ? suggestions_write(zone, choice->refused, choice->refused_size) : "[]";
        changes_member(zone->changes, member);
}

static void choose(Zone *zone, const Member *newcomer, Choice *choice)
{
        index_ask(zone->index, newcomer, &zone->near);
        decide(rules_set(zone->rules), newcomer, zone->near.items, zone->near.size, zone->time, zone_forbids, zone,
               choice);
}

static void newcomer_place(Zone *zone, Member *member, const Event *event, LogPosition position, ZoneDecision *out)
{
        Incident *incident = out->choice.join;

        if (!incident) {
                incident = incident_new(zone->id, event->id, NULL, event->time.occurred);
                map_put_text(zone->incidents, incident->id, incident);
                incident->suggested_size = out->choice.suggested_size;
                memcpy(incident->suggested, out->choice.suggested, sizeof incident->suggested);
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

static void newcomer_apply(Zone *zone, const Event *event, LogPosition position, ZoneDecision *out)
{
        Member *member = member_new(event, zone->rules);

        member->number = ++zone->number;
        if (member_active(member))
                choose(zone, member, &out->choice);
        newcomer_place(zone, member, event, position, out);
}

/* Has the revision left the place or the kind of its incident? Then the link is doubtful and twins are looked for anew. */
static void doubt(Zone *zone, Member *member)
{
        Incident *incident = member->incident;
        const Member *founding = incident->founding;
        const bool kind_left = member != founding && !text_same(member->category, founding->category) &&
                               !(member->group && text_same(member->group, founding->group));
        const bool place_left =
                incident->members_size > 1 &&
                incident_spans(incident, member->point, founding->rule->diameter_cm + member->accuracy_cm);
        Choice choice;

        if (!member_active(member) || (!kind_left && !place_left))
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

static void revision_apply(Zone *zone, Member *member, const Event *event, ZoneDecision *out)
{
        Incident *incident = member->incident;
        const bool older = event->time.updated != TIME_NONE && member->updated != TIME_NONE &&
                           event->time.updated < member->updated;
        const int64_t updated = member->updated;

        out->kind = DECISION_UPDATE;
        out->incident = incident;
        if (older)
                return;
        const bool was_closed = !member_open(member);
        member_revise(member, event, zone->rules);
        if (member->updated == TIME_NONE)
                member->updated = updated;
        if (member_open(member) && (was_closed || event->status.reopened))
                incident->closed_by_operator = TIME_NONE;
        changes_member(zone->changes, member);
        doubt(zone, member);
        zone_settle(zone, incident, "updated", event->id);
}

void zone_apply(Zone *zone, const EventValue *value, LogPosition position, bool duplicate, ZoneDecision *out)
{
        const int64_t time = time_of(value);

        memset(out, 0, sizeof *out);
        out->kind = duplicate ? DECISION_DUPLICATE : DECISION_IGNORE;
        if (duplicate)
                return;
        if (zone->time == TIME_NONE || time > zone->time)
                zone->time = time;
        if (value->kind == KIND_COMMAND)
                zone_command(zone, &value->command, position, out);
        if (value->kind != KIND_REPORT)
                return;
        Member *member = map_get_text(zone->subjects, value->event.subject);
        if (member)
                revision_apply(zone, member, &value->event, out);
        else
                newcomer_apply(zone, &value->event, position, out);
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

/* An incident leaves memory when no new report can join it; its subjects are fetched when they speak again. */
static bool incident_leaves(const void *key, size_t size, void *value, void *context)
{
        Zone *zone = context;

        (void)key;
        (void)size;
        if (!incident_candidate(value, zone->time))
                incident_forget(zone, value);
        return true;
}

void zone_committed(Zone *zone)
{
        changes_clear(zone->changes);
        if (zone->swept != TIME_NONE && zone->time < zone->swept + SWEEP_MS)
                return;
        zone->swept = zone->time;
        map_each(zone->incidents, incident_leaves, zone);
}
