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

/* The nearest of all, and beyond: how many the bound left out. */
static void nearest_keep(const RuleSet *rules, const Member *newcomer, Candidates *out)
{
        for (size_t i = 0; i < out->size; i++) {
                Candidate *one = &out->items[i];
                const bool placed = geo_known(newcomer->point) && geo_known(one->incident->point);

                one->distance_cm = placed ? geo_distance_cm(newcomer->point, one->incident->point) : INT64_MAX;
                one->shared = placed ? 0 : shared_most(newcomer, one->incident);
        }
        qsort(out->items, out->size, sizeof *out->items, by_distance);
        out->beyond = out->size - (size_t)rules->candidates;
        out->size = (size_t)rules->candidates;
}

void candidates_free(Candidates *candidates)
{
        free(candidates->items);
        *candidates = (Candidates){ 0 };
}

void decide_candidates(const RuleSet *rules, const Member *newcomer, Incident *const *near, size_t near_size,
                       ChoiceForbids forbids, const void *context, Candidates *out)
{
        *out = (Candidates){ .items = mem_resize(NULL, (near_size + 1) * sizeof *out->items) };
        for (size_t i = 0; i < near_size; i++) {
                if (near[i] == newcomer->incident)
                        continue;
                scene_add(&out->scene, newcomer, near[i]);
                int64_t apart = DISTANCE_UNKNOWN;

                if (score_in_reach(rules, newcomer, near[i], &apart) &&
                    !(forbids && forbids(context, newcomer, near[i])))
                        out->items[out->size++] = (Candidate){ .incident = near[i], .apart_cm = apart };
        }
        if ((int64_t)out->size > rules->candidates)
                nearest_keep(rules, newcomer, out);
}

/* A candidate that was compared to the end. */
typedef struct {
        Incident *incident;
        Score score;
} Scored;

typedef struct {
        Scored *items; /* owned */
        size_t size, room;
        int64_t best; /* the highest score */
} Ranking;

static void ranking_free(Ranking *ranking)
{
        free(ranking->items);
}

static int by_score(const void *one, const void *other)
{
        const Scored *a = one, *b = other;

        if (a->score.mean.total != b->score.mean.total)
                return a->score.mean.total > b->score.mean.total ? -1 : 1;
        return strcmp(a->incident->id, b->incident->id);
}

/* How high a candidate may reach: what is moved about in the heap. */
typedef struct {
        int64_t most;
        uint64_t id; /* the letters with which its id differs from others' soonest, in their order */
        Candidate *of;
} Hope;

static Hope hope_of(Candidate *candidate)
{
        const unsigned char *letters = (const unsigned char *)candidate->incident->id + 2;
        uint64_t id = 0;

        for (size_t i = 0; i < sizeof id; i++)
                id = id << 8 | letters[i];
        return (Hope){ candidate->reach.most, id, candidate };
}

static bool likelier(const Hope *one, const Hope *other)
{
        if (one->most != other->most)
                return one->most > other->most;
        if (one->id != other->id)
                return one->id < other->id;
        return strcmp(one->of->incident->id, other->of->incident->id) < 0;
}

/* A heap: none is likelier than the one above it. */
static void hope_sink(Hope *items, size_t size, size_t at)
{
        const Hope sinking = items[at];

        for (size_t below = 2 * at + 1; below < size; at = below, below = 2 * at + 1) {
                below += below + 1 < size && likelier(&items[below + 1], &items[below]);
                if (!likelier(&items[below], &sinking))
                        break;
                items[at] = items[below];
        }
        items[at] = sinking;
}

static void ranking_add(const RuleSet *rules, const Candidates *found, const Member *newcomer, Incident *incident,
                        Ranking *ranking)
{
        if (ranking->size == ranking->room) {
                ranking->room = ranking->room ? ranking->room * 2 : 8;
                ranking->items = mem_resize(ranking->items, ranking->room * sizeof *ranking->items);
        }
        Scored *scored = &ranking->items[ranking->size++];
        scored->incident = incident;
        score_incident(rules, &found->scene, newcomer, incident, &scored->score);
        ranking->best = scored->score.mean.total > ranking->best ? scored->score.mean.total : ranking->best;
}

/* Those that may reach what is asked for stand in a heap. The others wait in no order behind: seldom does one of them come to be looked at. */
typedef struct {
        Hope *items; /* owned; the heap first */
        size_t size, waiting_at, waiting;
        int64_t waiting_most; /* the highest of who waits */
} Hopes;

static void hopes_free(Hopes *hopes)
{
        free(hopes->items);
}

static void hopes_order(Hopes *hopes)
{
        for (size_t i = hopes->size / 2; i > 0; i--)
                hope_sink(hopes->items, hopes->size, i - 1);
}

static Hopes hopes_of(const Bound *bound, Candidates *found, int64_t least)
{
        Hopes hopes = { .items = mem_resize(NULL, (found->size + 1) * sizeof *hopes.items), .waiting_most = INT64_MIN };
        size_t waiting = found->size;

        for (size_t i = 0; i < found->size; i++) {
                Candidate *candidate = &found->items[i];

                bound_facts(bound, candidate->incident, candidate->apart_cm, least, &candidate->reach);
                const int64_t most = candidate->reach.most;
                const size_t at = most >= least ? hopes.size++ : --waiting;

                hopes.items[at] = hope_of(candidate);
                if (at == waiting && most > hopes.waiting_most)
                        hopes.waiting_most = most;
        }
        hopes.waiting_at = waiting;
        hopes.waiting = found->size - waiting;
        hopes_order(&hopes);
        return hopes;
}

/* Is who stands first not likelier than who waits? Then none waits any more. */
static void hopes_merge(Hopes *hopes)
{
        if (hopes->waiting == 0 || (hopes->size > 0 && hopes->items->most > hopes->waiting_most))
                return;
        memmove(hopes->items + hopes->size, hopes->items + hopes->waiting_at, hopes->waiting * sizeof *hopes->items);
        hopes->size += hopes->waiting;
        hopes->waiting = 0;
        hopes_order(hopes);
}

/* One look more. */
static void reach_lower(const Bound *bound, Candidate *candidate)
{
        if (candidate->reach.step == REACH_PART)
                bound_facts(bound, candidate->incident, candidate->apart_cm, INT64_MIN, &candidate->reach);
        else
                bound_names(bound, candidate->incident, &candidate->reach);
}

/* The likeliest first, up to those that can neither reach `least` nor be the best. The best stand first. */
static void candidates_rank(const RuleSet *rules, const Member *newcomer, Candidates *found, int64_t least,
                            Ranking *ranking)
{
        const Bound bound = bound_of(rules, &found->scene, newcomer);
        CLEANUP(hopes_free) Hopes hopes = hopes_of(&bound, found, least);

        for (;;) {
                if (hopes.size == 0 ? hopes.waiting_most >= ranking->best : hopes.items->most < least)
                        hopes_merge(&hopes);
                if (hopes.size == 0 || (hopes.items->most < least && hopes.items->most < ranking->best))
                        break;
                Candidate *candidate = hopes.items->of;

                if (candidate->reach.step == REACH_NAMES) {
                        ranking_add(rules, found, newcomer, candidate->incident, ranking);
                        hopes.items[0] = hopes.items[--hopes.size];
                } else {
                        reach_lower(&bound, candidate);
                        hopes.items->most = candidate->reach.most;
                }
                if (hopes.size > 0)
                        hope_sink(hopes.items, hopes.size, 0);
        }
        if (ranking->size > 1)
                qsort(ranking->items, ranking->size, sizeof *ranking->items, by_score);
}

static Suggestion suggestion(const Scored *scored)
{
        Suggestion one = { .score = scored->score.mean.total };

        snprintf(one.incident, sizeof one.incident, "%s", scored->incident->id);
        return one;
}

/* What one that has many reports asks for beyond `merge`: a crowd is joined by what is surely the same. */
static int64_t asked(const RuleSet *rules, const Incident *incident)
{
        return rules->merge + rules->full * incident_steps(incident);
}

/* The candidates stand in order of their scores. */
static void choose(const RuleSet *rules, const Member *newcomer, const Scored *candidates, size_t size, Choice *out)
{
        for (size_t i = 0; i < size && !out->join; i++) {
                if (candidates[i].score.mean.total < rules->merge)
                        break;
                if (candidates[i].score.mean.total >= asked(rules, candidates[i].incident) &&
                    incident_has_room(candidates[i].incident, newcomer)) {
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
        CLEANUP(ranking_free) Ranking ranking = { .best = INT64_MIN };

        memset(out, 0, sizeof *out);
        decide_candidates(rules, newcomer, near, near_size, forbids, context, &found);
        /* rules that do not suggest what they would join */
        candidates_rank(rules, newcomer, &found, rules->merge < rules->suggest ? rules->merge : rules->suggest,
                        &ranking);
        choose(rules, newcomer, ranking.items, ranking.size, out);
        out->met_size = near_size;
        out->compared_size = ranking.size;
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

static void context_reason_short(Buffer *out, const char *value)
{
        buffer_text(out, out->size > 0 ? ";registry=" : "registry=");
        buffer_text(out, value);
        buffer_text(out, ":0");
}

void choice_reasons_write_short(Buffer *out, const Choice *choice)
{
        buffer_clear(out);
        if (choice->compared)
                score_write_short(out, &choice->score.mean);
        if (choice->placed)
                context_reason_short(out, "place");
        if (choice->registry != REGISTRY_SILENT)
                context_reason_short(out, registry_word_name(choice->registry));
        buffer_text(out, "");
}

const Incident *decide_recurrence(const RuleSet *rules, const Member *newcomer, Incident *const *over, size_t over_size,
                                  ChoiceForbids forbids, const void *context)
{
        CLEANUP(candidates_free) Candidates found = { 0 };
        CLEANUP(ranking_free) Ranking ranking = { .best = rules->merge };

        decide_candidates(rules, newcomer, over, over_size, forbids, context, &found);
        candidates_rank(rules, newcomer, &found, INT64_MAX, &ranking);
        return ranking.size > 0 && ranking.items[0].score.mean.total >= rules->merge ? ranking.items[0].incident : NULL;
}
