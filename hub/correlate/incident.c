#include "hub/correlate/incident.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void number_make(Incident *incident)
{
        char day[TIME_TEXT_SIZE];
        const int64_t shanghai_ms = (int64_t)8 * 3600 * 1000;

        time_text(incident->opened + shanghai_ms, day);
        snprintf(incident->number, sizeof incident->number, "%.4s%.2s%.2s-%.8s", day, day + 5, day + 8,
                 incident->id + 2);
        for (char *c = incident->number; *c; c++)
                *c = (char)toupper((unsigned char)*c);
}

Incident *incident_new(const char *zone, const char *cause, const char *extra, int64_t opened)
{
        CLEANUP(buffer_free) Buffer seed = { 0 };
        uint8_t digest[SHA256_SIZE];
        Incident *incident = mem_new(sizeof *incident);

        buffer_add(&seed, zone, strlen(zone) + 1);
        buffer_add(&seed, cause, strlen(cause) + (extra ? 1 : 0));
        if (extra)
                buffer_text(&seed, extra);
        sha256(seed.bytes, seed.size, digest);
        memcpy(incident->id, "i-", 2);
        base32_crockford_text(digest, sizeof digest, incident->id + 2, INCIDENT_ID_SIZE - 3);
        incident->opened = opened;
        incident->touched = incident->closed_by_operator = incident->reopened_by_operator = TIME_NONE;
        number_make(incident);
        return incident;
}

void incident_add(Incident *incident, Member *member)
{
        size_t at = incident->members_size;

        if (at == incident->members_room) {
                incident->members_room = at ? at * 2 : 2;
                incident->members = mem_resize(incident->members, incident->members_room * sizeof(Member *));
        }
        for (; at > 0 && incident->members[at - 1]->number > member->number; at--)
                incident->members[at] = incident->members[at - 1];
        incident->members[at] = member;
        incident->members_size++;
        member->incident = incident;
}

void incident_remove(Incident *incident, Member *member)
{
        size_t kept = 0;

        for (size_t i = 0; i < incident->members_size; i++)
                if (incident->members[i] != member)
                        incident->members[kept++] = incident->members[i];
        incident->members_size = kept;
        member->incident = NULL;
}

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

/* The place: the position of the most accurate active member, the earlier on a tie, and a radius that holds the others. */
static void place_derive(Incident *incident)
{
        const Member *best = NULL;

        incident->least = incident->most = incident->point = (GeoPoint){ GEO_NONE, GEO_NONE };
        incident->radius_cm = 0;
        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];

                if (!member_active(member) || !geo_known(member->point))
                        continue;
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

                if (member_active(member) && geo_known(member->point)) {
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

/*
 * Any real closing of an active member shuts the incident, at the earliest of them; without one it is closed when no active
 * member is open any more, at the last of them, and takes reports all the same. What an operator reopened counts as open
 * until a later closing; what he said of its progress counts as a member's word.
 */
static void state_derive(Incident *incident, bool *shut)
{
        const int64_t reopened = incident->reopened_by_operator;
        int64_t settled = incident->closed_by_operator, last = TIME_NONE;
        EventState open = STATE_NONE;

        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];

                if (!member_active(member))
                        continue;
                if (member_settled(member) && member->closed > reopened)
                        settled = earlier(settled, member->closed);
                if (member_open(member))
                        open = further(open, member->state);
                else if (member->closed > last)
                        last = member->closed;
        }
        if (open == STATE_NONE && reopened != TIME_NONE && last <= reopened)
                open = STATE_RECEIVED;
        *shut = settled != TIME_NONE;
        incident->closed = *shut ? settled : open == STATE_NONE ? last : TIME_NONE;
        incident->state = incident->closed == TIME_NONE               ? further(open, incident->told)
                          : incident->told == STATE_REJECTED && *shut ? STATE_REJECTED
                                                                      : STATE_CLOSED;
}

static void members_derive(Incident *incident)
{
        incident->founding = incident->members_size ? incident->members[0] : NULL;
        incident->reports = 0;
        incident->severity = SEVERITY_INFO;
        incident->updated = incident->opened;
        incident->deadline = TIME_NONE;
        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];
                const int64_t told = member->updated != TIME_NONE ? member->updated : member->occurred;

                incident->updated = told > incident->updated ? told : incident->updated;
                if (!member_active(member))
                        continue;
                if (incident->reports++ == 0)
                        incident->founding = member;
                if (member->severity > incident->severity)
                        incident->severity = member->severity;
                if (member_open(member))
                        incident->deadline = earlier(incident->deadline, member->deadline);
        }
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

void incident_derive(Incident *incident)
{
        bool shut;

        members_derive(incident);
        founding_keep(incident);
        place_derive(incident);
        state_derive(incident, &shut);
        if (*incident->merged_into || incident->reports == 0) {
                incident->state = *incident->merged_into ? STATE_CLOSED : STATE_VOID;
                if (incident->closed == TIME_NONE)
                        incident->closed = incident->touched;
                incident->candidate_until = INT64_MIN;
                return;
        }
        const CategoryRules *rule = incident->founding->rule;
        incident->candidate_until = shut ? incident->closed + rule->grace_ms : incident->touched + rule->idle_ms;
}

bool incident_candidate(const Incident *incident, int64_t zone_time)
{
        return incident->candidate_until != INT64_MIN && incident->candidate_until >= zone_time;
}

bool incident_spans(const Incident *incident, GeoPoint point, int64_t limit_cm)
{
        GeoPoint least = incident->least, most = incident->most;

        if (!geo_known(point) || !geo_known(least))
                return false;
        bounds_add(&least, &most, point);
        return geo_distance_cm(least, most) > limit_cm;
}

bool incident_has_room(const Incident *incident, const Member *newcomer)
{
        const CategoryRules *rule = incident->founding->rule;
        const int64_t limit_cm = rule->diameter_cm + newcomer->accuracy_cm;

        return (int64_t)incident->reports < rule->members &&
               (!incident_spans(incident, newcomer->point, limit_cm) || incident_names_house(incident, newcomer));
}

bool incident_names_house(const Incident *incident, const Member *newcomer)
{
        const Member *members[INCIDENT_LINKED_MOST];
        const size_t size = incident_linked(incident, members);

        for (size_t i = 0; i < size; i++)
                if (members_name_house(newcomer, members[i]))
                        return true;
        return false;
}

size_t incident_linked(const Incident *incident, const Member *members[INCIDENT_LINKED_MOST])
{
        const Member *newest[INCIDENT_LINKED_MOST];
        size_t size = 0, count = 0;

        if (!incident->founding)
                return 0;
        members[count++] = incident->founding;
        for (size_t i = incident->members_size; i > 0 && size < INCIDENT_LINKED_MOST - 1; i--)
                if (incident->members[i - 1] != incident->founding && member_active(incident->members[i - 1]))
                        newest[size++] = incident->members[i - 1];
        while (size > 0)
                members[count++] = newest[--size];
        return count;
}

const char *incident_place(const Incident *incident, size_t part)
{
        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];

                if (member_active(member) && member->place[part] && *member->place[part])
                        return member->place[part];
        }
        return NULL;
}

size_t incident_platforms(const Incident *incident, const char *platforms[INCIDENT_PLATFORMS_MOST])
{
        size_t size = 0;

        for (size_t i = 0; i < incident->members_size; i++) {
                const char *platform = incident->members[i]->platform;
                size_t at = 0;

                while (at < size && strcmp(platforms[at], platform) < 0)
                        at++;
                if (!member_active(incident->members[i]) || (at < size && text_same(platforms[at], platform)) ||
                    size == INCIDENT_PLATFORMS_MOST)
                        continue;
                memmove(platforms + at + 1, platforms + at, (size - at) * sizeof *platforms);
                platforms[at] = platform;
                size++;
        }
        return size;
}

void incident_free(Incident *incident)
{
        if (!incident)
                return;
        for (size_t i = 0; i < incident->members_size; i++)
                member_free(incident->members[i]);
        free(incident->members);
        free(incident->cells);
        free(incident->told_by);
        free(incident->category);
        free(incident->category_name);
        free(incident->title);
        free(incident->founding_event);
        free(incident);
}
