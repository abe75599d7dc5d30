#include "hub/event/believe.h"
#include "tests/unit/base/run.h"

#define RECEIVED INT64_C(1701828000000) /* 2023-12-06T02:00:00Z */
#define MINUTE   INT64_C(60000)
#define YEAR     INT64_C(31557600000)

static Event received(void)
{
        Event event;

        event_init(&event, KIND_REPORT);
        event.time.received = RECEIVED;
        event.time.occurred = RECEIVED - 60 * MINUTE;
        return event;
}

/* A clock that is set wrong, or a form's "for ever", must not rule over every revision that follows. */
START_TEST(what_lies_ahead_is_not_believed)
{
        Event event = received();

        event.time.updated = RECEIVED + 10 * MINUTE;
        event.time.closed = RECEIVED + 10 * MINUTE + 1;
        event.time.deadline = RECEIVED + 49 * YEAR;
        event.valid.to = RECEIVED + 51 * YEAR;
        event_believe(&event);
        ck_assert_int_eq(event.time.updated, RECEIVED + 10 * MINUTE);
        ck_assert_int_eq(event.time.closed, TIME_NONE);
        ck_assert_int_eq(event.time.deadline, RECEIVED + 49 * YEAR);
        ck_assert_int_eq(event.valid.to, TIME_NONE);
        ck_assert_uint_eq(event.quality, QUALITY_PARTIAL | QUALITY_CLOCK_FUTURE);
}
END_TEST

/* 1970-01-01 and year 1 are how programs write "none". */
START_TEST(what_lies_before_1990_is_none)
{
        Event event = received();

        event.time.updated = 0;
        event.time.deadline = INT64_C(-62135596800000); /* 0001-01-01T00:00:00Z */
        event.time.reported = INT64_C(631152000000);    /* 1990-01-01T00:00:00Z */
        event_believe(&event);
        ck_assert_int_eq(event.time.updated, TIME_NONE);
        ck_assert_int_eq(event.time.deadline, TIME_NONE);
        ck_assert_int_eq(event.time.reported, INT64_C(631152000000));
        ck_assert_uint_eq(event.quality, QUALITY_PARTIAL);
}
END_TEST

START_TEST(nothing_is_closed_before_it_occurred)
{
        Event event = received();

        event.time.closed = event.time.occurred - 1;
        event_believe(&event);
        ck_assert_int_eq(event.time.closed, TIME_NONE);
        ck_assert_uint_eq(event.quality, QUALITY_PARTIAL);
        /* where nobody told when it occurred, received stands in its place */
        event = received();
        event.time.closed = event.time.occurred - 1;
        event.quality = QUALITY_CLOCK_MISSING;
        event_believe(&event);
        ck_assert_int_eq(event.time.closed, event.time.occurred - 1);
        ck_assert_uint_eq(event.quality, QUALITY_CLOCK_MISSING);
}
END_TEST

START_TEST(what_is_told_right_or_not_at_all_stays)
{
        Event event = received();
        const Event before = event;

        event_believe(&event);
        ck_assert_mem_eq(&event.time, &before.time, sizeof event.time);
        ck_assert_uint_eq(event.quality, 0);
}
END_TEST

/* Programs write year 1, 1900, 1970 and 9999 where there is no time. */
START_TEST(an_occurred_that_cannot_be_is_none)
{
        static const int64_t nones[] = { INT64_C(-62135596800000), INT64_C(-2208988800000), -8 * 60 * MINUTE, 0,
                                         INT64_C(631151999999),    INT64_C(253402271999000) }; /* 9999-12-31 */

        for (size_t i = 0; i < sizeof(nones) / sizeof(nones[0]); i++) {
                Event event = received();

                event.time.occurred = nones[i];
                event.time.closed = RECEIVED - MINUTE;
                event.time.precision = PRECISION_DAY;
                event_date(&event);
                ck_assert_int_eq(event.time.occurred, RECEIVED);
                ck_assert_int_eq(event.time.precision, PRECISION_MS);
                ck_assert_int_eq(event.time.closed, RECEIVED - MINUTE);
                ck_assert_uint_eq(event.quality & ~(unsigned)QUALITY_CLOCK_FUTURE,
                                  QUALITY_PARTIAL | QUALITY_CLOCK_MISSING);
        }
}
END_TEST

/* The clock of a camera is wrong; that something happened is not. */
START_TEST(an_occurred_ahead_stays)
{
        Event event = received();

        event.time.occurred = RECEIVED + 10 * MINUTE;
        event_date(&event);
        ck_assert_uint_eq(event.quality, 0);
        event.time.occurred = RECEIVED + 30 * YEAR;
        event_date(&event);
        ck_assert_int_eq(event.time.occurred, RECEIVED + 30 * YEAR);
        ck_assert_uint_eq(event.quality, QUALITY_CLOCK_FUTURE);
}
END_TEST

/* A registry row has no time of its own: none is made up. */
START_TEST(other_kinds_get_no_time)
{
        Event event = received();

        event.kind = KIND_REGISTRY;
        event.time.occurred = 0;
        event_date(&event);
        ck_assert_int_eq(event.time.occurred, TIME_NONE);
        ck_assert_uint_eq(event.quality, QUALITY_PARTIAL);
}
END_TEST

RUN("believe", what_lies_ahead_is_not_believed, what_lies_before_1990_is_none, nothing_is_closed_before_it_occurred,
    what_is_told_right_or_not_at_all_stays, an_occurred_that_cannot_be_is_none, an_occurred_ahead_stays,
    other_kinds_get_no_time)
