#include "hub/learn/measure.h"
#include "tests/unit/base/run.h"

/* Truth: {a b c} {d e} {f}; decided: {a b} {c d e} {f}. */
static const Measured rows[] = {
        { .subject = "a", .truth = "1", .incident = "x", .channel = "p01" },
        { .subject = "b", .truth = "1", .incident = "x", .channel = "p09", .against = "a", .against_truth = "1" },
        { .subject = "c", .truth = "1", .incident = "y", .channel = "p01" },
        { .subject = "d", .truth = "2", .incident = "y", .channel = "p01", .against = "c", .against_truth = "1" },
        { .subject = "e", .truth = "2", .incident = "y", .channel = "p09", .against = "d", .against_truth = "2" },
        { .subject = "f", .truth = "3", .incident = "z", .channel = "p01" },
};

static const char *channel(const Measured *row)
{
        return row->channel;
}

START_TEST(pairs_by_hand)
{
        const Counts all = measure_pairs(rows, 6, NULL), same = measure_pairs(rows, 6, channel);

        ck_assert_int_eq(all.predicted, 4);  /* ab cd ce de */
        ck_assert_int_eq(all.truth, 4);      /* ab ac bc de */
        ck_assert_int_eq(all.both, 2);       /* ab de */
        ck_assert_int_eq(same.predicted, 1); /* cd */
        ck_assert_int_eq(same.truth, 1);     /* ac */
        ck_assert_int_eq(same.both, 0);
        ck_assert_double_eq_tol(counts_f1(&all), 0.5, 1e-9);
}
END_TEST

/* Three of one walk, of which a pair is worth a quarter; decided as one with one that is worth itself. */
START_TEST(pairs_count_as_both_weigh)
{
        const Measured walk[] = { { .truth = "1", .incident = "x", .weight = 0.5 },
                                  { .truth = "1", .incident = "x", .weight = 0.5 },
                                  { .truth = "1", .incident = "x", .weight = 0.5 },
                                  { .truth = "2", .incident = "x" },
                                  { .truth = "2", .incident = "x" } };
        const Counts counts = measure_pairs(walk, 5, NULL);

        ck_assert_int_eq(counts.truth, 2);     /* 3 quarters and 1 */
        ck_assert_int_eq(counts.predicted, 5); /* 3 quarters, 6 halves, 1 */
        ck_assert_int_eq(counts.both, 2);
}
END_TEST

START_TEST(flags_joins_and_largest_by_hand)
{
        const Counts flags = measure_flags(rows, 6), direct = measure_direct(rows, 6);
        int64_t decided, truth;

        ck_assert_int_eq(flags.truth, 3);     /* b c e */
        ck_assert_int_eq(flags.predicted, 3); /* b d e */
        ck_assert_int_eq(flags.both, 2);      /* b e */
        ck_assert_int_eq(direct.predicted, 3);
        ck_assert_int_eq(direct.both, 2);
        measure_largest(rows, 6, &decided, &truth);
        ck_assert_int_eq(decided, 3);
        ck_assert_int_eq(truth, 3);
}
END_TEST

START_TEST(nothing_to_find_is_no_division_by_zero)
{
        const Counts none = measure_pairs(rows + 5, 1, NULL);

        ck_assert_double_eq(counts_precision(&none), 1);
        ck_assert_double_eq(counts_recall(&none), 1);
        ck_assert_double_eq(counts_f1(&none), 1);
}
END_TEST

RUN("measure", pairs_by_hand, pairs_count_as_both_weigh, flags_joins_and_largest_by_hand,
    nothing_to_find_is_no_division_by_zero)
