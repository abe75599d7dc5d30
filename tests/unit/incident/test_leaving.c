#include "hub/incident/leaving.h"
#include "tests/unit/base/run.h"
#include "tests/unit/zone/world.h"

enum { INCIDENTS = 500 };

START_TEST(an_incident_leaves_when_its_time_has_passed_and_not_before)
{
        Leaving *leaving = leaving_new();
        Incident one = { .candidate_until = 100 };

        leaving_wait(leaving, &one, one.candidate_until);
        ck_assert_ptr_null(leaving_due(leaving, 100));
        ck_assert_ptr_null(leaving_gone(leaving));
        ck_assert_ptr_eq(leaving_due(leaving, 101), &one);
        ck_assert_ptr_null(leaving_due(leaving, 101));
        ck_assert_ptr_eq(leaving_gone(leaving), &one);
        leaving_forget(leaving, &one);
        ck_assert_ptr_null(leaving_gone(leaving));
        leaving_free(leaving);
}
END_TEST

/* A subject speaks again before the commit: its incident stays. */
START_TEST(who_is_gone_may_come_back)
{
        Leaving *leaving = leaving_new();
        Incident one = { .candidate_until = 100 }, other = { .candidate_until = 100 };

        leaving_go(leaving, &one);
        leaving_go(leaving, &other);
        leaving_go(leaving, &one);
        one.candidate_until = 300;
        leaving_wait(leaving, &one, one.candidate_until);
        ck_assert_ptr_eq(leaving_gone(leaving), &other);
        leaving_forget(leaving, &other);
        ck_assert_ptr_null(leaving_gone(leaving));
        ck_assert_ptr_null(leaving_due(leaving, 300));
        ck_assert_ptr_eq(leaving_due(leaving, 301), &one);
        leaving_free(leaving);
}
END_TEST

/* Against looking at every one of them, which the heap is there to avoid. */
START_TEST(whatever_changes_those_leave_whose_time_has_passed)
{
        static Incident all[INCIDENTS];
        bool waits[INCIDENTS] = { false };
        Leaving *leaving = leaving_new();
        uint64_t seed = 20231205;

        printf("seed %llu\n", (unsigned long long)seed);
        for (int64_t time = 0; time < 20000; time++) {
                Incident *incident = &all[world_random(&seed) % INCIDENTS];
                const unsigned what = world_random(&seed) % 10;

                incident->candidate_until = time + (int64_t)(world_random(&seed) % 2000);
                if (what == 0)
                        leaving_go(leaving, incident);
                else if (what == 1)
                        leaving_forget(leaving, incident);
                else
                        leaving_wait(leaving, incident, incident->candidate_until);
                waits[incident - all] = what > 1;
                for (Incident *due; (due = leaving_due(leaving, time));) {
                        ck_assert(waits[due - all] && due->candidate_until < time);
                        waits[due - all] = false;
                }
                size_t late = 0;
                for (size_t i = 0; i < INCIDENTS; i++)
                        late += waits[i] && all[i].candidate_until < time;
                ck_assert_uint_eq(late, 0);
                for (Incident *gone; what == 2 && (gone = leaving_gone(leaving));) {
                        ck_assert(!waits[gone - all]);
                        leaving_forget(leaving, gone);
                }
        }
        leaving_free(leaving);
}
END_TEST

RUN("leaving", an_incident_leaves_when_its_time_has_passed_and_not_before, who_is_gone_may_come_back,
    whatever_changes_those_leave_whose_time_has_passed)
