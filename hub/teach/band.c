#include "hub/teach/band.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void band_open(Band *band)
{
        *band = (Band){ .texts = arena_new(), .founders = map_new(), .asked = map_new() };
}

void band_close(Band *band)
{
        arena_free(band->texts);
        map_free(band->founders, NULL);
        map_free(band->asked, NULL);
        free(band->pairs);
}

static void pair_add(Band *band, const char *incident, const char *other)
{
        const bool swap = strcmp(incident, other) > 0;
        const char *key = arena_format(band->texts, "%s %s", swap ? other : incident, swap ? incident : other);

        if (map_get_text(band->asked, key))
                return;
        map_put_text(band->asked, key, band);
        if (band->size == band->room) {
                band->room = band->room ? band->room * 2 : 256;
                band->pairs = mem_resize(band->pairs, band->room * sizeof *band->pairs);
        }
        band->pairs[band->size++] = (BandPair){ arena_copy(band->texts, incident, strlen(incident)),
                                                arena_copy(band->texts, other, strlen(other)) };
}

/* A score against an incident, where the truth knows both. */
static void score_take(Band *band, const char *mine, const char *incident, const json_t *score, BandTruth truth,
                       const void *context)
{
        const char *founder = incident ? map_get_text(band->founders, incident) : NULL,
                   *theirs = founder ? truth(context, founder) : NULL;

        if (mine && theirs && json_is_integer(score))
                reliability_add(&band->reliability, 1 / (1 + exp(-(double)json_integer_value(score) / 1000)),
                                text_same(mine, theirs));
}

void band_take(Band *band, const json_t *line, BandTruth truth, const void *context)
{
        const char *subject = json_text(line, "subject"), *decision = json_text(line, "decision"),
                   *incident = json_text(line, "incident");
        const char *mine = subject ? truth(context, subject) : NULL;
        const json_t *suggested = json_object_get(line, "suggested");

        if (!subject || !incident)
                return;
        if (text_same(decision, "join"))
                score_take(band, mine, incident, json_object_get(line, "score"), truth, context);
        if (!text_same(decision, "new"))
                return;
        band->fresh++;
        for (size_t i = 0; i < json_array_size(suggested); i++) {
                const json_t *one = json_array_get(suggested, i);
                const char *other = json_text(one, "incident");

                band->suggestions++;
                score_take(band, mine, other, json_object_get(one, "score"), truth, context);
                if (other)
                        pair_add(band, incident, other);
        }
        if (!map_get_text(band->founders, incident))
                map_put_text(band->founders, incident, arena_copy(band->texts, subject, strlen(subject)));
}

/* The rows of an incident, as a chain. */
typedef struct {
        Map *last;      /* incident -> its last row + 1 */
        size_t *before; /* of a row: the one before it in its incident + 1 */
} Chains;

static int64_t pairs_between(const Chains *chains, const Measured *rows, const BandPair *pair)
{
        int64_t count = 0;

        for (size_t i = (uintptr_t)map_get_text(chains->last, pair->incident); i > 0; i = chains->before[i - 1])
                for (size_t j = (uintptr_t)map_get_text(chains->last, pair->other); j > 0; j = chains->before[j - 1])
                        count += text_same(rows[i - 1].truth, rows[j - 1].truth);
        return count;
}

static int64_t band_found(const Band *band, const Measured *rows, size_t size)
{
        CLEANUP(map_drop) Map *last = map_new();
        CLEANUP(mem_drop) size_t *before = mem_new((size + 1) * sizeof *before);
        const Chains chains = { last, before };
        int64_t count = 0;

        for (size_t i = 0; i < size; i++) {
                before[i] = (uintptr_t)map_get_text(last, rows[i].incident);
                map_put_text(last, rows[i].incident, (void *)(i + 1));
        }
        for (size_t i = 0; i < band->size; i++)
                if (!text_same(band->pairs[i].incident, band->pairs[i].other))
                        count += pairs_between(&chains, rows, &band->pairs[i]);
        return count;
}

static json_t *reliability_json(const Reliability *reliability)
{
        json_t *bins = json_array();

        for (size_t i = 0; i < RELIABILITY_BINS; i++) {
                const int64_t size = reliability->bins[i].size;

                if (size > 0)
                        json_array_append_new(bins, json_pack("{s:f, s:f, s:I, s:f, s:f}", "from", reliability_edge(i),
                                                              "to", reliability_edge(i + 1), "size", (json_int_t)size,
                                                              "said", reliability->bins[i].said / (double)size, "seen",
                                                              (double)reliability->bins[i].seen / (double)size));
        }
        return bins;
}

void band_tell(const Band *band, const Measured *rows, size_t size, json_t *report)
{
        const Counts all = measure_pairs(rows, size, NULL);
        const int64_t found = all.both + band_found(band, rows, size);
        const double recall = all.truth ? (double)found / (double)all.truth : 1,
                     each = band->fresh ? (double)band->suggestions / (double)band->fresh : 0;

        if (report) {
                json_object_set_new(report, "band",
                                    json_pack("{s:I, s:f, s:I, s:f}", "found", (json_int_t)found, "recall", recall,
                                              "suggestions", (json_int_t)band->suggestions, "each", each));
                json_object_set_new(report, "reliability", reliability_json(&band->reliability));
                return;
        }
        printf("%-28s %5.1f  (%lld of %lld pairs, at %.2f suggestions for each new incident)\n", "joined or suggested",
               100 * recall, (long long)found, (long long)all.truth, each);
        for (size_t i = 0; i < RELIABILITY_BINS; i++) {
                const int64_t count = band->reliability.bins[i].size;

                if (count > 0)
                        printf("%-28s %3.0f to %3.0f %%: said %5.1f, seen %5.1f, of %lld\n", "a score says",
                               100 * reliability_edge(i), 100 * reliability_edge(i + 1),
                               100 * band->reliability.bins[i].said / (double)count,
                               100 * (double)band->reliability.bins[i].seen / (double)count, (long long)count);
        }
}
