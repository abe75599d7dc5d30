#include "hub/incident/incident.h"

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
        incident->assigned_at = TIME_NONE;
        number_make(incident);
        return incident;
}

void incident_assign(Incident *incident, const char *org, const char *by, int64_t at)
{
        free(incident->assigned);
        free(incident->assigned_by);
        incident->assigned = text_copy(org);
        incident->assigned_by = org ? text_copy(by) : NULL;
        incident->assigned_at = org ? at : TIME_NONE;
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

size_t incident_linked_many(const Incident *incident, const Member *members[INCIDENT_LINKED_MOST])
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
        free(incident->stands);
        free(incident->told_by);
        free(incident->assigned);
        free(incident->assigned_by);
        free(incident->registry_subject);
        free(incident->category);
        free(incident->category_name);
        free(incident->title);
        free(incident->founding_event);
        free(incident);
}
