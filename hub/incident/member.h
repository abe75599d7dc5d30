#pragma once

/*
 * A member: one subject (a platform's own case) inside an incident, in the state of the revision that counts. All that the
 * score compares stands here as integers and small texts, a pure function of that revision; it is stored and loaded as JSON.
 */

#include "hub/base/json.h"
#include "hub/event/event.h"
#include "hub/geo/distance.h"
#include "hub/rules/rules.h"
#include "hub/wording/wording.h"

typedef struct Incident Incident;

enum { PLACE_ADDRESS, PLACE_DISTRICT, PLACE_SUBDISTRICT, PLACE_COMMUNITY, PLACE_GRID, PLACES };

typedef struct {
        ObjectKind kind;
        char *id;
} MemberObject;

typedef struct {
        char *subject, *first_event, *last_event; /* last_event: of the revision that counts */
        char *episode; /* the subject under which it goes on (zone_episode.c); NULL: this one */
        char *platform, *channel, *category, *category_name, *title;
        char *place[PLACES];
        MemberObject *objects; /* owned; those that say something: neither cameras nor devices */
        size_t objects_size;
        char *reporters[EVENT_REPORTER_IDS_MOST]; /* pseudonyms; NULL: none */
        Wording wording;
        EventState state;
        EventOutcome outcome;
        EventSeverity severity;
        int64_t occurred, updated, closed, deadline; /* closed: set while state is closed */
        GeoPoint point;
        int64_t accuracy_cm;
        int64_t number; /* rises with the zone's log: order of first events */
        int32_t score;  /* of its link */
        bool scored;    /* false: it founded, or an operator put it here */
        bool doubtful;
        bool sensor;               /* a camera or another device made it, and nobody reported it */
        bool bare;                 /* it told no description yet: its words are those of its title */
        bool kindless;             /* nothing of the platform said what kind it is */
        bool worded;               /* its point is a gazetteer's, of what its words name */
        bool undated;              /* occurred is only when it was received */
        const CategoryRules *rule; /* borrowed from the rules */
        const char *group;
        Incident *incident;
        bool changed; /* since the last commit */
} Member;

/* words may be NULL: all are equally common */
Member *member_new(const Event *event, const Rules *rules, const Words *words);
/* A newer revision: identity and link stay, and what it leaves out (revision.h). */
void member_revise(Member *member, const Event *event, const Rules *rules, const Words *words);
void member_object(Member *member, ObjectKind kind, const char *id); /* adds one; what is over the limit is left out */
bool member_active(const Member *member);                            /* not void, rejected or deleted */
bool member_open(const Member *member);                              /* active and not closed */
bool member_settled(const Member *member); /* really closed: done, or closed without saying how */
/* Both name one road and number, or one sign on one road. */
bool members_name_house(const Member *one, const Member *other);
void member_free(Member *member);

void member_write(Buffer *out, const Member *member);
/* Without what the columns of its row say; begins with its number, and is whole again with them in front (store.c). */
void member_write_beside(Buffer *out, const Member *member);
Member *member_read(const char *text, size_t size, const Rules *rules, Error *err); /* incident is not set */
