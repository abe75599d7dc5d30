#include "hub/pipe/inflight.h"
#include "tests/unit/base/run.h"

/* A record that leaves before an earlier one would be acknowledged over the other's head: lost with the next kill. */
START_TEST(leaves_in_read_order)
{
        Inflight *inflight = inflight_new();
        Flight *first = inflight_open(inflight, 1, 0, 10), *second = inflight_open(inflight, 2, 0, 20);

        first->pending = 1;
        first->closed = second->closed = true;
        ck_assert_ptr_null(inflight_settled(inflight));
        first->pending = 0;
        ck_assert_uint_eq(inflight_settled(inflight)->token, 1);
        inflight_leave(inflight);
        ck_assert_uint_eq(inflight_settled(inflight)->token, 2);
        inflight_leave(inflight);
        ck_assert_ptr_null(inflight_settled(inflight));
        inflight_free(inflight);
}
END_TEST

/* A record still being translated has all its reports so far, and is yet not done. */
START_TEST(stays_while_open)
{
        Inflight *inflight = inflight_new();
        Flight *flight = inflight_open(inflight, 1, 0, 10);

        ck_assert_ptr_null(inflight_settled(inflight));
        flight->closed = true;
        ck_assert_ptr_nonnull(inflight_settled(inflight));
        inflight_free(inflight);
}
END_TEST

/* Any order of reading, closing and reporting: tokens leave rising, each once, never before its last report. */
START_TEST(any_order_of_reports)
{
        enum { STEPS = 200000, OPEN = 64 };
        Inflight *inflight = inflight_new();
        Flight *open[OPEN] = { NULL };
        uint64_t next = 1, left = 0;

        srandom(20231205);
        for (int step = 0; step < STEPS; step++) {
                Flight **slot = &open[random() % OPEN];
                const Flight *settled;

                if (!*slot) {
                        *slot = inflight_open(inflight, next++, 0, 0);
                        (*slot)->pending = (size_t)(random() % 4);
                } else if ((*slot)->pending) {
                        (*slot)->pending--;
                } else {
                        (*slot)->closed = true;
                        *slot = NULL;
                }
                while ((settled = inflight_settled(inflight))) {
                        ck_assert_uint_eq(settled->token, left + 1);
                        ck_assert(settled->closed && !settled->pending);
                        left = settled->token;
                        inflight_leave(inflight);
                }
                ck_assert_uint_eq(inflight_size(inflight), next - 1 - left);
        }
        ck_assert_uint_gt(left, STEPS / 8);
        inflight_free(inflight);
}
END_TEST

/* The ring is bounded: the runner asks before it reads. */
START_TEST(says_when_full)
{
        Inflight *inflight = inflight_new();

        for (uint64_t token = 1; token <= INFLIGHT_MOST; token++) {
                ck_assert(!inflight_full(inflight));
                inflight_open(inflight, token, 0, 0)->closed = true;
        }
        ck_assert(inflight_full(inflight));
        inflight_leave(inflight);
        ck_assert(!inflight_full(inflight));
        inflight_free(inflight);
}
END_TEST

RUN("inflight", leaves_in_read_order, stays_while_open, any_order_of_reports, says_when_full)
