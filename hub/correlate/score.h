#pragma once

/*
 * The score: log-odds, in thousandths, that two reports speak of the same problem, as a sum of table look-ups. Against an
 * incident each feature's points are the floored mean of its points against up to eight members (messages.md section 9); the
 * score is their sum, so it adds up.
 */

#include "hub/correlate/incident.h"

typedef enum {
        FEATURE_PRIOR,
        FEATURE_RATE,
        FEATURE_CATEGORY,
        FEATURE_DISTANCE,
        FEATURE_ACCURACY,
        FEATURE_AGE,
        FEATURE_OBJECT,
        FEATURE_TEXT,
        FEATURE_CHANNEL,
        FEATURES,
} Feature;

enum { VALUE_ABSENT = INT32_MIN };

/* How two members compare: values as they are shown, points as the tables give them. */
typedef struct {
        int64_t values[FEATURES]; /* cm, cm, minutes, thousandths; relations as below; VALUE_ABSENT */
        int32_t points[FEATURES];
        int32_t total;
} Comparison;

enum { RELATION_OTHER, RELATION_SAME, RELATION_RELATED }; /* of categories */
enum { OBJECT_ABSENT, OBJECT_EQUAL, OBJECT_DIFFERENT };   /* of objects */

/* A newcomer against an incident. */
typedef struct {
        Comparison mean;       /* points: the floored means; values: those against `against` */
        const Member *against; /* the member with the highest score of its own, the earlier on a tie */
} Score;

const char *feature_name(Feature feature);
void score_pair(const RuleSet *rules, const Member *newcomer, const Member *member, Comparison *out);
void score_incident(const RuleSet *rules, const Member *newcomer, const Incident *incident, Score *out);
bool score_in_reach(const RuleSet *rules, const Member *newcomer,
                    const Incident *incident); /* near enough to be compared at all */

/* [{"feature": "distance", "value": 12.5, "points": 1200}, ...] */
void score_write(Buffer *out, const Comparison *comparison);
