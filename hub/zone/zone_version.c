/* What a zone tells: incident versions for the outbox, links with their reasons. */

#include "hub/zone/zone_private.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"
#include "hub/incident/version.h"

#include <string.h>

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
        version->cause = changes_text(zone->changes, cause);
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
        if (incident->state == STATE_VOID || (incident->state == STATE_REJECTED && before != STATE_REJECTED))
                return "cancelled";
        if (incident->state == STATE_CLOSED && before != STATE_CLOSED)
                return "closed";
        if (incident->closed == TIME_NONE &&
            (before == STATE_CLOSED || before == STATE_VOID || before == STATE_REJECTED))
                return "reopened";
        return change;
}

void zone_settle(Zone *zone, Incident *incident, const char *change, const char *cause)
{
        incident->touched = zone->time;
        zone_show(zone, incident, change, cause);
}

void zone_show(Zone *zone, Incident *incident, const char *change, const char *cause)
{
        incident->warned = zone_warned(zone);
        zone_context_judge(zone, incident);
        incident_derive(incident);
        zone_index(zone, incident);
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

/* i-...:-1200;... : the views of dw unfold it. */
static const char *refused_write(Zone *zone, const Suggestion *list, size_t size)
{
        buffer_clear(&zone->text);
        for (size_t i = 0; i < size; i++) {
                buffer_text(&zone->text, i ? ";" : "");
                buffer_text(&zone->text, list[i].incident);
                buffer_byte(&zone->text, ':');
                buffer_integer(&zone->text, list[i].score);
        }
        return changes_text(zone->changes, size ? zone->text.bytes : "");
}

/* Of a join; and of a new incident, against the likeliest one that it did not join. */
static const char *reasons_write(Zone *zone, const Choice *choice)
{
        if (!choice)
                return "";
        choice_reasons_write_short(&zone->text, choice);
        return changes_text(zone->changes, zone->text.bytes);
}

void zone_link(Zone *zone, Member *member, const char *event, const char *by, DecisionKind kind, const Choice *choice,
               LogPosition position)
{
        const bool compared = choice && choice->compared;
        LinkChange *link = changes_link(zone->changes);

        *link = (LinkChange){ .subject = member->subject,
                              .incident = member->incident->id,
                              .position = position,
                              .at = zone->time,
                              .score = compared ? choice->score.mean.total : 0,
                              .scored = compared };
        link->event = changes_text(zone->changes, event);
        link->by = changes_text(zone->changes, by);
        link->decision = kind == DECISION_JOIN ? "join" : kind == DECISION_NEW ? "new" : "command";
        link->against = compared ? changes_text(zone->changes, choice->score.against->last_event) : NULL;
        link->reasons = reasons_write(zone, choice);
        link->refused = choice ? refused_write(zone, choice->refused, choice->refused_size) : "";
        changes_member(zone->changes, member);
}
