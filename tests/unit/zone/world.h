#pragma once

/* Reports for the correlator's tests, made by hand: a place in metres east and north of a corner in Huli, a minute of a day. */

#include "hub/base/memory.h"
#include "hub/base/text.h"
#include "hub/rules/rules.h"
#include "hub/zone/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORLD_START 1701705600000 /* 2023-12-05T00:00:00+08:00 */

typedef struct {
        const char *source_id, *revision, *platform, *category, *title, *description, *address, *camera;
        double east_m, north_m, accuracy_m;
        int minute, updated_minute; /* updated_minute 0: not told */
        EventState state;
        EventOutcome outcome;
        bool episodic;
} Report;

static inline double world_lon(double east_m)
{
        return 118.11 + east_m / 101300.0;
}

static inline double world_lat(double north_m)
{
        return 24.51 + north_m / 110800.0;
}

static inline const char *world_or(const char *text, const char *otherwise)
{
        return text ? text : otherwise;
}

/* The value of a report; its texts live in the arena. */
static inline EventValue world_value(Arena *arena, const Report *report)
{
        EventValue value = { .kind = KIND_REPORT, .zone = "350206" };
        Event *event = &value.event;

        event_init(event, KIND_REPORT);
        event->platform = world_or(report->platform, "p01");
        event->instance = "test";
        event->zone = value.zone;
        event->source.id = report->source_id;
        event->source.revision = world_or(report->revision, "1");
        event->subject = arena_format(arena, "%s::%s", event->platform, report->source_id);
        value.id = event->id = arena_format(arena, "%s:%s", event->subject, event->source.revision);
        event->source.episodic = report->episodic;
        event->time.occurred = WORLD_START + (int64_t)report->minute * 60000;
        event->time.updated =
                report->updated_minute ? WORLD_START + (int64_t)report->updated_minute * 60000 : TIME_NONE;
        event->time.received = (report->updated_minute ? event->time.updated : event->time.occurred) + 1000;
        event->status.state = report->state ? report->state : STATE_RECEIVED;
        event->status.outcome = report->outcome;
        event->category.code = world_or(report->category, "E0504");
        event->category.method = METHOD_CODE;
        event->severity = SEVERITY_MEDIUM;
        event->title = world_or(report->title, "店外经营");
        event->description = report->description;
        event->place.address = report->address;
        event_add_object(event, OBJECT_CAMERA, report->camera);
        if (report->accuracy_m > 0) {
                event->position.method = POSITION_GPS;
                event->position.lon = world_lon(report->east_m);
                event->position.lat = world_lat(report->north_m);
                event->position.accuracy_m = report->accuracy_m;
        }
        return value;
}

/* A zone with the shipped rules, and where its log stands. */
typedef struct {
        Arena *arena;
        Rules *rules;
        Zone *zone;
        int64_t offset;
        ZoneDecision decision; /* the last one */
} World;

static inline void world_open(World *world)
{
        Error err = { 0 };

        *world = (World){ .arena = arena_new(), .rules = rules_load(NULL, &err) };
        if (!world->rules) {
                fprintf(stderr, "%s\n", err.text);
                abort();
        }
        world->zone = zone_new("350206", world->rules, 1);
}

static inline void world_close(World *world)
{
        zone_free(world->zone);
        rules_free(world->rules);
        arena_free(world->arena);
}

/* Applies a report; gives the id of the incident, copied. */
static inline const char *world_report(World *world, Report report)
{
        const EventValue value = world_value(world->arena, &report);

        zone_apply(world->zone, &value, (LogPosition){ 0, world->offset++ }, false, &world->decision);
        return arena_format(world->arena, "%s", world->decision.incident->id);
}

static inline const Incident *world_incident(const World *world)
{
        return world->decision.incident;
}

static inline const char *world_change(const World *world)
{
        const Changes *changes = zone_changes(world->zone);

        return changes->versions_size ? changes->versions[changes->versions_size - 1].change : "";
}

/* The same row for the same seed (Knuth's MMIX). */
static inline unsigned world_random(uint64_t *seed)
{
        *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
        return (unsigned)(*seed >> 33);
}
