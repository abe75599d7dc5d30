#include "hub/decide/score.h"

#include "hub/base/text.h"
#include "hub/decide/compare.h"

#include <inttypes.h>
#include <string.h>

enum { NEIGHBOURS_CM = 5000, DENSITY_CM = SCENE_CM, NAMED_APART_CM = 100000 };

void scene_add(Scene *scene, const Member *newcomer, const Incident *incident)
{
        const Member *members[INCIDENT_LINKED_MOST];
        bool other = false;

        if (!geo_known(newcomer->point) || !geo_known(incident->point))
                return;
        const int64_t distance = geo_distance_cm(newcomer->point, incident->point);
        const bool same = text_same(incident->category, newcomer->category);

        scene->neighbours += same && distance <= NEIGHBOURS_CM;
        scene->density += same && distance <= DENSITY_CM;
        for (size_t i = 0, size = incident_linked(incident, members); i < size && !other; i++)
                other = compare_strangers(newcomer, members[i]);
        scene->crowd += other;
}

/* What the category has of its own to say of a feature. */
static int32_t own_points(const CategoryRules *rule, Feature feature, int64_t value)
{
        for (size_t i = 0; i < CATEGORY_POINTS; i++)
                if (category_feature(i) == feature)
                        return value == WHETHER_NO ? 0 : rule->own[i];
        return 0;
}

static void points_take(const RuleSet *rules, const Member *newcomer, Comparison *out)
{
        out->total = 0;
        for (Feature f = 0; f < FEATURES; f++) {
                int64_t value = out->values[f];

                if (f == FEATURE_DISTANCE && value != VALUE_ABSENT)
                        value = compare_scaled(rules, value, out->values[FEATURE_ACCURACY]);
                out->bins[f] = (uint8_t)table_bin(&rules->tables[f], f, value);
                out->points[f] = rules->tables[f].points[out->bins[f]] + own_points(newcomer->rule, f, out->values[f]);
                out->total += out->points[f];
        }
}

/* Where both name one house a position far off is wrong; without a position they are as far apart as can be. */
static int64_t named_distance(int address, int sign, int64_t distance)
{
        if (address != ADDRESS_HOUSE && (address != ADDRESS_ROAD || sign != SIGN_SAME))
                return VALUE_ABSENT;
        return distance == VALUE_ABSENT ? NAMED_APART_CM : distance;
}

size_t score_members(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Incident *incident,
                     const Member *members[INCIDENT_LINKED_MOST], Comparison out[INCIDENT_LINKED_MOST])
{
        const size_t count = incident_linked(incident, members);
        int address = ADDRESS_ABSENT, sign = SIGN_ABSENT;

        for (size_t i = 0; i < count; i++) {
                compare_values(rules, scene, newcomer, members[i], out[i].values);
                address = houses_better((int)out[i].values[FEATURE_ADDRESS], address);
                sign = signs_better((int)out[i].values[FEATURE_SIGN], sign);
        }
        for (size_t i = 0; i < count; i++) {
                out[i].values[FEATURE_ADDRESS] = address;
                out[i].values[FEATURE_SIGN] = sign;
                out[i].values[FEATURE_NAMED] = named_distance(address, sign, out[i].values[FEATURE_DISTANCE]);
                points_take(rules, newcomer, &out[i]);
        }
        return count;
}

static int32_t floored(int64_t sum, int64_t count)
{
        return (int32_t)(sum >= 0 ? sum / count : -((-sum + count - 1) / count));
}

void score_incident(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Incident *incident,
                    Score *out)
{
        const Member *members[INCIDENT_LINKED_MOST];
        Comparison each[INCIDENT_LINKED_MOST], best = { .total = INT32_MIN };
        const int64_t count = (int64_t)score_members(rules, scene, newcomer, incident, members, each);
        int64_t sums[FEATURES] = { 0 };

        memset(out, 0, sizeof *out);
        for (int64_t i = 0; i < count; i++) {
                for (Feature f = 0; f < FEATURES; f++)
                        sums[f] += each[i].points[f];
                if (out->against && each[i].total <= best.total)
                        continue;
                best = each[i];
                out->against = members[i];
        }
        if (count == 0)
                return;
        const bool placed = geo_known(newcomer->point) && !compare_vague(rules, newcomer);
        out->mean = best;
        out->mean.total = 0;
        for (Feature f = 0; f < FEATURES; f++) {
                out->mean.points[f] =
                        placed ? floored(sums[f], count) : floored(sums[f] + best.points[f] * count, 2 * count);
                out->mean.total += out->mean.points[f];
        }
}

static bool members_in_reach(const RuleSet *rules, const Member *newcomer, const Member *member)
{
        if (compare_objects(newcomer, member) % 2 == 1)
                return true;
        /* one house is one place, however far off a position was put */
        if (members_name_house(newcomer, member))
                return true;
        if (!geo_known(newcomer->point) || !geo_known(member->point)) {
                const int sign = signs_match(&newcomer->wording.signs, &member->wording.signs);

                return sign == SIGN_SAME || sign == SIGN_SLIP || sign == SIGN_PART || sign == SIGN_ESTATE ||
                       wording_rares(&newcomer->wording, &member->wording) > 0 ||
                       places_match(&newcomer->wording.places, &member->wording.places) == MATCH_SAME;
        }
        const int64_t accuracy = compare_accuracy(newcomer, member);
        const int64_t beyond = accuracy > rules->scale_cm ? accuracy : 0;

        return geo_distance_cm(newcomer->point, member->point) <= newcomer->rule->radius_cm + beyond;
}

bool score_in_reach(const RuleSet *rules, const Member *newcomer, const Incident *incident)
{
        const Member *members[INCIDENT_LINKED_MOST];
        const size_t count = incident_linked(incident, members);

        for (size_t i = 0; i < count; i++)
                if (members_in_reach(rules, newcomer, members[i]))
                        return true;
        return false;
}

static void value_write(Buffer *out, Feature feature, int64_t value)
{
        const FeatureForm *form = feature_form(feature);

        if (form->choices)
                buffer_format(out, ",\"value\":\"%s\"", form->choices[value == VALUE_ABSENT ? 0 : value]);
        else if (value == VALUE_ABSENT)
                buffer_text(out, ",\"value\":\"absent\"");
        else if (form->unit == 100)
                buffer_format(out, ",\"value\":%" PRId64 ".%02" PRId64, value / 100, value % 100);
        else
                buffer_format(out, ",\"value\":%" PRId64, value);
}

void score_write(Buffer *out, const Comparison *comparison)
{
        for (Feature f = 0; f < FEATURES; f++) {
                buffer_format(out, "%s{\"feature\":\"%s\"", f ? "," : "", feature_form(f)->name);
                value_write(out, f, comparison->values[f]);
                buffer_format(out, ",\"points\":%d}", comparison->points[f]);
        }
}
