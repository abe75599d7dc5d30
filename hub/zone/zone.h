#pragma once

/*
 * A zone: everything that decisions of one zone need, in memory, and the application of its log to it, event by event.
 * Nothing crosses zones. Pure of I/O and clocks: the caller hands log entries over in log order, fetches the rows that a
 * zone wants beforehand, and writes what changed.
 *
 * Zone time is the highest min(occurred or received, received) of reports, registry rows, warnings and health messages, and
 * `at` of ticks and commands, so far in the log of this zone.
 */

#include "hub/decide/decide.h"
#include "hub/event/json.h"
#include "hub/incident/change.h"

typedef enum {
        DECISION_NEW,
        DECISION_JOIN,
        DECISION_UPDATE,
        DECISION_DUPLICATE,
        DECISION_IGNORE,
        DECISION_COMMAND
} DecisionKind;

typedef struct {
        const char *subject, *incident;
} Move;

/* What was decided on one log entry; texts are borrowed until the next zone_apply() or zone_committed(). */
typedef struct {
        DecisionKind kind;
        const Incident *incident; /* NULL for duplicate and ignore */
        const Member *member;     /* of a report that was let in: what is known of its subject now */
        Choice choice;            /* of new and join */
        const char *refusal;      /* of a command: why not; NULL: done */
        Move *moved;              /* of a command */
        size_t moved_size;
} ZoneDecision;

typedef struct Zone Zone;

/* For learning: chooses in place of the rules, from the live incidents near by. NULL is a new incident. */
typedef struct {
        Incident *(*choose)(void *context, const Member *newcomer, Incident *const *near, size_t near_size);
        void *context;
} ZoneTeacher;

Zone *zone_new(const char *id, const Rules *rules, int32_t epoch);
void zone_free(Zone *zone);
const char *zone_id(const Zone *zone);
int64_t zone_time(const Zone *zone);     /* TIME_NONE before the first entry */
size_t zone_incidents(const Zone *zone); /* held in memory */
size_t zone_open(const Zone *zone);      /* of these the ones that reports may join */
const char *zone_rules_version(const Zone *zone);
Changes *zone_changes(Zone *zone);
void zone_teach(Zone *zone, ZoneTeacher teacher);
Words *zone_words(Zone *zone); /* how common words are: to be stored when a midnight passed, and loaded */

/* Applies one entry that the gate let in (duplicate: it did not, and nothing changes). */
void zone_apply(Zone *zone, const EventValue *value, LogPosition position, bool duplicate, ZoneDecision *out);

/* The changes are stored, or on their way: forgets them, and the incidents that are no candidates any more. */
void zone_committed(Zone *zone);
/* Whether it will forget an incident that changed: until that is stored, what may be fetched is not what was decided. */
bool zone_forgets_changes(const Zone *zone);

/* Subjects that must be fetched before this value is applied, for the zone does not hold them. Calls once each. */
void zone_wants(const Zone *zone, const EventValue *value, void (*want)(const char *subject, void *context),
                void *context);

/* Loading: the zone's own row, incidents, then their members, then zone_load_end(). May be repeated for rows fetched later. */
void zone_write(Buffer *out, const Zone *zone);
bool zone_read(Zone *zone, const char *text, size_t size, Error *err);
bool zone_load_incident(Zone *zone, const char *text, size_t size, Error *err);
bool zone_load_member(Zone *zone, const char *incident, const char *text, size_t size, Error *err);
void zone_pair(Zone *zone, const char *one, const char *other, const char *rule,
               const char *command); /* a change to be stored: must or cannot from now on */
void zone_load_pair(Zone *zone, const char *one, const char *other, const char *rule, const char *command);
void zone_load_effect(Zone *zone, const char *command, const char *effect);
bool zone_load_context(Zone *zone, const char *text, size_t size, Error *err); /* a row of a registry */
void zone_load_end(Zone *zone);
void zone_forget(Zone *zone, const char *incident);     /* drops it from memory, as if it had not been loaded */
bool zone_holds(const Zone *zone, const char *subject); /* also the episode in which it is now */
const char *zone_goes_on(const Zone *zone,
                         const char *subject); /* the episode to be fetched, too; NULL: none is missing */

/* The subject of an event id: the id without its last part. */
void subject_of(Buffer *out, const char *event);
