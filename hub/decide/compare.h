#pragma once

/* Two members, feature by feature. */

#include "hub/decide/score.h"

/* What place, time, kind, houses and things say: all that costs little. What words and surroundings say is left as absent. */
void compare_facts(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Member *member,
                   /* where they stand; or DISTANCE_UNKNOWN */ int64_t apart_cm, int64_t values[FEATURES]);
/* The same in three steps, one after the other, what costs least first: kind and houses; where and when; the rest. */
void compare_kind(const Member *newcomer, const Member *member, int64_t values[FEATURES]);
void compare_place(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Member *member,
                   int64_t apart_cm, int64_t values[FEATURES]);
void compare_others(const RuleSet *rules, const Member *newcomer, const Member *member, int64_t values[FEATURES]);
/* How crowded it is around the newcomer: the same against everybody. */
void compare_scene(const RuleSet *rules, const Scene *scene, const Member *newcomer, int64_t values[FEATURES]);
/* Names of places and signs in the words, rare runs that both hold; after the facts. */
void compare_names(const Member *newcomer, const Member *member, int64_t values[FEATURES]);
/* The rest, after the names. */
void compare_words(const Member *newcomer, const Member *member, int64_t values[FEATURES]);
int64_t compare_objects(const Member *one, const Member *other); /* OBJECT_* */
/* Its place is that of a road or an estate that its words name: what is farther off than that is elsewhere, and nothing is near. */
static inline bool compare_vague(const RuleSet *rules, const Member *member)
{
        return member->worded && member->accuracy_cm > rules->wide_cm;
}
static inline bool compare_one_point(const Member *one, const Member *other)
{
        return geo_known(one->point) && one->point.lon == other->point.lon && one->point.lat == other->point.lat;
}
bool compare_strangers(const Member *one, const Member *other); /* on one very point, and not of one thing */
int64_t compare_accuracy(const Member *one, const Member *other);
