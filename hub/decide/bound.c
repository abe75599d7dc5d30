#include "hub/decide/bound.h"

#include "hub/decide/compare.h"

/* Who tells a feature: the newcomer and what surrounds him; the names in their words; the words. The rest are facts of both. */
static const Feature alike[] = { FEATURE_PRIOR, FEATURE_RATE, FEATURE_NEIGHBOURS, FEATURE_DENSITY, FEATURE_CROWD };
static const Feature names[] = { FEATURE_SIGN, FEATURE_PLACE, FEATURE_AREA, FEATURE_RARE };
static const Feature words[] = { FEATURE_SAID, FEATURE_TEXT, FEATURE_TITLE, FEATURE_SHARED };
static const Feature choices[] = { FEATURE_CATEGORY, FEATURE_FAR,     FEATURE_THING, FEATURE_BURST,
                                   FEATURE_OBJECT,   FEATURE_CHANNEL, FEATURE_REPEAT };
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
        return bound;
}

/* With a sign in common or without; by a person's own template or not. */
static int64_t bent_most(const Bound *bound, int address, const int64_t values[FEATURES])
{
        const int64_t distance = values[FEATURE_DISTANCE], reporter = values[FEATURE_REPORTER];
        const int32_t *points = bound->rules->tables[FEATURE_REPORTER].points;
        int64_t most = bound->unnamed;

        if (address == ADDRESS_HOUSE)
                most = named_points(bound, address, SIGN_ABSENT, distance);
        if (address == ADDRESS_ROAD)
                most = higher(most, named_points(bound, address, SIGN_SAME, distance));
        return most + (reporter == REPORTER_SAME ? higher(points[REPORTER_SAME], points[REPORTER_TEMPLATE])
                                                 : points[reporter]);
}

static int32_t number_points(const RuleSet *rules, Feature feature, int64_t value)
{
        return rules->tables[feature].points[table_number_bin(&rules->tables[feature], value)];
}

/* Names may yet say that nothing tells where: what that adds, where rules let it add. */
static int64_t nowhere_most(const RuleSet *rules)
{
        const int32_t *points = rules->tables[FEATURE_REPEAT].points;

        return higher(points[REPEAT_NOWHERE] - points[REPEAT_NONE], 0);
}

static int64_t facts_most(const Bound *bound, const int64_t values[FEATURES])
{
        const RuleSet *rules = bound->rules;
        const int32_t *own = bound->newcomer->rule->own;
        int64_t most = bound->rest + bent_most(bound, (int)values[FEATURE_ADDRESS], values);

        for (size_t i = 0; i < SIZE(choices); i++)
                most += rules->tables[choices[i]].points[values[choices[i]]];
        if (values[FEATURE_REPEAT] == REPEAT_NONE && values[FEATURE_DISTANCE] == VALUE_ABSENT)
                most += nowhere_most(rules);
        const int64_t distance = values[FEATURE_DISTANCE], accuracy = values[FEATURE_ACCURACY];
        most += score_points(rules, bound->newcomer, FEATURE_DISTANCE, score_bin(rules, FEATURE_DISTANCE, values),
                             distance);
        most += score_points(rules, bound->newcomer, FEATURE_ADDRESS, (size_t)values[FEATURE_ADDRESS],
                             values[FEATURE_ADDRESS]);
        most += number_points(rules, FEATURE_ACCURACY, accuracy) +
                number_points(rules, FEATURE_AGE, values[FEATURE_AGE]);
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

void bound_facts(const Bound *bound, const Incident *incident, int64_t apart_cm, Reach *out)
{
        const Member *members[INCIDENT_LINKED_MOST];
        int64_t values[INCIDENT_LINKED_MOST][FEATURES];
        const size_t count = incident_linked(incident, members);
        int address = ADDRESS_ABSENT;

        *out = (Reach){ .best = INT64_MIN, .count = (int64_t)count };
        for (size_t i = 0; i < count; i++) {
                compare_facts(bound->rules, bound->scene, bound->newcomer, members[i],
                              i == 0 ? apart_cm : DISTANCE_UNKNOWN, values[i]);
                address = houses_better((int)values[i][FEATURE_ADDRESS], address);
        }
        for (size_t i = 0; i < count; i++) {
                values[i][FEATURE_ADDRESS] = address;
                const int64_t most = facts_most(bound, values[i]);

                out->sum += most;
                out->best = higher(out->best, most);
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
        reach->named = true;
        reach_take(bound, reach);
}
