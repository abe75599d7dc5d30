/* What was learnt as a rules file, and on how much it stands. */

#include "hub/learn/learn.h"

#include <inttypes.h>
#include <stdio.h>

static void bin_name(Buffer *out, const PointTable *table, Feature feature, size_t bin)
{
        const FeatureForm *form = feature_form(feature);

        if (form->choices)
                buffer_text(out, form->choices[bin]);
        else if (bin < table->size)
                buffer_format(out, "%" PRId64, table->below[bin] / form->unit);
        else
                buffer_text(out, bin == table->size ? "more" : "absent");
}

static void evidence_write(Buffer *out, const RuleSet *set, const Evidence *evidence)
{
        buffer_text(out, "# Comparisons with members of the same incident / of another one, a bin each:\n");
        for (Feature f = FEATURE_CATEGORY; f < FEATURES; f++) {
                buffer_format(out, "#   %s:", feature_form(f)->name);
                for (size_t b = 0; b < table_bins(&set->tables[f], f); b++) {
                        if (evidence->same[f][b] + evidence->other[f][b] == 0)
                                continue;
                        buffer_byte(out, ' ');
                        bin_name(out, &set->tables[f], f, b);
                        buffer_format(out, " %" PRId64 "/%" PRId64, evidence->same[f][b], evidence->other[f][b]);
                }
                buffer_byte(out, '\n');
        }
}

static void counts_write(Buffer *out, const char *begin, const char *name, const Counts *counts)
{
        buffer_format(out, "%s%s: precision %.1f, recall %.1f, F1 %.1f\n", begin, name, 100 * counts_precision(counts),
                      100 * counts_recall(counts), 100 * counts_f1(counts));
}

static void reliability_write(Buffer *out, const char *begin, const Reliability *reliability)
{
        buffer_format(out,
                      "%sa score says how likely: of comparisons in the folds, said and seen (worst %.1f points)\n",
                      begin, 100 * reliability_worst(reliability));
        for (size_t i = 0; i < RELIABILITY_BINS; i++) {
                const int64_t size = reliability->bins[i].size;

                if (size > 0)
                        buffer_format(out, "%s  %3.0f to %3.0f %%: said %.1f, seen %.1f, of %" PRId64 "%s\n", begin,
                                      100 * reliability_edge(i), 100 * reliability_edge(i + 1),
                                      100 * reliability->bins[i].said / (double)size,
                                      100 * (double)reliability->bins[i].seen / (double)size, size,
                                      size < RELIABILITY_ENOUGH ? " (few)" : "");
        }
}

/* Which of the three the folds speak for. */
static const char *recommended(const Evidence *evidence)
{
        const double handed = counts_f1(evidence->kept ? &evidence->shipped : &evidence->learnt);

        if (evidence->loose)
                return "the shipped rules: those that were learnt join more of what nobody labelled, of which the "
                       "folds say nothing; they are handed out as they are";
        if (counts_f1(&evidence->naive) > handed + evidence->margin)
                return evidence->kept ? "the naive rule; the shipped rules are handed out, for they tell why"
                                      : "the naive rule; the learnt rules are handed out, for they tell why";
        return evidence->kept
                       ? "the shipped rules: what was learnt does not beat them by as much as so few pairs would "
                         "have to show; they are handed out as they are"
                       : "the learnt rules";
}

static void summary_write(Buffer *out, const char *begin, const Lesson *lesson, const Evidence *evidence)
{
        char name[96];

        buffer_format(out,
                      "%s%" PRId64 " labelled subjects: %" PRId64 " comparisons with their own incidents, %" PRId64
                      " with others.\n",
                      begin, evidence->subjects, evidence->rows_same, evidence->rows_other);
        buffer_format(out, "%sPairs in folds in time and place, each decided on by rules learnt from the others:\n",
                      begin);
        counts_write(out, begin, "  shipped", &evidence->shipped);
        snprintf(name, sizeof name, "  naive, %" PRId64 " m and %" PRId64 " h", evidence->rule.metres,
                 evidence->rule.hours);
        counts_write(out, begin, name, &evidence->naive);
        if (evidence->strength > 0)
                snprintf(name, sizeof name, "  learnt, a shipped point worth %.0f observations", evidence->strength);
        else
                snprintf(name, sizeof name, "  learnt, shipped points stretched as a whole");
        counts_write(out, begin, name, &evidence->learnt);
        buffer_format(out, "%sRecommended: %s.\n", begin, recommended(evidence));
        if (evidence->kept)
                return;
        buffer_format(out, "%sJoins from %d, suggests from %d on: %.2f suggestions for each new incident.\n", begin,
                      rules_set(lesson->rules)->merge, rules_set(lesson->rules)->suggest, evidence->suggestions);
        reliability_write(out, begin, &evidence->reliability);
}

void learn_tell(Buffer *out, const Lesson *lesson, const Evidence *evidence)
{
        summary_write(out, "", lesson, evidence);
}

void learn_write(Buffer *out, const Lesson *lesson, const Evidence *evidence)
{
        buffer_text(out, evidence->kept ? "# The shipped rules: hub learn found none that are better.\n"
                                        : "# Learnt by hub learn.\n");
        summary_write(out, "# ", lesson, evidence);
        evidence_write(out, rules_set(lesson->rules), evidence);
        rules_write(out, evidence->kept ? lesson->shipped : lesson->rules);
}
