#include "hub/learn/learn.h"

#include "hub/learn/learn_grace.h"
#include "hub/learn/learn_naive.h"
#include "hub/learn/learn_suggest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60000, IDLE_MOST = 400 * 1440 /* minutes */, LEAST_SAME = 8 };
static const double SURE = 0.85; /* where so many joins are right, more of them are what the shipped rules miss */
static const double MARGIN = 0.3, MARGIN_FEW = 6; /* over the root of the pairs; and over the pairs */

static int numbers_order(const void *one, const void *other)
{
        const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

        return (a > b) - (a < b);
}

/* The value that so many percent do not exceed. */
static int64_t quantile(int64_t *numbers, size_t size, size_t percent)
{
        if (size == 0)
                return 0;
        qsort(numbers, size, sizeof *numbers, numbers_order);
        return numbers[(size - 1) * percent / 100];
}

static int64_t within(int64_t value, int64_t least, int64_t most)
{
        return value < least ? least : value > most ? most : value;
}

/* How far and how long true pairs reach, with room to spare; only the default, what names a category knows better. */
static void limits_learn(LearnRows *rows, Rules *rules)
{
        CategoryRules *usual = rules_edit_category(rules, "default");
        const int64_t metres = quantile(rows->metres, rows->metres_size, 95),
                      minutes = quantile(rows->minutes, rows->minutes_size, 99);

        /* what accuracy usually is leaves distances as they are: how much it says is learnt from them */
        if (rows->accuracies_size >= LEAST_SAME) {
                RuleSet *set = rules_edit(rules);

                set->scale_cm = within((quantile(rows->accuracies, rows->accuracies_size, 50) + 99) / 100 * 100,
                                       set->scale_cm, set->wide_cm);
        }
        if (rows->metres_size >= LEAST_SAME) {
                usual->radius_cm = within(metres * 3 / 2, 50, 400) * 100;
                usual->diameter_cm = within(quantile(rows->metres, rows->metres_size, 99) * 100,
                                            usual->radius_cm * 3 / 2, usual->radius_cm * 3);
        }
        if (rows->minutes_size >= LEAST_SAME)
                usual->idle_ms = within(minutes * 2, usual->idle_ms / MINUTE_MS, IDLE_MOST) * MINUTE_MS;
        usual->members = within(4 * rows->largest, usual->members, 1000);
}

static void evidence_take(const LearnRows *rows, Evidence *evidence)
{
        for (size_t i = 0; i < rows->rows_size; i++) {
                const LearnRow *row = &rows->rows[i];

                if (!row->known)
                        continue;
                evidence->rows_same += row->same;
                evidence->rows_other += !row->same;
                for (uint32_t m = 0; m < row->size; m++)
                        for (Feature f = 0; f < FEATURES; f++)
                                (row->same ? evidence->same
                                           : evidence->other)[f][rows->members[row->first + m].bins[f]]++;
        }
        evidence->subjects = rows->newcomers;
}

/* How much better than the shipped rules so few pairs must show it to be. */
static double margin_of(const Counts *shipped)
{
        const double pairs = (double)(shipped->truth > 0 ? shipped->truth : 1);

        return MARGIN / sqrt(pairs) + MARGIN_FEW / pairs;
}

static bool fit_all(Lesson *lesson, const LearnRows *rows, Evidence *evidence, Error *err)
{
        const RuleSet base = *rules_set(lesson->rules);
        CLEANUP(learn_folds_close) Folding folding = { .lesson = lesson, .rows = rows, .base = &base };
        LearnModel model;
        int32_t merge;

        if (!learn_folds_open(&folding, &evidence->shipped, err))
                return false;
        learn_naive(&folding, &evidence->naive, &evidence->rule);
        const LearnChoice choice = learn_choose(&folding, &evidence->reliability);
        if (!learn_threshold(&folding, &merge, &evidence->learnt, err))
                return false;
        learn_fit(rows, &base, choice.way, NULL, &model);
        learn_stretch(rows, &model, choice.slope, choice.shift);
        learn_apply(rows, &model, lesson->rules);
        learn_model_free(&model);
        rules_edit(lesson->rules)->merge = merge;
        evidence->strength = choice.way.strength;
        evidence->margin = margin_of(&evidence->shipped);
        evidence->kept = counts_f1(&evidence->learnt) < counts_f1(&evidence->shipped) + evidence->margin;
        if (evidence->kept)
                return true;
        if (!learn_suggest(lesson, evidence, err))
                return false;
        evidence->loose = counts_precision(&evidence->learnt) < SURE &&
                          learn_is_loose(learn_strangers(&folding.shipped), evidence->strangers);
        evidence->kept = evidence->loose;
        return true;
}

bool learn(Lesson *lesson, Evidence *evidence, Error *err)
{
        LearnRows rows;
        bool fine = learn_rows(lesson, &rows, err);

        *evidence = (Evidence){ 0 };
        if (fine) {
                limits_learn(&rows, lesson->rules);
                learn_rows_free(&rows);
                fine = learn_grace(lesson, lesson->rules, err) && learn_rows(lesson, &rows, err);
        }
        if (fine) {
                evidence_take(&rows, evidence);
                if (evidence->rows_same < LEAST_SAME)
                        fine = error_set(err, ERR_FATAL, NULL,
                                         "too little to learn from: of %lld labelled subjects in the log, %lld meet an "
                                         "incident of their own near by and %lld another one",
                                         (long long)evidence->subjects, (long long)evidence->rows_same,
                                         (long long)evidence->rows_other);
        }
        fine = fine && fit_all(lesson, &rows, evidence, err);
        learn_rows_free(&rows);
        return fine;
}
