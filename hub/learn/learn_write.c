/* What was learnt as a rules file, and on how much it stands. */

#include "hub/learn/learn.h"

#include <inttypes.h>

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

void learn_write(Buffer *out, const Lesson *lesson, const Evidence *evidence)
{
        buffer_format(out,
                      "# Learnt by hub learn from %" PRId64 " labelled subjects: %" PRId64
                      " comparisons with their own incidents, %" PRId64 " with others.\n",
                      evidence->subjects, evidence->rows_same, evidence->rows_other);
        buffer_format(out,
                      "# In folds in time and place, each decided on by rules learnt from the others: pairs with "
                      "precision %.1f, "
                      "recall %.1f, F1 %.1f.\n",
                      100 * evidence->precision, 100 * evidence->recall, 100 * evidence->f1);
        evidence_write(out, rules_set(lesson->rules), evidence);
        rules_write(out, lesson->rules);
}
