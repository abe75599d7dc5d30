#include "hub/learn/learn_suggest.h"

#include "hub/base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { FURTHEST = -3900 /* one in fifty */, EACH = 1 /* suggestion for a new incident */ };

static int falling(const void *one, const void *other)
{
        const int32_t a = *(const int32_t *)one, b = *(const int32_t *)other;

        return (a < b) - (a > b);
}

/* The lowest score of which no more than EACH for a new incident are as high. */
static int32_t least_score(const LabelledList *list, int32_t merge, double *suggestions)
{
        CLEANUP(mem_drop) int32_t *scores = mem_new((list->size + 1) * RUN_SUGGESTED_MOST * sizeof *scores);
        size_t size = 0, fresh = 0, taken;

        for (size_t i = 0; i < list->size; i++) {
                fresh += list->items[i].fresh;
                for (size_t s = 0; s < list->items[i].suggested_size; s++)
                        scores[size++] = list->items[i].suggested[s];
        }
        qsort(scores, size, sizeof *scores, falling);
        taken = size < fresh * EACH ? size : fresh * EACH;
        while (taken > 0 && taken < size && scores[taken] == scores[taken - 1])
                taken--;
        *suggestions = fresh ? (double)taken / (double)fresh : 0;
        return taken == size ? FURTHEST : taken > 0 ? scores[taken - 1] : merge;
}

int64_t learn_strangers(const LabelledList *list)
{
        int64_t count = 0;

        for (size_t i = 0; i < list->size; i++)
                count += !list->items[i].truth && !list->items[i].fresh;
        return count;
}

bool learn_is_loose(int64_t shipped, int64_t learnt)
{
        return (double)learnt > (double)shipped + sqrt((double)shipped) + 1;
}

bool learn_suggest(Lesson *lesson, Evidence *evidence, Error *err)
{
        RuleSet *set = rules_edit(lesson->rules);
        LabelledList list = { 0 };

        set->suggest = FURTHEST < set->merge ? FURTHEST : set->merge;
        const bool fine = learn_run(lesson, (ZoneTeacher){ 0 }, &list, SIZE_MAX, err);
        if (fine)
                set->suggest = least_score(&list, set->merge, &evidence->suggestions);
        set->suggest = set->suggest < set->merge ? set->suggest : set->merge;
        evidence->strangers = learn_strangers(&list);
        labelled_free(&list);
        return fine;
}
