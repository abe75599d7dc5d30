#include "hub/decide/bound.h"

#include "hub/decide/compare.h"

/* Who tells a feature: the newcomer and what surrounds him; the names in their words; the words. The rest are facts of both. */
static const Feature alike[] = { FEATURE_PRIOR, FEATURE_RATE, FEATURE_NEIGHBOURS, FEATURE_DENSITY, FEATURE_CROWD };
static const Feature names[] = { FEATURE_SIGN, FEATURE_PLACE, FEATURE_AREA, FEATURE_RARE };
static const Feature words[] = { FEATURE_SAID, FEATURE_TEXT, FEATURE_TITLE, FEATURE_SHARED };
static const Feature others[] = { FEATURE_FAR, FEATURE_THING, FEATURE_BURST, FEATURE_OBJECT, FEATURE_CHANNEL };
/* Two facts that names or words bend stand apart: FEATURE_NAMED, FEATURE_REPORTER. */

#define SIZE(list) (sizeof(list) / sizeof *(list))

/* Says the newcomer nothing that this feature compares? Then it is absent against everybody. */
static bool is_mute(const Wording *wording, Feature feature)
{
        if (feature == FEATURE_SAID || feature == FEATURE_TEXT)
                return wording->all.size == 0;
        if (feature == FEATURE_TITLE)
                return wording->lead.size == 0;
        if (feature == FEATURE_RARE)
                return wording->rares_size == 0;
        if (feature == FEATURE_SHARED)
                return wording->rarest.size == 0;
        if (feature == FEATURE_SIGN)
                return wording->signs.size == 0;
        return wording->places.size == 0;
}

static int64_t higher(int64_t one, int64_t other)
{
        return one > other ? one : other;
}

/* Of whatever the words may say. */
static int64_t feature_most(const RuleSet *rules, const Member *newcomer, Feature feature)
{
        const PointTable *table = &rules->tables[feature];
        int64_t most = INT32_MIN;

        if (is_mute(&newcomer->wording, feature)) {
                const int64_t value = feature_form(feature)->choices ? 0 : VALUE_ABSENT;

                return score_points(rules, newcomer, feature, table_bin(table, feature, value), value);
        }
        for (size_t bin = 0; bin < table_bins(table, feature); bin++)
                most = higher(most, score_points(rules, newcomer, feature, bin, (int64_t)bin));
        return most;
}

static int32_t named_points(const Bound *bound, int address, int sign, int64_t distance)
{
        const PointTable *table = &bound->rules->tables[FEATURE_NAMED];

        return table->points[table_number_bin(table, score_named(address, sign, distance))];
}

static int64_t table_most(const RuleSet *rules, Feature feature)
{
        const PointTable *table = &rules->tables[feature];
        int64_t most = INT32_MIN;

        for (size_t bin = 0; bin < table_bins(table, feature); bin++)
                most = higher(most, table->points[bin]);
        return most;
}

/* The most that others_points() says of whomever: of things and persons only where the newcomer names some. */
static int64_t others_most(const RuleSet *rules, const Member *newcomer)
{
        const PointTable *tables = rules->tables;
        const int32_t *own = newcomer->rule->own;
        int64_t most = table_most(rules, FEATURE_BURST) + table_most(rules, FEATURE_CHANNEL) +
                       table_most(rules, FEATURE_FAR) + higher(own[CATEGORY_FAR], 0);

        most += newcomer->reporters[0] ? table_most(rules, FEATURE_REPORTER)
                                       : tables[FEATURE_REPORTER].points[REPORTER_ABSENT];
        if (newcomer->objects_size == 0)
                return most + tables[FEATURE_OBJECT].points[OBJECT_ABSENT] + tables[FEATURE_THING].points[WHETHER_NO];
        return most + table_most(rules, FEATURE_OBJECT) + table_most(rules, FEATURE_THING) +
               higher(own[CATEGORY_THING], 0);
}

/* The most that place_points() says of whomever, but for names. */
static int64_t place_most(const RuleSet *rules, const Member *newcomer)
{
        const PointTable *distance = &rules->tables[FEATURE_DISTANCE];
        int64_t most = INT64_MIN;

        for (size_t bin = 0; bin < table_bins(distance, FEATURE_DISTANCE); bin++)
                most = higher(most, score_points(rules, newcomer, FEATURE_DISTANCE, bin, (int64_t)bin));
        return most + table_most(rules, FEATURE_ACCURACY) + table_most(rules, FEATURE_AGE) +
               table_most(rules, FEATURE_REPEAT);
}

Bound bound_of(const RuleSet *rules, const Scene *scene, const Member *newcomer)
{
        Bound bound = { .rules = rules,
                        .scene = scene,
                        .newcomer = newcomer,
                        .placed = geo_known(newcomer->point) && !compare_vague(rules, newcomer) };
        int64_t values[FEATURES] = { [FEATURE_PRIOR] = VALUE_ABSENT, [FEATURE_RATE] = VALUE_ABSENT };

        compare_scene(rules, scene, newcomer, values);
        for (size_t i = 0; i < SIZE(names); i++)
                bound.names += feature_most(rules, newcomer, names[i]);
        bound.rest = bound.names;
        for (size_t i = 0; i < SIZE(words); i++)
                bound.rest += feature_most(rules, newcomer, words[i]);
        for (size_t i = 0; i < SIZE(alike); i++)
                bound.rest +=
                        score_points(rules, newcomer, alike[i], score_bin(rules, alike[i], values), values[alike[i]]);
        bound.unnamed = named_points(&bound, ADDRESS_ABSENT, SIGN_ABSENT, VALUE_ABSENT);
        bound.named = higher(bound.unnamed, table_most(rules, FEATURE_NAMED));
        bound.others = others_most(rules, newcomer);
        bound.place = bound.others + place_most(rules, newcomer);
        return bound;
}

static int32_t number_points(const RuleSet *rules, Feature feature, int64_t value)
{
        return rules->tables[feature].points[table_number_bin(&rules->tables[feature], value)];
}

static int64_t kind_points(const Bound *bound, int64_t category, int64_t address)
{
        return bound->rules->tables[FEATURE_CATEGORY].points[category] +
               score_points(bound->rules, bound->newcomer, FEATURE_ADDRESS, (size_t)address, address);
}

/* With a sign in common or without. */
static int64_t named_most(const Bound *bound, int address, int64_t distance)
{
        if (address == ADDRESS_HOUSE)
                return named_points(bound, address, SIGN_ABSENT, distance);
        if (address == ADDRESS_ROAD)
                return higher(bound->unnamed, named_points(bound, address, SIGN_SAME, distance));
        return bound->unnamed;
}

/* Names may yet say that nothing tells where: what that adds, where rules let it add. */
static int64_t repeat_most(const Bound *bound, const int64_t values[FEATURES])
{
        const int32_t *points = bound->rules->tables[FEATURE_REPEAT].points;
        const int64_t repeat = values[FEATURE_REPEAT];

        if (repeat == REPEAT_NONE && values[FEATURE_DISTANCE] == VALUE_ABSENT)
                return higher(points[REPEAT_NOWHERE], points[REPEAT_NONE]);
        return points[repeat];
}

static int64_t place_points(const Bound *bound, const int64_t values[FEATURES])
{
        const RuleSet *rules = bound->rules;
        const int64_t distance = values[FEATURE_DISTANCE];

        return repeat_most(bound, values) + named_most(bound, (int)values[FEATURE_ADDRESS], distance) +
               score_points(rules, bound->newcomer, FEATURE_DISTANCE, score_bin(rules, FEATURE_DISTANCE, values),
                            distance) +
               number_points(rules, FEATURE_ACCURACY, values[FEATURE_ACCURACY]) +
               number_points(rules, FEATURE_AGE, values[FEATURE_AGE]);
}

/* By a person's own template or not. */
static int64_t others_points(const Bound *bound, const int64_t values[FEATURES])
{
        const PointTable *tables = bound->rules->tables;
        const int32_t *own = bound->newcomer->rule->own, *persons = tables[FEATURE_REPORTER].points;
        const int64_t reporter = values[FEATURE_REPORTER];
        int64_t most = reporter == REPORTER_SAME ? higher(persons[REPORTER_SAME], persons[REPORTER_TEMPLATE])
                                                 : persons[reporter];

        for (size_t i = 0; i < SIZE(others); i++)
                most += tables[others[i]].points[values[others[i]]];
        return most + own[CATEGORY_FAR] * values[FEATURE_FAR] + own[CATEGORY_THING] * values[FEATURE_THING];
}

/* A division that rounds towards zero is not below the sum of floored means. */
static void reach_take(const Bound *bound, Reach *reach)
{
        const int64_t count = reach->count;

        reach->most = count == 0      ? 0 /* as score_incident() says */
                      : bound->placed ? reach->sum / count
                                      : (reach->sum + reach->best * count) / (2 * count);
}

/* Of one alone. False: it stopped where `least` was out of reach already, and says what that needed. */
static bool lone_most(const Bound *bound, const Member *member, int64_t apart_cm, int64_t least, int64_t *most)
{
        int64_t values[FEATURES], told = bound->rest;

        compare_kind(bound->newcomer, member, values);
        told += kind_points(bound, values[FEATURE_CATEGORY], values[FEATURE_ADDRESS]);
        const int64_t address = values[FEATURE_ADDRESS];
        *most = told + bound->place +
                (address == ADDRESS_HOUSE || address == ADDRESS_ROAD ? bound->named : bound->unnamed);
        if (*most < least)
                return false;
        compare_place(bound->rules, bound->scene, bound->newcomer, member, apart_cm, values);
        told += place_points(bound, values);
        *most = told + bound->others;
        if (*most < least)
                return false;
        compare_others(bound->rules, bound->newcomer, member, values);
        *most = told + others_points(bound, values);
        return true;
}

static void many_most(const Bound *bound, const Member *const *members, int64_t apart_cm, Reach *out)
{
        int64_t values[INCIDENT_LINKED_MOST][FEATURES];
        const size_t count = (size_t)out->count;
        int address = ADDRESS_ABSENT;

        for (size_t i = 0; i < count; i++) {
                compare_kind(bound->newcomer, members[i], values[i]);
                compare_place(bound->rules, bound->scene, bound->newcomer, members[i],
                              i == 0 ? apart_cm : DISTANCE_UNKNOWN, values[i]);
                compare_others(bound->rules, bound->newcomer, members[i], values[i]);
                address = houses_better((int)values[i][FEATURE_ADDRESS], address);
        }
        for (size_t i = 0; i < count; i++) {
                values[i][FEATURE_ADDRESS] = address;
                const int64_t most = bound->rest + kind_points(bound, values[i][FEATURE_CATEGORY], address) +
                                     place_points(bound, values[i]) + others_points(bound, values[i]);

                out->sum += most;
                out->best = higher(out->best, most);
        }
}

void bound_facts(const Bound *bound, const Incident *incident, int64_t apart_cm, int64_t least, Reach *out)
{
        const Member *members[INCIDENT_LINKED_MOST];
        const size_t count = incident_linked(incident, members);

        *out = (Reach){ .best = INT64_MIN, .count = (int64_t)count, .step = REACH_FACTS };
        if (count == 1) {
                if (!lone_most(bound, members[0], apart_cm, least, &out->best))
                        out->step = REACH_PART;
                out->sum = out->best;
        } else {
                many_most(bound, members, apart_cm, out);
        }
        reach_take(bound, out);
}

void bound_names(const Bound *bound, const Incident *incident, Reach *reach)
{
        const Member *members[INCIDENT_LINKED_MOST];
        int64_t values[INCIDENT_LINKED_MOST][FEATURES], sum = 0, best = INT64_MIN;
        const size_t count = incident_linked(incident, members);
        int sign = SIGN_ABSENT;

        for (size_t i = 0; i < count; i++) {
                compare_names(bound->newcomer, members[i], values[i]);
                sign = signs_better((int)values[i][FEATURE_SIGN], sign);
        }
        for (size_t i = 0; i < count; i++) {
                const PointTable *tables = bound->rules->tables;
                const int64_t points = tables[FEATURE_SIGN].points[sign] +
                                       tables[FEATURE_PLACE].points[values[i][FEATURE_PLACE]] +
                                       tables[FEATURE_AREA].points[values[i][FEATURE_AREA]] +
                                       number_points(bound->rules, FEATURE_RARE, values[i][FEATURE_RARE]);

                sum += points;
                best = higher(best, points);
        }
        reach->sum += sum - bound->names * (int64_t)count;
        reach->best += best - bound->names;
        reach->step = REACH_NAMES;
        reach_take(bound, reach);
}
