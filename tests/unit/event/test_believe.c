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

RUN("believe", what_lies_ahead_is_not_believed, what_lies_before_1990_is_none, nothing_is_closed_before_it_occurred,
    what_is_told_right_or_not_at_all_stays)
