/* What other rules would have made of a log; naive rules; reliability. */

#include "hub/learn/learn_diff.h"
#include "hub/learn/learn_naive.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <string.h>

static Labelled stands(const char *incident, int64_t at, const char *truth)
{
        Labelled item = { .truth = truth, .at = at };

        snprintf(item.incident, sizeof item.incident, "%s", incident);
        return item;
}

START_TEST(joins_and_parts_are_listed_with_what_they_were)
{
        /* a and b become one; c falls into two; d stays; e is from before */
        Labelled was[] = { stands("i-e", 1, "5"),  stands("i-a", 10, "1"), stands("i-b", 11, "1"),
                           stands("i-c", 12, "2"), stands("i-c", 13, "3"), stands("i-d", 14, NULL),
                           stands("i-d", 15, NULL) },
                 is[] = { stands("i-f", 1, "5"),  stands("i-a", 10, "1"), stands("i-a", 11, "1"),
                          stands("i-c", 12, "2"), stands("i-g", 13, "3"), stands("i-d", 14, NULL),
                          stands("i-d", 15, NULL) };
        const LabelledList before = { was, 7, 7, 5 }, after = { is, 7, 7, 5 };
        CLEANUP(buffer_free) Buffer list = { 0 };
        const LearnDiff diff = learn_diff(&before, &after, 10, 10, &list);

        ck_assert_str_eq(list.bytes, "join i-a: i-a i-b\npart i-c: i-c i-g\n");
        ck_assert_int_eq(diff.reports, 6);
        ck_assert_int_eq(diff.before, 4);
        ck_assert_int_eq(diff.after, 4);
        ck_assert_int_eq(diff.joining, 1);
        ck_assert_int_eq(diff.parting, 1);
        ck_assert_double_eq(counts_f1(&diff.was), 0);
        ck_assert_double_eq(counts_f1(&diff.is), 1);
}
END_TEST

START_TEST(a_list_has_no_more_lines_than_wanted)
{
        Labelled was[] = { stands("i-a", 10, NULL), stands("i-b", 11, NULL), stands("i-c", 12, NULL),
                           stands("i-d", 13, NULL) },
                 is[] = { stands("i-a", 10, NULL), stands("i-a", 11, NULL), stands("i-c", 12, NULL),
                          stands("i-c", 13, NULL) };
        const LabelledList before = { was, 4, 4, 0 }, after = { is, 4, 4, 0 };
        CLEANUP(buffer_free) Buffer list = { 0 };
        const LearnDiff diff = learn_diff(&before, &after, 0, 1, &list);

        ck_assert_int_eq(diff.joining, 2);
        ck_assert_str_eq(list.bytes, "join i-a: i-a i-b\n");
}
END_TEST

START_TEST(scores_are_held_against_what_was_seen)
{
        Reliability reliability = { 0 };

        for (int i = 0; i < 100; i++)
                reliability_add(&reliability, 0.7, i < 60); /* ten points off */
        for (int i = 0; i < RELIABILITY_ENOUGH - 1; i++)
                reliability_add(&reliability, 0.01, true); /* far off, but few */
        ck_assert_double_eq_tol(reliability_worst(&reliability), 0.1, 1e-9);
        ck_assert_uint_eq(reliability_bin(0), 0);
        ck_assert_uint_eq(reliability_bin(1), RELIABILITY_BINS - 1);
}
END_TEST

RUN("learn_diff", joins_and_parts_are_listed_with_what_they_were, a_list_has_no_more_lines_than_wanted,
    scores_are_held_against_what_was_seen)
