#pragma once

/*
 * An incident: one real-world problem, the members that speak of it, and what follows from them. What follows
 * (incident_derive) is a function of the members in log order and of a few facts of its own; integers only.
 */

#include "hub/incident/member.h"

enum {
        INCIDENT_ID_SIZE = 29,
        INCIDENT_NUMBER_SIZE = 18,
        INCIDENT_SUGGESTED_MOST = 5,
        INCIDENT_NEWEST_MOST = 20,
        INCIDENT_LINKED_MOST = 8,
        INCIDENT_PLATFORMS_MOST = 64
};

typedef struct {
        char incident[INCIDENT_ID_SIZE];
        int32_t score;
} Suggestion;

/* What registries say of it: a permit or a licensed stall is in force there, has run out, or is not open at that hour (hub/zone/context.h). */
typedef enum { REGISTRY_SILENT, REGISTRY_IN_FORCE, REGISTRY_LAPSED, REGISTRY_OFF_HOURS } RegistryWord;

const char *registry_word_name(RegistryWord word); /* "silent", "in_force", "lapsed", "off_hours" */

/* In which index of its zone it stands. */
typedef enum { STAND_NOWHERE, STAND_OPEN, STAND_OVER } IncidentStand;

struct Incident {
        char id[INCIDENT_ID_SIZE];         /* "i-" and 26 characters of Crockford's base32 */
        char number[INCIDENT_NUMBER_SIZE]; /* "20231205-7K3QF2M9" */
        int32_t version;                   /* 0: nothing was shown yet */
        uint64_t shown;                    /* hash of what the last version showed */
        EventState shown_state;            /* STATE_NONE before the first version */
        int64_t opened;
        int64_t touched;              /* zone time of the last event or command that concerned it */
        int64_t closed_by_operator;   /* zone time, or TIME_NONE */
        int64_t reopened_by_operator; /* zone time, or TIME_NONE: closings up to it do not count */
        EventState told;              /* how far an operator said it is; STATE_NONE: nothing */
        char *told_by;                /* command that said last how far it is; NULL: none, or its word was overtaken */
        char *assigned;               /* organisation that an operator gave it to; NULL: none */
        char *assigned_by;            /* who gave it; NULL: not known */
        int64_t assigned_at;          /* when, as the command says; TIME_NONE: not known */
        char merged_into[INCIDENT_ID_SIZE];   /* "" unless an operator merged it away */
        char recurrence_of[INCIDENT_ID_SIZE]; /* "" unless it repeats one that was over */
        bool warned;                          /* a warning was in force when it was last settled */
        RegistryWord registry;  /* the same of the newest of its last eight reports of which registries say anything */
        char *registry_subject; /* of the row that says so; NULL: silent */
        Suggestion suggested[INCIDENT_SUGGESTED_MOST];
        size_t suggested_size;
        Member **members; /* owned, by number */
        size_t members_size, members_room;

        /* derived; what a merged incident showed last stays, for its redirect */
        char *category, *category_name, *title, *founding_event;
        EventState state;
        EventSeverity severity;
        int64_t closed, updated, deadline;
        int64_t shut;            /* first closing that keeps reports out; TIME_NONE: none did. It may be open still */
        int64_t candidate_until; /* zone time; INT64_MIN: never */
        int64_t kept_until;      /* zone time up to which it stays in memory: not below candidate_until */
        const Member *founding;  /* the earliest active member, or the earliest; NULL: merged away */
        GeoPoint point;          /* of the most accurate active member */
        int64_t radius_cm;
        GeoPoint least, most; /* bounds of the active members whose place is told */
        size_t reports;       /* active members */

        struct Stand *stands; /* index.c: where it stands */
        size_t stands_size;
        uint64_t asked;      /* index.c: last query that met it */
        size_t leaving_slot; /* leaving.c */
        bool gone;           /* leaving.c */
        IncidentStand stand; /* zone_memory.c */
        bool changed;        /* since the last commit */
};

/* The id after SHA-256(zone NUL cause NUL [extra]); opened gives the date of the number. */
Incident *incident_new(const char *zone, const char *cause, const char *extra, int64_t opened);
void incident_add(Incident *incident, Member *member);    /* takes ownership */
void incident_remove(Incident *incident, Member *member); /* gives it back */
void incident_derive(Incident *incident);
void incident_assign(Incident *incident, const char *org, const char *by, int64_t at); /* org NULL: to nobody */
bool incident_candidate(const Incident *incident, int64_t zone_time);
bool incident_over(const Incident *incident, int64_t zone_time); /* closed, no candidate, what is like it recurs */

/*
 * Would the bounds still be within the category's limits with this position? One that names the incident's very house is
 * within them wherever its position was put.
 */
bool incident_has_room(const Incident *incident, const Member *newcomer);
/* How many times over its category's `members` are reached: 0 below, 1 from there on, 2 from twice as many, 3 from four times. */
int64_t incident_steps(const Incident *incident);
bool incident_spans(const Incident *incident, GeoPoint point,
                    int64_t limit_cm); /* bounds with point exceed the limit */

/* The members that a newcomer is compared with: the founding one and the newest seven. Returns how many. */
size_t incident_linked_many(const Incident *incident, const Member *members[INCIDENT_LINKED_MOST]);
static inline size_t incident_linked(const Incident *incident, const Member *members[INCIDENT_LINKED_MOST])
{
        if (incident->members_size != 1 || !incident->founding)
                return incident_linked_many(incident, members);
        members[0] = incident->founding;
        return 1;
}

/* The first active member that knows a part of the place; NULL when none does. */
const char *incident_place(const Incident *incident, size_t part);

/* The platforms of its active members, in rising order, each once. Returns how many. */
size_t incident_platforms(const Incident *incident, const char *platforms[INCIDENT_PLATFORMS_MOST]);
void incident_free(Incident *incident); /* and its members */

/* What beside its reports made it graver or less grave, [{"feature", "value", "subject"}]; nothing is written where nothing did. */
void incident_context_write(Buffer *out, const Incident *incident);

/* Its own facts as the JSON of dw.incident.correlator; members are rows of their own. */
void incident_write(Buffer *out, const Incident *incident);
/* Without what the columns of its row say; begins with what was shown, and is whole again with them in front (store_load.c). */
void incident_write_beside(Buffer *out, const Incident *incident);
Incident *incident_read(const char *text, size_t size, Error *err);
