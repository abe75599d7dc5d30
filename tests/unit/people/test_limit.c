#include "hub/people/limit.h"

#include "tests/unit/base/run.h"

START_TEST(after_so_many_one_waits_and_another_does_not)
{
        Limit *limit = limit_new(3, 60 * 60 * 1000);

        for (int i = 0; i < 3; i++)
                ck_assert_int_eq(limit_take(limit, "lin"), 0);
        const int64_t wait = limit_take(limit, "lin");
        ck_assert_int_gt(wait, 0);
        ck_assert_int_le(wait, 60 * 60 * 1000);
        ck_assert_int_eq(limit_take(limit, "chen"), 0);
        limit_return(limit, "lin");
        ck_assert_int_eq(limit_take(limit, "lin"), 0);
        ck_assert_int_gt(limit_take(limit, "lin"), 0);
        limit_clear(limit, "lin");
        ck_assert_int_eq(limit_take(limit, "lin"), 0);
        limit_free(limit);
}
END_TEST

/* The window is over at once: nothing is remembered. */
START_TEST(what_lies_before_the_window_does_not_count)
{
        Limit *limit = limit_new(1, 0);

        for (int i = 0; i < 5; i++)
                ck_assert_int_eq(limit_take(limit, "lin"), 0);
        limit_free(limit);
}
END_TEST

START_TEST(none_is_no_limit)
{
        Limit *limit = limit_new(0, 60 * 1000);

        for (int i = 0; i < 100; i++)
                ck_assert_int_eq(limit_take(limit, "lin"), 0);
        limit_free(limit);
}
END_TEST

RUN("limit", after_so_many_one_waits_and_another_does_not, what_lies_before_the_window_does_not_count, none_is_no_limit)
