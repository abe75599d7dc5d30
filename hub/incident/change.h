#pragma once

/*
 * What a zone did since the last commit, for the store to write in one transaction: dirty incidents and members (borrowed from
 * the zone), links made and ended, versions for the outbox, pair rules, command outcomes. Texts live in the arena.
 */

#include "hub/base/memory.h"
#include "hub/incident/incident.h"

/* Where in the log the cause stands. */
typedef struct {
        int32_t partition;
        int64_t offset;
} LogPosition;

typedef struct {
        const char *subject, *incident, *event, *by, *decision, *against, *reasons, *refused;
        LogPosition position;
        int64_t at; /* zone time */
        int32_t score;
        bool scored;
} LinkChange;

typedef struct {
        const char *subject;
        int64_t at;
        bool doubtful_only;  /* the link stays, marked doubtful */
        size_t links_before; /* links made in this batch before this end */
} LinkEnd;

typedef struct {
        const char *incident, *payload, *change, *cause;
        EventState before, after;
        int32_t version;
        int64_t at;
} VersionChange;

typedef struct {
        const char *one, *other, *rule, *command; /* rule NULL: the pair is revoked */
} PairChange;

/* What a command changed, for its undo. */
typedef struct {
        const char *command, *effect;
} EffectChange;

/* A row of a registry that the zone keeps. */
typedef struct {
        const char *subject, *row; /* row NULL: it is forgotten */
} ContextChange;

typedef struct {
        const char *id, *verb, *by, *note, *args, *reason, *incident; /* reason NULL: done */
        int64_t at;
        LogPosition position;
} CommandChange;

/* The first revision of a subject: its words are counted. */
typedef struct {
        const char *title, *description; /* may be NULL */
        int64_t offset;
} CountedText;

typedef struct {
        Arena *arena;
        Incident **incidents;
        Member **members;
        LinkChange *links;
        LinkEnd *ends;
        VersionChange *versions;
        PairChange *pairs;
        EffectChange *effects;
        ContextChange *contexts;
        CommandChange *commands;
        CountedText *counted;
        size_t incidents_size, members_size, links_size, ends_size, versions_size, pairs_size, commands_size,
                counted_size, effects_size, contexts_size;
        size_t incidents_room, members_room, links_room, ends_room, versions_room, pairs_room, commands_room,
                counted_room, effects_room, contexts_room;
} Changes;

Changes *changes_new(void);
void changes_incident(Changes *changes, Incident *incident); /* once each */
void changes_member(Changes *changes, Member *member);
LinkChange *changes_link(Changes *changes); /* a zeroed entry to fill */
void changes_end(Changes *changes, const char *subject, int64_t at, bool doubtful_only);
VersionChange *changes_version(Changes *changes);
PairChange *changes_pair(Changes *changes);
EffectChange *changes_effect(Changes *changes);
void changes_context(Changes *changes, const char *subject, const char *row); /* copies */
CommandChange *changes_command(Changes *changes);
void changes_counted(Changes *changes, const char *title, const char *description, int64_t offset);
const char *changes_text(Changes *changes, const char *text); /* a copy in the arena; NULL gives NULL */
void changes_clear(Changes *changes);                         /* after commit: marks incidents and members clean */
void changes_free(Changes *changes);
