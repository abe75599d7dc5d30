#include "hub/event/calendar.h"

#include "hub/base/memory.h"
#include "hub/base/time.h"
#include "tests/unit/base/run.h"

#include <string.h>
#include <unistd.h>

static void calendar_drop(Calendar **calendar)
{
        calendar_free(*calendar);
}

static int64_t at(const char *text)
{
        Error err = { 0 };
        int64_t ms = 0;

        ck_assert_msg(time_read(text, &ms, NULL, &err), "%s", err.text);
        return ms;
}

static Calendar *calendar_of(const char *text, Error *err)
{
        char path[] = "/tmp/hub-test-XXXXXX";
        int file = mkstemp(path);
        Calendar *calendar;

        ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
        close(file);
        calendar = calendar_load(path, err);
        unlink(path);
        return calendar;
}

/* Spring Festival of 2024, by the notice: free from the 10th to the 17th, work on Sunday the 4th and the 18th. */
START_TEST(holidays_are_free_and_made_up_weekends_are_not)
{
        Error err = { 0 };
        CLEANUP(calendar_drop) Calendar *calendar = calendar_load(NULL, &err);
        static const struct {
                int month, day;
                bool works;
        } days[] = { { 2, 3, false }, { 2, 4, true },   { 2, 9, true },  { 2, 10, false }, { 2, 17, false },
                     { 2, 18, true }, { 2, 24, false }, { 5, 11, true }, { 10, 7, false }, { 10, 12, true } };

        ck_assert_msg(calendar != NULL, "%s", err.text);
        for (size_t i = 0; i < sizeof days / sizeof *days; i++)
                ck_assert_int_eq(calendar_day(calendar, time_days(2024, days[i].month, days[i].day)).works,
                                 days[i].works);
        ck_assert_str_eq(calendar_day(calendar, time_days(2024, 2, 12)).holiday, "春节");
        ck_assert_str_eq(calendar_day(calendar, time_days(2024, 2, 18)).holiday, "调休上班");
        ck_assert_ptr_nonnull(strstr(calendar_day(calendar, time_days(2024, 6, 5)).notice, "2024"));
}
END_TEST

START_TEST(a_year_without_notice_goes_by_the_weekday)
{
        Error err = { 0 };
        CLEANUP(calendar_drop) Calendar *calendar = calendar_load(NULL, &err);

        ck_assert_ptr_null(calendar_day(calendar, time_days(2031, 10, 1)).notice);
        ck_assert(calendar_day(calendar, time_days(2031, 10, 1)).works); /* a Wednesday */
        ck_assert(!calendar_day(calendar, time_days(2031, 10, 4)).works);
        ck_assert(!calendar_day(calendar, time_days(1969, 12, 28)).works); /* a Sunday */
}
END_TEST

START_TEST(working_days_pass_over_a_festival)
{
        Error err = { 0 };
        CLEANUP(calendar_drop) Calendar *calendar = calendar_load(NULL, &err);

        ck_assert_int_eq(calendar_add(calendar, at("2024-02-08T10:00:00+08:00"), 2), at("2024-02-18T10:00:00+08:00"));
        /* out of hours the clock stands: from a free day on it is the end of a working day */
        ck_assert_int_eq(calendar_add(calendar, at("2024-02-10T10:00:00+08:00"), 1), at("2024-02-19T00:00:00+08:00"));
        ck_assert_int_eq(calendar_add(calendar, at("2024-02-20T23:59:59+08:00"), 1), at("2024-02-21T23:59:59+08:00"));
        ck_assert_int_eq(calendar_add(calendar, at("2024-02-21T00:00:00+08:00"), 0), at("2024-02-21T00:00:00+08:00"));
}
END_TEST

START_TEST(what_is_wrong_is_said_with_its_line)
{
        static const struct {
                const char *text, *said;
        } wrong[] = {
                { "- 2024", "a mapping of years" },
                { "soon: { notice: n, holidays: [], work: [] }", "is no year" },
                { "2024: { notice: n, holidays: [] }", "a year is { notice" },
                { "2024: { notice: n, holidays: [{ name: a, from: 2024-01-01 }], work: [] }", "a holiday is" },
                { "2024: { notice: n, holidays: [{ name: a, from: 2024-01-03, to: 2024-01-01 }], work: [] }",
                  "before" },
                { "2024: { notice: n, holidays: [], work: [2024-01-01 08:00] }", "a day is needed" },
        };

        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
                Error err = { 0 };

                ck_assert_ptr_null(calendar_of(wrong[i].text, &err));
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert_msg(strstr(err.text, wrong[i].said) && strstr(err.text, ":1: "), "%s", err.text);
        }
}
END_TEST

RUN("calendar", holidays_are_free_and_made_up_weekends_are_not, a_year_without_notice_goes_by_the_weekday,
    working_days_pass_over_a_festival, what_is_wrong_is_said_with_its_line)
