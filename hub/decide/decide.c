#include "hub/decide/decide.h"

#include "hub/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_distance(const void *one, const void *other)
{
        const Candidate *a = one, *b = other;

        if (a->distance_cm != b->distance_cm)
                return a->distance_cm < b->distance_cm ? -1 : 1;
        if (a->shared != b->shared)
                return a->shared > b->shared ? -1 : 1;
        return strcmp(a->incident->id, b->incident->id);
}

static int by_score(const void *one, const void *other)
{
        const Candidate *a = one, *b = other;

        if (a->score.mean.total != b->score.mean.total)
                return a->score.mean.total > b->score.mean.total ? -1 : 1;
        return strcmp(a->incident->id, b->incident->id);
}

/* Two where one side has no place: what they name in common is all there is to go by. */
static int64_t shared_most(const Member *newcomer, const Incident *incident)
{
        const Member *members[INCIDENT_LINKED_MOST];
        int64_t most = 0;

        for (size_t i = 0, size = incident_linked(incident, members); i < size; i++) {
                const int64_t shared = wording_rares(&newcomer->wording, &members[i]->wording);

                most = shared > most ? shared : most;
        }
        return most;
}

static Candidate candidate_of(const Member *newcomer, Incident *incident)
{
        const bool placed = geo_known(newcomer->point) && geo_known(incident->point);

        return (Candidate){ .incident = incident,
                            .distance_cm = placed ? geo_distance_cm(newcomer->point, incident->point) : INT64_MAX,
                            .shared = placed ? 0 : shared_most(newcomer, incident) };
}

void candidates_free(Candidates *candidates)
{
        free(candidates->items);
        *candidates = (Candidates){ 0 };
}

void decide_candidates(const RuleSet *rules, const Member *newcomer, Incident *const *near, size_t near_size,
                       ChoiceForbids forbids, const void *context, Candidates *out)
{
        *out = (Candidates){ .items = mem_new((near_size + 1) * sizeof *out->items) };
        for (size_t i = 0; i < near_size; i++) {
                if (near[i] == newcomer->incident)
                        continue;
                scene_add(&out->scene, newcomer, near[i]);
                if (score_in_reach(rules, newcomer, near[i]) && !(forbids && forbids(context, newcomer, near[i])))
                        out->items[out->size++] = candidate_of(newcomer, near[i]);
        }
        if ((int64_t)out->size <= rules->candidates)
                return;
        qsort(out->items, out->size, sizeof *out->items, by_distance);
        out->beyond = out->size - (size_t)rules->candidates;
        out->size = (size_t)rules->candidates;
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

void decide(const RuleSet *rules, const Member *newcomer, Incident *const *near, size_t near_size,
            ChoiceForbids forbids, const void *context, Choice *out)
{
        CLEANUP(candidates_free) Candidates found = { 0 };

        memset(out, 0, sizeof *out);
        decide_candidates(rules, newcomer, near, near_size, forbids, context, &found);
        for (size_t i = 0; i < found.size; i++)
                score_incident(rules, &found.scene, newcomer, found.items[i].incident, &found.items[i].score);
        qsort(found.items, found.size, sizeof *found.items, by_score);
        choose(rules, newcomer, found.items, found.size, out);
        out->met_size = near_size;
        out->compared_size = found.size;
        out->beyond_bound = found.beyond;
}

bool choice_has_context(const Choice *choice)
{
        return choice->placed || choice->registry != REGISTRY_SILENT;
}

static void context_reason(Buffer *out, const char *value)
{
        buffer_format(out, "%s{\"feature\":\"registry\",\"value\":\"%s\",\"points\":0}",
                      out->bytes[out->size - 1] == '[' ? "" : ",", value);
}

void choice_reasons_write(Buffer *out, const Choice *choice)
{
        buffer_byte(out, '[');
        if (choice->compared)
                score_write(out, &choice->score.mean);
        if (choice->placed)
                context_reason(out, "place");
        if (choice->registry != REGISTRY_SILENT)
                context_reason(out, registry_word_name(choice->registry));
        buffer_byte(out, ']');
}

const Incident *decide_recurrence(const RuleSet *rules, const Member *newcomer, Incident *const *over, size_t over_size,
                                  ChoiceForbids forbids, const void *context)
{
        CLEANUP(candidates_free) Candidates found = { 0 };
        const Candidate *best = NULL;

        decide_candidates(rules, newcomer, over, over_size, forbids, context, &found);
        for (size_t i = 0; i < found.size; i++) {
                Candidate *one = &found.items[i];

                score_incident(rules, &found.scene, newcomer, one->incident, &one->score);
                if (one->score.mean.total >= rules->merge && (!best || by_score(one, best) < 0))
                        best = one;
        }
        return best ? best->incident : NULL;
}
