#include "hub/correlate/score.h"

#include "hub/base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[FEATURES] = { "prior", "rate",   "category", "distance", "accuracy",
                                             "age",   "object", "text",     "channel" };

const char *feature_name(Feature feature)
{
        return names[feature];
}

/* Pseudonyms under different key versions ("p3:", "p4:") compare as absent, not as different. */
static bool same_key(const char *one, const char *other)
{
        const char *a = strchr(one, ':'), *b = strchr(other, ':');

        return !a || !b || (a - one == b - other && memcmp(one, other, (size_t)(a - one)) == 0);
}

static int objects_relate(const Member *one, const Member *other)
{
        int relation = OBJECT_ABSENT;

        for (size_t i = 0; i < one->objects_size; i++) {
                for (size_t j = 0; j < other->objects_size; j++) {
                        const MemberObject *a = &one->objects[i], *b = &other->objects[j];

                        if (a->kind != b->kind || (a->kind == OBJECT_PLATE && !same_key(a->id, b->id)))
                                continue;
                        if (text_same(a->id, b->id))
                                return OBJECT_EQUAL;
                        relation = OBJECT_DIFFERENT;
                }
        }
        return relation;
}

static int categories_relate(const Member *one, const Member *other)
{
        if (text_same(one->category, other->category))
                return RELATION_SAME;
        return one->group && text_same(one->group, other->group) ? RELATION_RELATED : RELATION_OTHER;
}

static int64_t both_accuracies(const Member *one, const Member *other)
{
        return geo_length_cm(one->accuracy_cm, other->accuracy_cm);
}

static void place_compare(const RuleSet *rules, const Member *newcomer, const Member *member, Comparison *out)
{
        if (!geo_known(newcomer->point) || !geo_known(member->point)) {
                out->values[FEATURE_DISTANCE] = out->values[FEATURE_ACCURACY] = VALUE_ABSENT;
                out->points[FEATURE_DISTANCE] = rules->distance.absent;
                out->points[FEATURE_ACCURACY] = rules->accuracy.absent;
                return;
        }
        const int64_t distance = geo_distance_cm(newcomer->point, member->point),
                      accuracy = both_accuracies(newcomer, member);
        const int64_t scaled = accuracy > rules->scale_cm ? distance * rules->scale_cm / accuracy : distance;

        out->values[FEATURE_DISTANCE] = distance;
        out->values[FEATURE_ACCURACY] = accuracy;
        out->points[FEATURE_DISTANCE] = rules_points(&rules->distance, scaled);
        out->points[FEATURE_ACCURACY] = rules_points(&rules->accuracy, accuracy);
}

static void relations_compare(const RuleSet *rules, const Member *newcomer, const Member *member, Comparison *out)
{
        const int category = categories_relate(newcomer, member), object = objects_relate(newcomer, member);
        const bool channel =
                text_same(newcomer->platform, member->platform) && text_same(newcomer->channel, member->channel);

        out->values[FEATURE_CATEGORY] = category;
        out->points[FEATURE_CATEGORY] = category == RELATION_SAME      ? rules->category_same
                                        : category == RELATION_RELATED ? rules->category_related
                                                                       : rules->category_other;
        out->values[FEATURE_OBJECT] = object;
        out->points[FEATURE_OBJECT] = object == OBJECT_EQUAL       ? rules->object_equal
                                      : object == OBJECT_DIFFERENT ? rules->object_different
                                                                   : rules->object_absent;
        out->values[FEATURE_CHANNEL] = channel;
        out->points[FEATURE_CHANNEL] = channel ? rules->channel_same : rules->channel_other;
}

void score_pair(const RuleSet *rules, const Member *newcomer, const Member *member, Comparison *out)
{
        const int64_t age = llabs(newcomer->occurred - member->occurred) / 60000;
        const int32_t cosine = grams_cosine(&newcomer->grams, &member->grams);

        out->values[FEATURE_PRIOR] = VALUE_ABSENT;
        out->points[FEATURE_PRIOR] = rules->prior;
        out->values[FEATURE_RATE] = VALUE_ABSENT;
        out->points[FEATURE_RATE] = newcomer->rule->rate;
        place_compare(rules, newcomer, member, out);
        relations_compare(rules, newcomer, member, out);
        out->values[FEATURE_AGE] = age;
        out->points[FEATURE_AGE] = rules_points(&rules->age, age);
        out->values[FEATURE_TEXT] = cosine < 0 ? VALUE_ABSENT : cosine;
        out->points[FEATURE_TEXT] = cosine < 0 ? rules->text.absent : rules_points(&rules->text, cosine);
        out->total = 0;
        for (size_t i = 0; i < FEATURES; i++)
                out->total += out->points[i];
}

static int32_t floored(int64_t sum, int64_t count)
{
        return (int32_t)(sum >= 0 ? sum / count : -((-sum + count - 1) / count));
}

void score_incident(const RuleSet *rules, const Member *newcomer, const Incident *incident, Score *out)
{
        const Member *members[INCIDENT_LINKED_MOST];
        const size_t count = incident_linked(incident, members);
        int64_t sums[FEATURES] = { 0 };
        int32_t best = INT32_MIN;

        memset(out, 0, sizeof *out);
        for (size_t i = 0; i < count; i++) {
                Comparison one;

                score_pair(rules, newcomer, members[i], &one);
                for (size_t f = 0; f < FEATURES; f++)
                        sums[f] += one.points[f];
                if (!out->against || one.total > best) {
                        best = one.total;
                        out->against = members[i];
                        memcpy(out->mean.values, one.values, sizeof one.values);
                }
        }
        for (size_t f = 0; f < FEATURES && count > 0; f++) {
                out->mean.points[f] = floored(sums[f], (int64_t)count);
                out->mean.total += out->mean.points[f];
        }
}

bool score_in_reach(const RuleSet *rules, const Member *newcomer, const Incident *incident)
{
        const Member *members[INCIDENT_LINKED_MOST];
        const size_t count = incident_linked(incident, members);

        for (size_t i = 0; i < count; i++) {
                if (objects_relate(newcomer, members[i]) == OBJECT_EQUAL)
                        return true;
                if (!geo_known(newcomer->point) || !geo_known(members[i]->point))
                        continue;
                const int64_t accuracy = both_accuracies(newcomer, members[i]);
                const int64_t beyond = accuracy > rules->scale_cm ? accuracy : 0;

                if (geo_distance_cm(newcomer->point, members[i]->point) <= newcomer->rule->radius_cm + beyond)
                        return true;
        }
        return false;
}

static void value_write(Buffer *out, Feature feature, int64_t value)
{
        static const char *const category[] = { "other", "same", "related" }, *const object[] = { "absent", "equal",
                                                                                                  "different" };

        if (feature == FEATURE_CATEGORY)
                buffer_format(out, ",\"value\":\"%s\"", category[value]);
        else if (feature == FEATURE_OBJECT)
                buffer_format(out, ",\"value\":\"%s\"", object[value]);
        else if (feature == FEATURE_CHANNEL)
                buffer_format(out, ",\"value\":\"%s\"", value ? "same" : "other");
        else if (value == VALUE_ABSENT)
                buffer_text(out, feature == FEATURE_PRIOR || feature == FEATURE_RATE ? "" : ",\"value\":\"absent\"");
        else if (feature == FEATURE_DISTANCE || feature == FEATURE_ACCURACY)
                buffer_format(out, ",\"value\":%" PRId64 ".%02d", value / 100, (int)(value % 100));
        else
                buffer_format(out, ",\"value\":%" PRId64, value);
}

void score_write(Buffer *out, const Comparison *comparison)
{
        buffer_byte(out, '[');
        for (Feature f = 0; f < FEATURES; f++) {
                buffer_format(out, "%s{\"feature\":\"%s\"", f ? "," : "", names[f]);
                value_write(out, f, comparison->values[f]);
                buffer_format(out, ",\"points\":%d}", comparison->points[f]);
        }
        buffer_byte(out, ']');
}
