/* What follows from an incident's members: place, state, severity, deadline, and how long reports may join it. */

#include "hub/incident/incident.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>

static void bounds_add(GeoPoint *least, GeoPoint *most, GeoPoint point)
{
        if (!geo_known(point))
                return;
        if (!geo_known(*least)) {
                *least = *most = point;
                return;
        }
        least->lon = point.lon < least->lon ? point.lon : least->lon;
        least->lat = point.lat < least->lat ? point.lat : least->lat;
        most->lon = point.lon > most->lon ? point.lon : most->lon;
        most->lat = point.lat > most->lat ? point.lat : most->lat;
}

/*
 * The place: the position of the most accurate active member, the earlier on a tie, and a radius that holds the others. What only words
 * say bounds nothing.
 */
static void place_derive(Incident *incident)
{
        const Member *best = NULL;

        incident->least = incident->most = incident->point = (GeoPoint){ GEO_NONE, GEO_NONE };
        incident->radius_cm = 0;
        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];

                if (!member_active(member) || !geo_known(member->point))
                        continue;
                if (!member->worded)
                        bounds_add(&incident->least, &incident->most, member->point);
                if (!best || member->accuracy_cm < best->accuracy_cm)
                        best = member;
        }
        if (!best)
                return;
        incident->point = best->point;
        incident->radius_cm = best->accuracy_cm;
        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];

                if (member_active(member) && geo_known(member->point) && (!member->worded || best->worded)) {
                        const int64_t reach = geo_distance_cm(incident->point, member->point);

                        incident->radius_cm = reach > incident->radius_cm ? reach : incident->radius_cm;
                }
        }
}

static int64_t earlier(int64_t one, int64_t other)
{
        if (one == TIME_NONE || other == TIME_NONE)
                return one == TIME_NONE ? other : one;
        return one < other ? one : other;
}

/* How far an open case is on its way; suspended counts least, so that it shows only when every open member is. */
static int progress(EventState state)
{
        return state == STATE_SUSPENDED ? 0 : (int)state;
}

static EventState further(EventState one, EventState other)
{
        return one == STATE_NONE || (other != STATE_NONE && progress(other) > progress(one)) ? other : one;
}

/* What the active members say: how far those that are open are, and when those that are not were closed. */
typedef struct {
        EventState open;       /* STATE_NONE: none is open */
        int64_t last;          /* of the closings, whatever their outcome */
        int64_t crew, sensors; /* the first real one by people, the last one by a sensor */
} Word;

static void word_add(Word *word, const Member *member, int64_t reopened)
{
        if (member_open(member))
                word->open = further(word->open, member->state);
        else if (member->closed > word->last)
                word->last = member->closed;
        if (!member_settled(member) || member->closed <= reopened)
                return;
        if (!member->sensor)
                word->crew = earlier(word->crew, member->closed);
        else if (member->closed > word->sensors)
                word->sensors = member->closed;
}

/*
 * An incident is closed when each active member is, at the last of the closings, or when an operator says so. Reports join it
 * up to the first real closing by people; a sensor that lost sight of it keeps nobody out while somebody holds it open. What an
 * operator reopened counts as open until a later closing; what he said of its progress counts as a member's word.
 */
static void state_derive(Incident *incident)
{
        const int64_t reopened = incident->reopened_by_operator;
        Word word = { STATE_NONE, TIME_NONE, incident->closed_by_operator, TIME_NONE };

        for (size_t i = 0; i < incident->members_size; i++)
                if (member_active(incident->members[i]))
                        word_add(&word, incident->members[i], reopened);
        if (word.open == STATE_NONE && reopened != TIME_NONE && word.last <= reopened)
                word.open = STATE_RECEIVED;
        const bool held = word.open != STATE_NONE;
        incident->shut = held ? word.crew : earlier(word.crew, word.sensors);
        incident->closed = earlier(incident->closed_by_operator, held ? TIME_NONE : word.last);
        incident->state = incident->closed == TIME_NONE ? further(word.open, incident->told)
                          : incident->told == STATE_REJECTED && incident->shut != TIME_NONE ? STATE_REJECTED
                                                                                            : STATE_CLOSED;
}

static void members_derive(Incident *incident)
{
        incident->founding = incident->members_size ? incident->members[0] : NULL;
        incident->reports = 0;
        incident->updated = incident->opened;
        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];
                const int64_t told = member->updated != TIME_NONE ? member->updated : member->occurred;

                incident->updated = told > incident->updated ? told : incident->updated;
                if (member_active(member) && incident->reports++ == 0)
                        incident->founding = member;
        }
}

/*
 * The gravest of its reports; a step above for each of: so many platforms, so many reports, a warning in force, a permit that ran
 * out; a step below where what it reports is permitted. Critical is a platform's own word.
 */
static void severity_derive(Incident *incident)
{
        const CategoryRules *rule = incident->founding->rule;
        const char *platforms[INCIDENT_PLATFORMS_MOST];
        int severity = SEVERITY_INFO, raised;

        for (size_t i = 0; i < incident->members_size; i++)
                if (member_active(incident->members[i]) && (int)incident->members[i]->severity > severity)
                        severity = (int)incident->members[i]->severity;
        raised = severity + (rule->raise_reports > 0 && (int64_t)incident->reports >= rule->raise_reports) +
                 (rule->raise_platforms > 0 &&
                  (int64_t)incident_platforms(incident, platforms) >= rule->raise_platforms) +
                 (incident->warned && rule->raise_warned) + (incident->registry == REGISTRY_LAPSED);
        raised = raised < SEVERITY_HIGH ? raised : SEVERITY_HIGH;
        severity = raised > severity ? raised : severity;
        if (incident->registry == REGISTRY_IN_FORCE && severity > SEVERITY_INFO && severity < SEVERITY_CRITICAL)
                severity--;
        incident->severity = (EventSeverity)severity;
}

/* The earliest that an open report brings, once none is open that any brought; without one the category's. */
static void deadline_derive(Incident *incident)
{
        int64_t open = TIME_NONE, any = TIME_NONE;

        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];

                if (!member_active(member))
                        continue;
                any = earlier(any, member->deadline);
                if (member_open(member))
                        open = earlier(open, member->deadline);
        }
        incident->deadline = open != TIME_NONE ? open : any;
        if (incident->deadline == TIME_NONE)
                incident->deadline = rules_deadline(incident->founding->rule, incident->opened);
}

static void text_keep(char **kept, const char *text)
{
        if (text_same(*kept, text))
                return;
        free(*kept);
        *kept = text_copy(text);
}

static void founding_keep(Incident *incident)
{
        const Member *founding = incident->founding;

        if (!founding)
                return;
        text_keep(&incident->category, founding->category);
        text_keep(&incident->category_name, founding->category_name);
        text_keep(&incident->title, founding->title);
        text_keep(&incident->founding_event, founding->first_event);
}

/* How long it is kept in mind: as a candidate, and once it is shut for what may recur. */
static void memory_derive(Incident *incident)
{
        const CategoryRules *rule = incident->founding->rule;
        const bool shut = incident->shut != TIME_NONE;

        incident->candidate_until = shut ? incident->shut + rule->grace_ms : incident->touched + rule->idle_ms;
        incident->kept_until = incident->candidate_until;
        if (shut && incident->state != STATE_REJECTED)
                incident->kept_until += rule->recur_ms;
}

void incident_derive(Incident *incident)
{
        members_derive(incident);
        founding_keep(incident);
        place_derive(incident);
        state_derive(incident);
        incident->severity = SEVERITY_INFO;
        incident->deadline = TIME_NONE;
        if (incident->founding) {
                severity_derive(incident);
                deadline_derive(incident);
        }
        if (incident->founding && !*incident->merged_into && incident->reports > 0) {
                memory_derive(incident);
                return;
        }
        incident->state = *incident->merged_into ? STATE_CLOSED : STATE_VOID;
        if (incident->closed == TIME_NONE)
                incident->closed = incident->touched;
        incident->candidate_until = incident->kept_until = INT64_MIN;
}

bool incident_candidate(const Incident *incident, int64_t zone_time)
{
        return incident->candidate_until != INT64_MIN && incident->candidate_until >= zone_time;
}

static bool kept(const Incident *incident, int64_t zone_time)
{
        return incident->kept_until != INT64_MIN && incident->kept_until >= zone_time;
}

bool incident_over(const Incident *incident, int64_t zone_time)
{
        return kept(incident, zone_time) && !incident_candidate(incident, zone_time);
}

bool incident_spans(const Incident *incident, GeoPoint point, int64_t limit_cm)
{
        GeoPoint least = incident->least, most = incident->most;

        if (!geo_known(point) || !geo_known(least))
                return false;
        bounds_add(&least, &most, point);
        return geo_distance_cm(least, most) > limit_cm;
}

static bool names_house(const Incident *incident, const Member *newcomer)
{
        const Member *members[INCIDENT_LINKED_MOST];
        const size_t size = incident_linked(incident, members);

        for (size_t i = 0; i < size; i++)
                if (members_name_house(newcomer, members[i]))
                        return true;
        return false;
}

bool incident_has_room(const Incident *incident, const Member *newcomer)
{
        const int64_t limit_cm = incident->founding->rule->diameter_cm + newcomer->accuracy_cm;

        return !incident_spans(incident, newcomer->point, limit_cm) || names_house(incident, newcomer);
}

int64_t incident_steps(const Incident *incident)
{
        int64_t steps = 0;

        for (int64_t full = incident->founding->rule->members; (int64_t)incident->reports >= full; full *= 2)
                steps++;
        return steps;
}
