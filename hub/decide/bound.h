#pragma once

/*
 * How high the score of a newcomer against an incident may reach, told by what costs little: by the facts alone
 * (compare_facts), then by the names in their words too (compare_names), whatever the words say beside. Never below what
 * score_incident() says, so that whom it rules out need not be compared in words.
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
} Bound;

typedef struct {
        int64_t most;             /* of the score */
        int64_t sum, best, count; /* of the most of each member: all, the highest, how many */
        bool named;               /* names were looked at */
} Reach;

/* All borrowed. The scene is complete. */
Bound bound_of(const RuleSet *rules, const Scene *scene, const Member *newcomer);
void bound_facts(const Bound *bound, const Incident *incident, /* score_in_reach() */ int64_t apart_cm, Reach *out);
void bound_names(const Bound *bound, const Incident *incident, Reach *reach); /* after bound_facts(), once */
