#pragma once

/* What the files of a zone share. */

#include "hub/base/json.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/incident/leaving.h"
#include "hub/index/index.h"
#include "hub/zone/context.h"
#include "hub/zone/zone.h"

typedef struct {
        const char *rule; /* "must" or "cannot" */
        char *command;    /* that said so */
} Pair;

/* A weather warning of this zone. */
typedef struct {
        char *subject;
        EventSeverity severity;
        int64_t from, until, updated; /* updated: TIME_NONE when not told */
        bool ended;                   /* kept until it would have run out: an older revision may come late */
} Warning;

struct Zone {
        char *id;
        const Rules *rules;
        int32_t epoch;
        int64_t time;
        int64_t number;   /* of the last subject */
        Map *subjects;    /* subject -> Member * */
        Map *incidents;   /* id -> Incident *, owned */
        Map *pairs;       /* "one NUL other" -> Pair *, owned */
        Map *effects;     /* id of a command that was done -> JSON of what it changed, owned */
        Index *index;     /* of the candidates */
        Index *over;      /* of those that are closed, and may recur */
        size_t open_size; /* how many stand in index */
        Leaving *leaving; /* of all incidents in memory */
        Words *words;
        Context *context; /* what registries say */
        Warning *warnings;
        size_t warnings_size;
        ZoneTeacher teacher; /* choose NULL: none */
        IncidentList near;   /* reused */
        IncidentList loaded; /* since the last zone_load_end */
        Buffer text, body;   /* reused */
        Changes *changes;
};

/* Derives anew, indexes, and makes a version when it shows something new. */
void zone_settle(Zone *zone, Incident *incident, const char *change, const char *cause);
void zone_show(Zone *zone, Incident *incident, const char *change, const char *cause); /* without counting as a touch */

/* Warnings raise the severity of incidents whose category minds while they are in force. */
void zone_warning_apply(Zone *zone, const Event *event);
bool zone_warned(const Zone *zone);
void zone_warnings_write(Buffer *out, const Zone *zone);
void zone_warnings_read(Zone *zone, const json_t *array);
void zone_warnings_clear(Zone *zone);

/* Episodes of a subject whose closing is final (zone_episode.c). */
Member *zone_present(const Zone *zone, const char *subject); /* in which it is now; NULL: not in memory */
Member *zone_named(const Zone *zone,
                   const char *event); /* that holds the event, as far as is known, else the present one */
bool zone_episode_begins(const Member *member, const Event *event);
void zone_episode_begin(Zone *zone, const char *subject, const char *episode); /* its first is in memory */

/* What registries say (zone_context.c). */
void zone_context_apply(Zone *zone, const Event *event);
void zone_context_pass(Zone *zone, int64_t before); /* after the zone's time: at midnight what ran out long ago goes */
bool zone_context_complete(const Zone *zone, const Member *known, Event *event); /* a place was found for it */
RegistryWord zone_context_word(const Zone *zone, const Member *member, const char **subject);
void zone_context_judge(const Zone *zone, Incident *incident);

/* The open incidents that the visitor lets pass, into zone->near, in an order that does not hang on memory. */
void zone_open_each(Zone *zone, bool (*wanted)(const Incident *incident, const void *of), const void *of);

void zone_index(Zone *zone,
                Incident *incident); /* after it was derived: is it a candidate or over, and where does it stand? */
void zone_passes(Zone *zone); /* after the zone's time: what is no candidate any more stands elsewhere, or nowhere */
void zone_link(Zone *zone, Member *member, const char *event, const char *by, DecisionKind kind, const Choice *choice,
               LogPosition position);
void zone_command(Zone *zone, const Command *command, LogPosition position, ZoneDecision *out);
bool zone_forbids(const void *zone, const Member *newcomer, const Incident *incident);
void zone_pairs_revoke(Zone *zone, const char *command);
const Pair *zone_pair_find(const Zone *zone, const char *one, const char *other);
void pair_free(void *pair);
void zone_undo_wants(const Zone *zone, const Command *command, void (*want)(const char *subject, void *context),
                     void *context);
