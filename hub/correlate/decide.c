#include "hub/correlate/decide.h"

#include "hub/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
        Incident *incident;
        int64_t distance_cm; /* INT64_MAX: one side has no position */
        Score score;
} Candidate;

static int by_distance(const void *one, const void *other)
{
        const Candidate *a = one, *b = other;

        if (a->distance_cm != b->distance_cm)
                return a->distance_cm < b->distance_cm ? -1 : 1;
        return strcmp(a->incident->id, b->incident->id);
}

static int by_score(const void *one, const void *other)
{
        const Candidate *a = one, *b = other;

        if (a->score.mean.total != b->score.mean.total)
                return a->score.mean.total > b->score.mean.total ? -1 : 1;
        return strcmp(a->incident->id, b->incident->id);
}

static size_t candidates_take(const RuleSet *rules, const Member *newcomer, Incident *const *near, size_t near_size,
                              int64_t zone_time, ChoiceForbids forbids, const void *context, Candidate *out)
{
        size_t size = 0;

        for (size_t i = 0; i < near_size; i++) {
                Incident *incident = near[i];

                if (incident == newcomer->incident || !incident_candidate(incident, zone_time) ||
                    !score_in_reach(rules, newcomer, incident) || (forbids && forbids(context, newcomer, incident)))
                        continue;
                const bool placed = geo_known(newcomer->point) && geo_known(incident->point);
                out[size++] = (Candidate){ .incident = incident,
                                           .distance_cm = placed ? geo_distance_cm(newcomer->point, incident->point)
                                                                 : INT64_MAX };
        }
        return size;
}

static Suggestion suggestion(const Candidate *candidate)
{
        Suggestion one = { .score = candidate->score.mean.total };

        snprintf(one.incident, sizeof one.incident, "%s", candidate->incident->id);
        return one;
}

/* The candidates stand in order of their scores. */
static void choose(const RuleSet *rules, const Member *newcomer, const Candidate *candidates, size_t size, Choice *out)
{
        for (size_t i = 0; i < size && !out->join; i++) {
                if (candidates[i].score.mean.total < rules->merge)
                        break;
                if (incident_has_room(candidates[i].incident, newcomer)) {
                        out->join = candidates[i].incident;
                        out->score = candidates[i].score;
                }
        }
        for (size_t i = 0; i < size; i++) {
                if (candidates[i].incident == out->join)
                        continue;
                if (out->refused_size < REFUSED_MOST)
                        out->refused[out->refused_size++] = suggestion(&candidates[i]);
                if (!out->join && candidates[i].score.mean.total >= rules->suggest &&
                    out->suggested_size < INCIDENT_SUGGESTED_MOST)
                        out->suggested[out->suggested_size++] = suggestion(&candidates[i]);
        }
        if (size > 0 && !out->join)
                out->score = candidates[0].score;
        out->compared = size > 0;
}

void decide(const RuleSet *rules, const Member *newcomer, Incident *const *near, size_t near_size, int64_t zone_time,
            ChoiceForbids forbids, const void *context, Choice *out)
{
        CLEANUP(mem_drop) Candidate *candidates = mem_new((near_size + 1) * sizeof *candidates);
        size_t size = candidates_take(rules, newcomer, near, near_size, zone_time, forbids, context, candidates);

        memset(out, 0, sizeof *out);
        if ((int64_t)size > rules->candidates) {
                qsort(candidates, size, sizeof *candidates, by_distance);
                out->beyond_bound = size - (size_t)rules->candidates;
                size = (size_t)rules->candidates;
        }
        for (size_t i = 0; i < size; i++)
                score_incident(rules, newcomer, candidates[i].incident, &candidates[i].score);
        qsort(candidates, size, sizeof *candidates, by_score);
        choose(rules, newcomer, candidates, size, out);
        out->compared_size = size;
}
