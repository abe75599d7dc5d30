#pragma once

/*
 * The score: log-odds, in thousandths, that two reports speak of the same problem, as a sum of table look-ups (feature.h).
 * Against an incident each feature's points are the floored mean of its points against up to eight members (messages.md
 * section 9); for a report without a position, half of that mean and half of its points against the best member, floored.
 * Of house and sign counts what the members say together: they name one place. The score is their sum, so it adds up.
 */

#include "hub/incident/incident.h"

enum { SCENE_CM = 15000, DISTANCE_UNKNOWN = -1 }; /* what is farther off is not of a scene */

/* What surrounds a newcomer, the same against everybody. */
typedef struct {
        int64_t neighbours, density; /* open incidents of its category within 50 m, within 150 m */
        int64_t crowd;               /* open incidents of other things on its very point */
} Scene;

/* How two members compare: values as they are shown, points as the tables give them. */
typedef struct {
        int64_t values[FEATURES];
        uint8_t bins[FEATURES];
        int32_t points[FEATURES];
        int32_t total;
} Comparison;

/* A newcomer against an incident. */
typedef struct {
        Comparison mean;       /* points: the means; values and bins: those against `against` */
        const Member *against; /* the member with the highest score of its own, the earlier on a tie */
} Score;

/* Adds what an open incident means for the newcomer's scene. */
void scene_add(Scene *scene, const Member *newcomer, const Incident *incident);
/*
 * Against each of the members that count; of house and sign what any of them says, for they name one place. Returns how many.
 */
size_t score_members(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Incident *incident,
                     const Member *members[INCIDENT_LINKED_MOST], Comparison out[INCIDENT_LINKED_MOST]);
void score_incident(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Incident *incident,
                    Score *out);

/* The bin of a distance is that of the distance scaled by both accuracies. */
static inline int64_t compare_scaled(const RuleSet *rules, int64_t distance_cm, int64_t accuracy_cm)
{
        return accuracy_cm > rules->scale_cm ? distance_cm * rules->scale_cm / accuracy_cm : distance_cm;
}

/* What bound.c counts too: in which bin a value falls, and its points, those of the newcomer's category among them. */
/* What the category has of its own to say of a feature. */
static inline int32_t score_own(const CategoryRules *rule, const PointTable *table, Feature feature, size_t bin,
                                int64_t value)
{
        if (feature == FEATURE_RATE)
                return rule->own[CATEGORY_RATE];
        if (feature == FEATURE_ADDRESS)
                return (int32_t)(rule->own[CATEGORY_ALONG] * category_times(CATEGORY_ALONG, table, bin));
        if (feature == FEATURE_DISTANCE)
                return (int32_t)(rule->own[CATEGORY_APART] * category_times(CATEGORY_APART, table, bin));
        if (value == WHETHER_NO)
                return 0;
        return feature == FEATURE_FAR     ? rule->own[CATEGORY_FAR]
               : feature == FEATURE_SAID  ? rule->own[CATEGORY_SAID]
               : feature == FEATURE_THING ? rule->own[CATEGORY_THING]
                                          : 0;
}

static inline size_t score_bin(const RuleSet *rules, Feature feature, const int64_t values[FEATURES])
{
        int64_t value = values[feature];

        if (feature == FEATURE_DISTANCE && value != VALUE_ABSENT)
                value = compare_scaled(rules, value, values[FEATURE_ACCURACY]);
        return table_bin(&rules->tables[feature], feature, value);
}

static inline int32_t score_points(const RuleSet *rules, const Member *newcomer, Feature feature, size_t bin,
                                   int64_t value)
{
        const PointTable *table = &rules->tables[feature];

        return table->points[bin] + score_own(newcomer->rule, table, feature, bin, value);
}

/* Where both name one house a position far off is wrong; without a position they are as far apart as can be. */
int64_t score_named(int address, int sign, int64_t distance);

/*
 * Near enough, or naming the same thing, so that it is compared at all. *apart_cm: how far off the first stands with whom it is
 * compared, where that had to be known; else it stays.
 */
bool score_in_reach(const RuleSet *rules, const Member *newcomer, const Incident *incident, int64_t *apart_cm);

/* {"feature": "distance", "value": 12.5, "points": 1200}, ... */
void score_write(Buffer *out, const Comparison *comparison);
/* distance=12.50:1200;... : what adds or takes points, as it is stored; the views of dw unfold it. */
void score_write_short(Buffer *out, const Comparison *comparison);
