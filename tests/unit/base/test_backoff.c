#include "hub/base/backoff.h"
#include "tests/unit/base/run.h"

/* A peer that comes back is not met by every client at the same moment, nor asked more often than the steps allow. */
START_TEST(waits_double_up_to_most)
{
        const int64_t steps[] = { 100, 200, 400, 800, 1000, 1000 };
        Backoff backoff = { .least_ms = 100, .most_ms = 1000 };

        for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
                int64_t wait = backoff_next(&backoff);

                ck_assert_int_ge(wait, steps[i] / 2);
                ck_assert_int_le(wait, steps[i]);
        }
}
END_TEST

START_TEST(waits_differ)
{
        int64_t least = INT64_MAX, most = 0;

        for (int i = 0; i < 64; i++) {
                Backoff backoff = { .least_ms = 1000000, .most_ms = 1000000 };
                int64_t wait = backoff_next(&backoff);

                least = wait < least ? wait : least;
                most = wait > most ? wait : most;
        }
        ck_assert_int_lt(least, most);
}
END_TEST

START_TEST(reset_starts_small_again)
{
        Backoff backoff = { .least_ms = 10, .most_ms = 100000 };

        for (int i = 0; i < 12; i++)
                (void)backoff_next(&backoff);
        backoff_reset(&backoff);
        ck_assert_int_le(backoff_next(&backoff), 10);
}
END_TEST

START_TEST(odd_bounds_never_spin_nor_overflow)
{
        Backoff zero = { 0 }, huge = { .least_ms = INT64_MAX / 2 + 1, .most_ms = INT64_MAX };

        ck_assert_int_ge(backoff_next(&zero), 1);
        for (int i = 0; i < 4; i++)
                ck_assert_int_gt(backoff_next(&huge), 0);
}
END_TEST

RUN("backoff", waits_double_up_to_most, waits_differ, reset_starts_small_again, odd_bounds_never_spin_nor_overflow)
