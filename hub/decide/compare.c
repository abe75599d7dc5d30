#include "hub/decide/compare.h"

#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
        BURST_MINUTES = 20,
        BURST_POINT_CM = 200,
        BURST_NEAR_CM = 2000,
        REPEAT_CM = 5000,
        FAR_CM = 2000,
        SAID = 150,
        TEMPLATE = 400,
        UNLIKE = 400,
        ALIKE_WHOLLY = 990
};

/* Pseudonyms under different key versions ("p3:", "p4:") compare as absent, not as different. */
static bool same_key(const char *one, const char *other)
{
        const char *a = strchr(one, ':'), *b = strchr(other, ':');

        return !a || !b || (a - one == b - other && memcmp(one, other, (size_t)(a - one)) == 0);
}

int64_t compare_objects(const Member *one, const Member *other)
{
        int64_t relation = OBJECT_ABSENT;

        for (size_t i = 0; i < one->objects_size; i++) {
                for (size_t j = 0; j < other->objects_size; j++) {
                        const MemberObject *a = &one->objects[i], *b = &other->objects[j];

                        if (a->kind != b->kind || (a->kind == OBJECT_PLATE && !same_key(a->id, b->id)))
                                continue;
                        if (text_same(a->id, b->id))
                                return OBJECT_EQUAL(a->kind);
                        if (relation == OBJECT_ABSENT)
                                relation = OBJECT_DIFFERENT(a->kind);
                }
        }
        return relation;
}

static int64_t compare_categories(const Member *one, const Member *other)
{
        /* one code has one rule */
        if (one->rule == other->rule && text_same(one->category, other->category))
                return one->kindless && other->kindless ? RELATION_ABSENT : RELATION_SAME;
        return one->group && text_same(one->group, other->group) ? RELATION_RELATED : RELATION_OTHER;
}

static int64_t compare_reporters(const Member *one, const Member *other)
{
        int64_t match = REPORTER_ABSENT;

        for (size_t i = 0; i < EVENT_REPORTER_IDS_MOST; i++) {
                for (size_t j = 0; one->reporters[i] && j < EVENT_REPORTER_IDS_MOST; j++) {
                        const char *a = one->reporters[i], *b = other->reporters[j];

                        if (!b || !same_key(a, b))
                                continue;
                        if (text_same(a, b))
                                return REPORTER_SAME;
                        match = REPORTER_DIFFERENT;
                }
        }
        return match;
}

static bool same_title(const Wording *one, const Wording *other)
{
        return grams_cosine(&one->lead, &other->lead) >= ALIKE_WHOLLY;
}

/* Of two with one title what they tell beside it. */
static int32_t words_alike(const Wording *one, const Wording *other)
{
        if (same_title(one, other))
                return grams_cosine_beside(&one->all, &other->all, &one->lead);
        return grams_cosine(&one->all, &other->all);
}

/* Neither name one sign or place, and tell of other things. */
static bool words_differ(const Wording *one, const Wording *other)
{
        const int32_t alike = words_alike(one, other);
        const int sign = signs_match(&one->signs, &other->signs);

        return alike >= 0 && alike < UNLIKE && sign != SIGN_SAME && sign != SIGN_PART && sign != SIGN_SLIP &&
               sign != SIGN_ESTATE && places_match(&one->places, &other->places) != MATCH_SAME;
}

/*
 * Of what stands on the very point of another report, ids and house numbers say whether it is the same; where they do not, the
 * words: a point stands for a whole district, a road, a square, a platform's default, and what is told there is not one
 * thing. Without words nothing speaks against.
 */
bool compare_strangers(const Member *one, const Member *other)
{
        if (!compare_one_point(one, other))
                return false;
        const int64_t objects = compare_objects(one, other);

        if (objects != OBJECT_ABSENT)
                return objects % 2 == 0;
        const int address = houses_match(&one->wording.houses, &other->wording.houses);
        if (address == ADDRESS_STREET || address == ADDRESS_DIFFERENT || address == ADDRESS_OTHER_HOUSE ||
            address == ADDRESS_OTHER_ROAD)
                return true;
        return address != ADDRESS_HOUSE && words_differ(&one->wording, &other->wording);
}

int64_t compare_accuracy(const Member *one, const Member *other)
{
        return geo_length_cm(one->accuracy_cm, other->accuracy_cm);
}

/* Who walks round tells one platform of it: two platforms within minutes are two who saw. */
static int64_t burst_of(bool platform, int64_t minutes, int64_t distance_cm)
{
        if (!platform || minutes == VALUE_ABSENT || minutes >= BURST_MINUTES || distance_cm == VALUE_ABSENT)
                return BURST_NONE;
        return distance_cm <= BURST_POINT_CM ? BURST_POINT : distance_cm <= BURST_NEAR_CM ? BURST_NEAR : BURST_APART;
}

/* Of the state of a whole street each who lives there tells, by his own house. */
static bool is_neighbours(const Member *newcomer, int64_t address)
{
        return newcomer->rule->street && (address == ADDRESS_STREET || address == ADDRESS_OTHER_HOUSE);
}

static void places_compare(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Member *member,
                           int64_t apart_cm, bool strangers, int64_t values[FEATURES])
{
        const bool crowded = scene->crowd >= rules->centroid,
                   placed = geo_known(newcomer->point) && geo_known(member->point) &&
                            !(crowded && compare_one_point(newcomer, member)) && !strangers &&
                            !compare_vague(rules, newcomer) && !compare_vague(rules, member);

        values[FEATURE_DISTANCE] = !placed                        ? VALUE_ABSENT
                                   : apart_cm != DISTANCE_UNKNOWN ? apart_cm
                                                                  : geo_distance_cm(newcomer->point, member->point);
        values[FEATURE_NAMED] = VALUE_ABSENT;
        values[FEATURE_ACCURACY] = placed ? compare_accuracy(newcomer, member) : VALUE_ABSENT;
        /* a point that many things share says nothing of what stands on it, and little of how far off the rest is */
        if (placed && crowded && values[FEATURE_ACCURACY] < rules->wide_cm)
                values[FEATURE_ACCURACY] = rules->wide_cm;
}

/* One title for all that a form is for says nothing of two that tell of other things on one point. */
static void texts_compare(const Member *newcomer, const Member *member, bool strangers, int64_t values[FEATURES])
{
        const Wording *one = &newcomer->wording, *other = &member->wording;
        const bool titled = !strangers || !same_title(one, other);
        const int32_t text = titled ? grams_cosine(&one->all, &other->all) : words_alike(one, other),
                      title = titled ? grams_cosine(&one->lead, &other->lead) : -1;
        const int64_t shared = wording_shared(one, other);

        values[FEATURE_TEXT] = text < 0 ? VALUE_ABSENT : text;
        values[FEATURE_TITLE] = title < 0 ? VALUE_ABSENT : title;
        values[FEATURE_SHARED] = shared < 0 ? VALUE_ABSENT : shared;
}

/* By position, or by what the two name. */
static bool is_elsewhere(const int64_t values[FEATURES])
{
        const int64_t address = values[FEATURE_ADDRESS];

        return values[FEATURE_DISTANCE] > REPEAT_CM || values[FEATURE_PLACE] == MATCH_DIFFERENT ||
               values[FEATURE_AREA] == AREA_DIFFERENT || values[FEATURE_SIGN] == SIGN_DIFFERENT ||
               values[FEATURE_SIGN] == SIGN_OTHER_BUILDING || address == ADDRESS_DIFFERENT ||
               address == ADDRESS_OTHER_HOUSE || address == ADDRESS_OTHER_ROAD;
}

void compare_scene(const RuleSet *rules, const Scene *scene, const Member *newcomer, int64_t values[FEATURES])
{
        const bool placed = geo_known(newcomer->point) && !compare_vague(rules, newcomer);

        values[FEATURE_NEIGHBOURS] = placed ? scene->neighbours : VALUE_ABSENT;
        values[FEATURE_DENSITY] = placed ? scene->density : VALUE_ABSENT;
        values[FEATURE_CROWD] = placed ? scene->crowd : VALUE_ABSENT;
}

static bool same_text(const Wording *one, const Wording *other)
{
        return one->whole && one->whole == other->whole;
}

/* What is on one point and has no distance all the same stands where unlike things do. */
static int64_t repeat_of(const RuleSet *rules, const Member *newcomer, const Member *member, int64_t distance)
{
        if (distance == VALUE_ABSENT && compare_one_point(newcomer, member) && !compare_vague(rules, newcomer) &&
            !compare_vague(rules, member))
                return REPEAT_POINT;
        return same_text(&newcomer->wording, &member->wording) && distance <= REPEAT_CM ? REPEAT_TEXT : REPEAT_NONE;
}

void compare_kind(const Member *newcomer, const Member *member, int64_t values[FEATURES])
{
        values[FEATURE_CATEGORY] = compare_categories(newcomer, member);
        values[FEATURE_ADDRESS] = houses_match(&newcomer->wording.houses, &member->wording.houses);
}

void compare_place(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Member *member,
                   int64_t apart_cm, int64_t values[FEATURES])
{
        places_compare(rules, scene, newcomer, member, apart_cm,
                       compare_one_point(newcomer, member) && compare_strangers(newcomer, member), values);
        values[FEATURE_AGE] = newcomer->undated || member->undated
                                      ? VALUE_ABSENT
                                      : llabs(newcomer->occurred - member->occurred) / 60000;
        values[FEATURE_REPEAT] = repeat_of(rules, newcomer, member, values[FEATURE_DISTANCE]);
}

void compare_others(const RuleSet *rules, const Member *newcomer, const Member *member, int64_t values[FEATURES])
{
        const int64_t distance = values[FEATURE_DISTANCE];
        const bool platform = text_same(newcomer->platform, member->platform);

        values[FEATURE_BURST] = is_neighbours(newcomer, values[FEATURE_ADDRESS])
                                        ? BURST_NONE
                                        : burst_of(platform, values[FEATURE_AGE], distance);
        values[FEATURE_OBJECT] = newcomer->objects_size > 0 ? compare_objects(newcomer, member) : OBJECT_ABSENT;
        values[FEATURE_CHANNEL] = platform && text_same(newcomer->channel, member->channel);
        values[FEATURE_REPORTER] = compare_reporters(newcomer, member);
        values[FEATURE_FAR] =
                distance != VALUE_ABSENT && compare_scaled(rules, distance, values[FEATURE_ACCURACY]) > FAR_CM;
        values[FEATURE_THING] = values[FEATURE_OBJECT] % 2 == 1;
}

void compare_facts(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Member *member,
                   int64_t apart_cm, int64_t values[FEATURES])
{
        for (Feature f = 0; f < FEATURES; f++)
                values[f] = VALUE_ABSENT;
        compare_kind(newcomer, member, values);
        compare_place(rules, scene, newcomer, member, apart_cm, values);
        compare_others(rules, newcomer, member, values);
}

void compare_names(const Member *newcomer, const Member *member, int64_t values[FEATURES])
{
        const Wording *one = &newcomer->wording, *other = &member->wording;
        const int64_t rares = wording_rares(one, other);

        values[FEATURE_PLACE] = places_match(&one->places, &other->places);
        values[FEATURE_AREA] = places_area(&one->places, &other->places);
        values[FEATURE_SIGN] = signs_match(&one->signs, &other->signs);
        values[FEATURE_RARE] = rares < 0 ? VALUE_ABSENT : rares;
}

void compare_words(const Member *newcomer, const Member *member, int64_t values[FEATURES])
{
        texts_compare(newcomer, member, compare_strangers(newcomer, member), values);
        values[FEATURE_SAID] = values[FEATURE_TEXT] >= SAID;
        if (values[FEATURE_REPORTER] == REPORTER_SAME && values[FEATURE_TEXT] >= TEMPLATE && is_elsewhere(values))
                values[FEATURE_REPORTER] = REPORTER_TEMPLATE;
}
