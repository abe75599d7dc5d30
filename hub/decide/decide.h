#pragma once

/*
 * The decision, pure: a newcomer (a subject not seen before), the incidents that stand near it, the rules; no clock, no I/O.
 * The same log gives the same incidents: scores are integers, ties go to the smaller incident id, and the order in which
 * candidates are handed over does not matter.
 *
 * Three bands: join the best incident at or above `merge` that has room; between `suggest` and `merge`, or without room, a new
 * incident with at most five suggested twins; else simply new. One with as many reports as its category's `members` asks for
 * `full` points more, and again each time that they are twice as many: it grows on by what is surely the same.
 *
 * Those whose score could be highest are compared first (bound.h), and those whose score can neither reach `suggest` nor be the best
 * never: that changes nothing but whom `refused` tells of below `suggest`.
 */

#include "hub/decide/bound.h"

enum { REFUSED_MOST = 5 };

typedef struct {
        Incident *join;                                /* NULL: a new incident */
        Score score;                                   /* against join, or the best of those not joined */
        bool compared;                                 /* score holds something */
        Suggestion suggested[INCIDENT_SUGGESTED_MOST]; /* highest first; of a new incident */
        size_t suggested_size;
        Suggestion refused[REFUSED_MOST]; /* the best that were compared and not taken */
        size_t refused_size;
        size_t met_size, compared_size; /* how many stood near, and how many of them were compared to the end */
        size_t beyond_bound;            /* how many a bound left out, at least */
        RegistryWord registry;          /* what registries say of the newcomer; of a zone (hub/zone/context.h) */
        bool placed;                    /* its place is a registry's */
} Choice;

/*
 * Why it was chosen: [{"feature", "value", "points"}, ...] of what was compared, and of what registries say, which adds no points; []
 * where there is nothing to say.
 */
void choice_reasons_write(Buffer *out, const Choice *choice);
/* The same as it is stored (score_write_short): without what adds no points, but for registries. "": nothing to say. */
void choice_reasons_write_short(Buffer *out, /* cleared first */ const Choice *choice);
bool choice_has_context(const Choice *choice); /* registries say something */

/* May be asked to leave pairs out: an operator said that they are not the same. */
typedef bool (*ChoiceForbids)(const void *context, const Member *newcomer, const Incident *incident);

/* The incidents among those near by that are in reach and not forbidden, the nearest where the bound is hit. */
typedef struct {
        Incident *incident;
        Reach reach;         /* of decide() */
        int64_t apart_cm;    /* of the first that it is compared with, or DISTANCE_UNKNOWN */
        int64_t distance_cm; /* where the bound is hit; INT64_MAX: one side has no position */
        int64_t shared;      /* the same; rare runs */
} Candidate;

typedef struct {
        Candidate *items;    /* owned */
        size_t size, beyond; /* beyond: how many the bound left out */
        Scene scene;         /* the newcomer's */
} Candidates;

void decide_candidates(const RuleSet *rules, const Member *newcomer, Incident *const *near, size_t near_size,
                       ChoiceForbids forbids, const void *context, Candidates *out);
void candidates_free(Candidates *candidates); /* for CLEANUP too */

void decide(const RuleSet *rules, const Member *newcomer, Incident *const *near, size_t near_size,
            ChoiceForbids forbids, const void *context, Choice *out);

/* Of incidents that are over: the one that the newcomer would have joined, were it open still. NULL: none. */
const Incident *decide_recurrence(const RuleSet *rules, const Member *newcomer, Incident *const *over, size_t over_size,
                                  ChoiceForbids forbids, const void *context);
