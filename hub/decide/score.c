#include "hub/decide/score.h"

#include "hub/base/text.h"
#include "hub/decide/compare.h"

#include <string.h>

enum { NEIGHBOURS_CM = 5000, DENSITY_CM = SCENE_CM, NAMED_APART_CM = 100000 };

void scene_add(Scene *scene, const Member *newcomer, const Incident *incident)
{
        const Member *members[INCIDENT_LINKED_MOST];
        bool other = false;

        if (!geo_known(newcomer->point) || !geo_known(incident->point))
                return;
        if (text_same(incident->category, newcomer->category)) {
                const int64_t distance = geo_distance_cm(newcomer->point, incident->point);

                scene->neighbours += distance <= NEIGHBOURS_CM;
                scene->density += distance <= DENSITY_CM;
        }
        for (size_t i = 0, size = incident_linked(incident, members); i < size && !other; i++)
                other = compare_one_point(newcomer, members[i]) && compare_strangers(newcomer, members[i]);
        scene->crowd += other;
}

static void points_take(const RuleSet *rules, const Member *newcomer, Comparison *out)
{
        out->total = 0;
        for (Feature f = 0; f < FEATURES; f++) {
                out->bins[f] = (uint8_t)score_bin(rules, f, out->values);
                out->points[f] = score_points(rules, newcomer, f, out->bins[f], out->values[f]);
                out->total += out->points[f];
        }
}

int64_t score_named(int address, int sign, int64_t distance)
{
        if (address != ADDRESS_HOUSE && (address != ADDRESS_ROAD || sign != SIGN_SAME))
                return VALUE_ABSENT;
        return distance == VALUE_ABSENT ? NAMED_APART_CM : distance;
}

/* Do both name one place or thing, where no distance tells? Words alike may be of any place. */
static bool somewhere(const int64_t values[FEATURES])
{
        const int64_t address = values[FEATURE_ADDRESS], sign = values[FEATURE_SIGN];

        return values[FEATURE_DISTANCE] != VALUE_ABSENT || values[FEATURE_OBJECT] % 2 == 1 ||
               values[FEATURE_PLACE] == MATCH_SAME || address == ADDRESS_SAME || address == ADDRESS_HOUSE ||
               address == ADDRESS_ROAD || sign == SIGN_SAME || sign == SIGN_PART || sign == SIGN_SLIP ||
               sign == SIGN_ESTATE || sign == SIGN_MARK;
}

size_t score_members(const RuleSet *rules, const Scene *scene, const Member *newcomer, const Incident *incident,
                     const Member *members[INCIDENT_LINKED_MOST], Comparison out[INCIDENT_LINKED_MOST])
{
        const size_t count = incident_linked(incident, members);
        int address = ADDRESS_ABSENT, sign = SIGN_ABSENT;

        for (size_t i = 0; i < count; i++) {
                compare_facts(rules, scene, newcomer, members[i], DISTANCE_UNKNOWN, out[i].values);
                compare_scene(rules, scene, newcomer, out[i].values);
                compare_names(newcomer, members[i], out[i].values);
                compare_words(newcomer, members[i], out[i].values);
                address = houses_better((int)out[i].values[FEATURE_ADDRESS], address);
                sign = signs_better((int)out[i].values[FEATURE_SIGN], sign);
        }
        for (size_t i = 0; i < count; i++) {
                out[i].values[FEATURE_ADDRESS] = address;
                out[i].values[FEATURE_SIGN] = sign;
                out[i].values[FEATURE_NAMED] = score_named(address, sign, out[i].values[FEATURE_DISTANCE]);
                if (out[i].values[FEATURE_REPEAT] == REPEAT_NONE && !somewhere(out[i].values))
                        out[i].values[FEATURE_REPEAT] = REPEAT_NOWHERE;
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

/* Where the place alone would have kept them apart, or nobody knows it. */
static bool members_name_one(const Member *newcomer, const Member *member)
{
        /* one house is one place, however far off a position was put */
        if ((newcomer->objects_size > 0 && compare_objects(newcomer, member) % 2 == 1) ||
            members_name_house(newcomer, member))
                return true;
        if (geo_known(newcomer->point) && geo_known(member->point))
                return false;
        if (wording_share_rare(&newcomer->wording, &member->wording))
                return true;
        const int sign = signs_match(&newcomer->wording.signs, &member->wording.signs);

        return sign == SIGN_SAME || sign == SIGN_SLIP || sign == SIGN_PART || sign == SIGN_ESTATE ||
               places_match(&newcomer->wording.places, &member->wording.places) == MATCH_SAME;
}

static bool members_near(const RuleSet *rules, const Member *newcomer, const Member *member, int64_t *apart_cm)
{
        if (!geo_known(newcomer->point) || !geo_known(member->point))
                return false;
        const int64_t distance = geo_distance_cm(newcomer->point, member->point), radius = newcomer->rule->radius_cm;

        *apart_cm = distance;
        if (distance <= radius)
                return true;
        const int64_t accuracy = compare_accuracy(newcomer, member);

        return distance <= radius + (accuracy > rules->scale_cm ? accuracy : 0);
}

bool score_in_reach(const RuleSet *rules, const Member *newcomer, const Incident *incident, int64_t *apart_cm)
{
        const Member *members[INCIDENT_LINKED_MOST];
        const size_t count = incident_linked(incident, members);

        for (size_t i = 0; i < count; i++) {
                int64_t apart;

                if (members_near(rules, newcomer, members[i], i == 0 ? apart_cm : &apart) ||
                    members_name_one(newcomer, members[i]))
                        return true;
        }
        return false;
}

/* Hundredths with both of their digits. */
static void hundredths_write(Buffer *out, int64_t value)
{
        buffer_integer(out, value / 100);
        buffer_byte(out, '.');
        buffer_byte(out, (char)('0' + value % 100 / 10));
        buffer_byte(out, (char)('0' + value % 10));
}

static void value_write(Buffer *out, Feature feature, int64_t value)
{
        const FeatureForm *form = feature_form(feature);

        if (form->choices)
                buffer_text(out, form->choices[value == VALUE_ABSENT ? 0 : value]);
        else if (value == VALUE_ABSENT)
                buffer_text(out, "absent");
        else if (form->unit == 100)
                hundredths_write(out, value);
        else
                buffer_integer(out, value);
}

void score_write(Buffer *out, const Comparison *comparison)
{
        for (Feature f = 0; f < FEATURES; f++) {
                const bool named = feature_form(f)->choices || comparison->values[f] == VALUE_ABSENT;

                buffer_text(out, f ? ",{\"feature\":\"" : "{\"feature\":\"");
                buffer_text(out, feature_form(f)->name);
                buffer_text(out, named ? "\",\"value\":\"" : "\",\"value\":");
                value_write(out, f, comparison->values[f]);
                buffer_text(out, named ? "\",\"points\":" : ",\"points\":");
                buffer_integer(out, comparison->points[f]);
                buffer_byte(out, '}');
        }
}

void score_write_short(Buffer *out, const Comparison *comparison)
{
        const char *before = "";

        for (Feature f = 0; f < FEATURES; f++) {
                if (comparison->points[f] == 0)
                        continue;
                buffer_text(out, before);
                buffer_text(out, feature_form(f)->name);
                buffer_byte(out, '=');
                value_write(out, f, comparison->values[f]);
                buffer_byte(out, ':');
                buffer_integer(out, comparison->points[f]);
                before = ";";
        }
}
