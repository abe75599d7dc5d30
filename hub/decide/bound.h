#pragma once

/*
 * How high the score of a newcomer against an incident may reach, told by what costs little: by the facts alone, as few of
 * them as rule it out (compare_kind, compare_place, compare_others), then by the names in their words too (compare_names),
 * whatever the words say beside. Never below what score_incident() says, so that whom it rules out need not be compared in words.
 */

#include "hub/decide/score.h"

typedef struct {
        const RuleSet *rules;
        const Scene *scene;
        const Member *newcomer;
        bool placed;
        int64_t rest;    /* points that are the same against everybody, and the most that words and names can add */
        int64_t names;   /* of that, what names can */
        int64_t unnamed; /* points where no house is named */
        int64_t named;   /* the most where one may be */
        int64_t place;   /* the most that is told after kind and houses, but for `named` */
        int64_t others;  /* of that, what is told after place and time */
} Bound;

typedef enum {
        REACH_PART, /* some of the facts rule it out */
        REACH_FACTS,
        REACH_NAMES /* names were looked at too */
} ReachStep;

typedef struct {
        int64_t most;             /* of the score */
        int64_t sum, best, count; /* of the most of each member: all, the highest, how many */
        ReachStep step;
} Reach;

/* All borrowed. The scene is complete. */
Bound bound_of(const RuleSet *rules, const Scene *scene, const Member *newcomer);
/* Looks no further once it cannot reach `least`, and says the more then; INT64_MIN: at all the facts. */
void bound_facts(const Bound *bound, const Incident *incident, /* score_in_reach() */ int64_t apart_cm, int64_t least,
                 Reach *out);
void bound_names(const Bound *bound, const Incident *incident, Reach *reach); /* after REACH_FACTS, once */
