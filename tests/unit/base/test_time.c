#include "hub/base/text.h"
#include "hub/base/time.h"
#include "tests/unit/base/run.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

typedef struct {
        const char *text, *want;
        TimePrecision precision;
} Case;

/* Every form of platforms.md section 2; a form that we do not read is a platform that is silent. */
static const Case cases[] = {
        { "2023-12-05 08:42:10", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05 08:42", "2023-12-05T00:42:00.000Z", PRECISION_MIN },
        { "2023-12-05", "2023-12-04T16:00:00.000Z", PRECISION_DAY },
        { "2023/12/05 08:42:10", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023/12/05", "2023-12-04T16:00:00.000Z", PRECISION_DAY },
        { "20231205", "2023-12-04T16:00:00.000Z", PRECISION_DAY },
        { "20231205084210", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "20231205084210137", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "2024-07-31T14:59:09.000", "2024-07-31T06:59:09.000Z", PRECISION_MS },
        { "2021-10-10T11:08+08:00", "2021-10-10T03:08:00.000Z", PRECISION_MIN },
        { "2021-10-10T11:08:01.137+08:00", "2021-10-10T03:08:01.137Z", PRECISION_MS },
        { "2021-10-10T11:08:01.55+08:00", "2021-10-10T03:08:01.550Z", PRECISION_MS },
        { "2021-10-10T11:08:01.123456789Z", "2021-10-10T11:08:01.123Z", PRECISION_MS },
        { "2021-10-10t11:08:01z", "2021-10-10T11:08:01.000Z", PRECISION_S },
        { "2016-08-01T23:59:59-07:00", "2016-08-02T06:59:59.000Z", PRECISION_S },
        { "2016-08-01T23:59:59-0730", "2016-08-02T07:29:59.000Z", PRECISION_S },
        { "2023-12-05 08:42:10.5+08", "2023-12-05T00:42:10.500Z", PRECISION_MS },
        { "1701736930", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "1701736930.254321", "2023-12-05T00:42:10.254Z", PRECISION_MS },
        { "1701736930137", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "Tue, 05 Dec 2023 08:42:10 +0800", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "tue, 5 dec 2023 00:42:10 gmt", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "05 Dec 23 00:42 UT", "2023-12-05T00:42:00.000Z", PRECISION_MIN },
        { "Mon, 04 Dec 2023 19:42:10 EST", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "05 Dec 2023 08:42:10", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z", PRECISION_S },
        { "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z", PRECISION_S },
        { "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", PRECISION_MS },
        { "2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z", PRECISION_S },
        { "2017-01-01T07:59:60+08:00", "2017-01-01T00:00:00.000Z", PRECISION_S },
        { "2023/12/5 8:42:10", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-5 8:42", "2023-12-05T00:42:00.000Z", PRECISION_MIN },
        { "2023.12.5", "2023-12-04T16:00:00.000Z", PRECISION_DAY },
        { "2023-1-5", "2023-01-04T16:00:00.000Z", PRECISION_DAY },
        { " 2023-12-05  08:42:10\n", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "２０２３－１２－０５　０８：４２：１０", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05\u00a008:42", "2023-12-05T00:42:00.000Z", PRECISION_MIN },
        { "2023-12-05 08:42:10.12345600128173828125", "2023-12-05T00:42:10.123Z", PRECISION_MS },
        { "2023-12-05 08:42:10,137", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "2023-12-05 08:42:10:137", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "2023-12-05 08:42:10 +0800", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05 00:42:10 UTC", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05 00:42:10 GMT", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05 00:42:10Z", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05 08:42:10 +08:00", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05T08:42:10+8", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05 08:42:10 UTC+8", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05 08:42:10 GMT+08:00", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-04 19:42:10 GMT-0500", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05T08:42:10+08:00[Asia/Shanghai]", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05T08:42:10.137[Asia/Shanghai]", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "2023-12-05T01:42:10+01:00[Europe/Paris]", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05T00:42:10Z[UTC]", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05 08:42:10 Asia/Shanghai", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023年12月5日 08:42", "2023-12-05T00:42:00.000Z", PRECISION_MIN },
        { "2023年12月5日8时42分10秒", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023年12月05日", "2023-12-04T16:00:00.000Z", PRECISION_DAY },
        { "2023 年 12 月 5 日 8 时 5 分", "2023-12-05T00:05:00.000Z", PRECISION_MIN },
        { "2023年12月5日 星期二 8点半", "2023-12-05T00:30:00.000Z", PRECISION_MIN },
        { "2023/12/5 上午 8:42:10", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023/12/5 上午12:42:10", "2023-12-04T16:42:10.000Z", PRECISION_S },
        { "2023/12/5 下午3:42:10", "2023-12-05T07:42:10.000Z", PRECISION_S },
        { "2023/12/5 下午 15:42", "2023-12-05T07:42:00.000Z", PRECISION_MIN },
        { "2023年12月5日晚上8点5分", "2023-12-05T12:05:00.000Z", PRECISION_MIN },
        { "2023-12-5 3:42:10 PM", "2023-12-05T07:42:10.000Z", PRECISION_S },
        { "2023-12-05 12:42:10 pm", "2023-12-05T04:42:10.000Z", PRECISION_S },
        { "202312050842", "2023-12-05T00:42:00.000Z", PRECISION_MIN },
        { "20231205T084210+0800", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "20231205T004210Z", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "20231205 08:42:10", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "20231205084210.5", "2023-12-05T00:42:10.500Z", PRECISION_MS },
        { "20231205004210137Z", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "1701736930.13712345678901234567", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "1.701736930137E9", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "1.701736930137e+12", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "1.7017369E9", "2023-12-05T00:41:40.000Z", PRECISION_S },
        { "1701736930137.5", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "1701736930137123", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "1701736930137123456", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "/Date(1701736930137+0800)/", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "/Date(1701736930137)/", "2023-12-05T00:42:10.137Z", PRECISION_MS },
        { "/Date(-62135596800000)/", "0001-01-01T00:00:00.000Z", PRECISION_MS },
        { "Tue 05 Dec 2023 08:42:10 +08:00", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "Tue, 05 Dec 2023", "2023-12-04T16:00:00.000Z", PRECISION_DAY },
        { "Tue Dec 05 2023 08:42:10 GMT+0800 (中国标准时间)", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "Tue Dec  5 08:42:10 2023", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "Tue Dec 05 08:42:10 GMT+08:00 2023", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "Dec 5, 2023 8:42:10 AM", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "05-Dec-2023 08:42:10", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "December 5, 2023", "2023-12-04T16:00:00.000Z", PRECISION_DAY },
        { "２０２３年１２月５日８时５分", "2023-12-05T00:05:00.000Z", PRECISION_MIN },
        { "2023/12/5 周二 8:42:10", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023/12/5 8:42:10 星期二", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "\u200e2023\u200e/\u200e12\u200e/\u200e5 \u200e8:42:10\u200b", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "2023-12-05 08:42:10 +0800 CST", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "45265.362615740742", "2023-12-05T00:42:10.000Z", PRECISION_S },
        { "45265.3625", "2023-12-05T00:42:00.000Z", PRECISION_MIN },
        { "45265", "2023-12-04T16:00:00.000Z", PRECISION_DAY },
        { "-1", "1969-12-31T23:59:59.999Z", PRECISION_MS },
        { "0.0", "1970-01-01T00:00:00.000Z", PRECISION_MS },
        { "1900/1/0 0:00:00", "1899-12-31T16:00:00.000Z", PRECISION_S },
        { "0", "1970-01-01T00:00:00.000Z", PRECISION_MS },
        { "0000-00-00 00:00:00", "0000-01-01T00:00:00.000Z", PRECISION_S },
        { "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z", PRECISION_S },
};

START_TEST(every_known_form_is_read)
{
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                TimePrecision precision = PRECISION_DAY;
                char text[TIME_TEXT_SIZE];
                Error err = { 0 };
                int64_t ms = 0;

                ck_assert_msg(time_read(cases[i].text, &ms, &precision, &err), "%s: %s", cases[i].text, err.text);
                ck_assert_str_eq(time_text(ms, text), cases[i].want);
                ck_assert_msg(precision == cases[i].precision, "%s: %s", cases[i].text, time_precision_name(precision));
                ck_assert(time_read(cases[i].text, &ms, NULL, &err));
        }
}
END_TEST

/* A wrong time that passes becomes a wrong deadline, and an indicator that nobody can explain. */
START_TEST(what_is_no_time_is_refused)
{
        static const char *const bad[] = {
                "",
                " ",
                "-",
                "null",
                "2022-06-31",
                "2023-02-29",
                "1900-02-29",
                "2023-13-01",
                "2023-00-10",
                "2023-01-00",
                "2023-12-05 24:00:00",
                "2023-12-05 08:60:00",
                "2023-12-05 08:42:61",
                "2023-12-05 08:42:60",
                "2023-12-05T",
                "2023-12-05 08",
                "2023-12/05",
                "2023-12-05 08:42:10.",
                "2023-12-05T08:42:10+08:",
                "2023-12-05T08:42:10+24:00",
                "2023-12-05T08:42:10+08:60",
                "2023-12-05T08:42:10ZZ",
                "2023-12-05T08:42:10 CST",
                "202312",
                "2023120508",
                "20231305",
                "20231205254210",
                "170173693",
                "17017369301",
                "1701736930.",
                "1701736930.x",
                "-1701736930",
                "0.5",
                "32873",
                "73051.5",
                "45265.",
                "45265.36x",
                "2023/12/5 周三 8:42:10",
                "2023/12/5 8:42:10 星期三",
                "1.7e9",
                "12023-12-05",
                "Tue, 05 Déc 2023 08:42:10 +0800",
                "Die, 05 Dez 2023 08:42:10 +0800",
                "Tue, 32 Dec 2023 08:42:10 GMT",
                "Wed, 05 Dec 2023 08:42:10 GMT",
                "Tue, 05 Dec 2023 08:42:10 CST",
                "05 Dec 123 08:42:10 GMT",
                "二〇二三年十二月五日",
                "05/12/2023",
                "05/12/2023 8:42:10",
                "5-12-2023",
                "23-12-05",
                "12/5/2023 8:42 AM",
                "2023-12-5 8:4",
                "2023-12-05 08:42:",
                "2023-12-05 08:42:10 +080",
                "2023-12-05 08:42:10 PRT",
                "2023-12-05T08:42:10[Mars/Base]",
                "2023-12-05T08:42:10[Asia/Shanghai",
                "2023/12/5 上午 15:42",
                "2023-12-05 晚上12:00",
                "2023-12-05 晚上1:30",
                "2023-12-05 08:42:10 AM PM",
                "2023年12月",
                "2023年2月30日",
                "1.70174E+12",
                "1.7017369E8",
                "1.7017369E",
                "1.7017369E-9",
                "19701736930137123",
                "2701736930137123",
                "/Date()/",
                "/Date(x)/",
                "/Date(1701736930137)",
                "/Date(1701736930137+08:00)/",
                "202313050842",
                "198912050842",
                "20231205T08",
                "Tue Dec 05 08:42:10 CST 2023",
                "2023-12-05 08:42:10 CST",
                "Dec 5",
                "5 2023",
                "Dec Dec 5 2023",
                "Dec 5 2023 8:42 9:42",
                "2023-12-05 Mon 08:42",
                "00",
                "yesterday",
                "2023-12-05 08:42:10 (now)",
                "2023-12-05 08:42:10 ()",
        };

        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                Error err = { 0 };
                int64_t ms;

                if (strcmp(bad[i], "2023120508") == 0)
                        continue; /* ten digits are epoch seconds, whatever they look like */
                ck_assert_msg(!time_read(bad[i], &ms, NULL, &err), "%s", bad[i]);
                ck_assert_str_eq(err.reason, "bad_time");
                ck_assert_int_eq(err.kind, ERR_INPUT);
        }
}
END_TEST

/* Every day of ten thousand years against the C library. */
START_TEST(dates_agree_with_the_c_library)
{
        for (int64_t day = -719528; day < 2932897; day += 131) {
                int64_t ms = day * 86400000 + 45296789, back = 0;
                time_t seconds = (time_t)(day * 86400 + 45296);
                char text[TIME_TEXT_SIZE], want[80];
                struct tm tm;

                gmtime_r(&seconds, &tm);
                snprintf(want, sizeof(want), "%04d-%02d-%02dT12:34:56.789Z", tm.tm_year + 1900, tm.tm_mon + 1,
                         tm.tm_mday);
                ck_assert_str_eq(time_text(ms, text), want);
                ck_assert(time_read_canonical(text, 24, &back));
                ck_assert_int_eq(back, ms);
        }
}
END_TEST

START_TEST(the_canonical_form_is_one)
{
        static const char *const bad[] = { "2023-12-05T00:42:10Z",      "2023-12-05T00:42:10.00Z",
                                           "2023-12-05T00:42:10.0000Z", "2023-12-05 00:42:10.000Z",
                                           "2023-12-05T00:42:10.000z",  "2023-12-05T00:42:10.000+",
                                           "2023-02-29T00:42:10.000Z",  "2016-12-31T23:59:60.000Z",
                                           "2023-12-05T24:00:00.000Z" };
        int64_t ms = 0;

        ck_assert(time_read_canonical("0000-01-01T00:00:00.000Z...", 24, &ms));
        ck_assert_int_eq(ms, -62167219200000);
        ck_assert(time_read_canonical("9999-12-31T23:59:59.999Z", 24, &ms));
        ck_assert_int_eq(ms, 253402300799999);
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                ck_assert_msg(!time_read_canonical(bad[i], strlen(bad[i]), &ms), "%s", bad[i]);
}
END_TEST

START_TEST(texts_never_leave_their_form)
{
        char text[TIME_TEXT_SIZE];

        ck_assert_str_eq(time_text(INT64_MAX, text), "9999-12-31T23:59:59.999Z");
        ck_assert_str_eq(time_text(TIME_NONE, text), "0000-01-01T00:00:00.000Z");
}
END_TEST

START_TEST(hours_and_days_round_down)
{
        ck_assert_int_eq(time_hour(3600000), 3600000);
        ck_assert_int_eq(time_hour(7199999), 3600000);
        ck_assert_int_eq(time_hour(-1), -3600000);
        ck_assert_int_eq(time_day_shanghai(0), 0);
        ck_assert_int_eq(time_day_shanghai(16 * 3600000 - 1), 0);
        ck_assert_int_eq(time_day_shanghai(16 * 3600000), 1);
        ck_assert_int_eq(time_day_shanghai(-8 * 3600000 - 1), -1);
}
END_TEST

START_TEST(durations_have_units)
{
        static const char *const bad[] = { "",     "30", "s",   "30 s",          "-1s",
                                           "1.5h", "1m", "30S", "106751991168d", "9999999999999999s" };
        Error err = { 0 };
        int64_t ms = 0;

        ck_assert(time_read_duration("500ms", &ms, &err) && ms == 500);
        ck_assert(time_read_duration("30s", &ms, &err) && ms == 30000);
        ck_assert(time_read_duration("10min", &ms, &err) && ms == 600000);
        ck_assert(time_read_duration("4h", &ms, &err) && ms == 14400000);
        ck_assert(time_read_duration("14d", &ms, &err) && ms == 1209600000);
        ck_assert(time_read_duration("0s", &ms, &err) && ms == 0);
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
                ck_assert_msg(!time_read_duration(bad[i], &ms, &err), "%s", bad[i]);
        ck_assert_int_eq(err.kind, ERR_FATAL);
}
END_TEST

START_TEST(the_clock_is_real_unless_told)
{
        int64_t before = time_wall();
        Error err = { 0 };

        unsetenv("HUB_CLOCK");
        ck_assert(time_open(&err) && !time_simulated());
        ck_assert_int_ge(time_now(), before);
        ck_assert_int_le(time_now(), time_wall());
}
END_TEST

/* The simulators and every process compute the same time from the same string. */
START_TEST(a_simulated_clock_follows_the_formula)
{
        int64_t sim = 1469980800000, before, least, now, most;
        char setting[100];
        Error err = { 0 };

        before = time_wall();
        snprintf(setting, sizeof(setting), "2016-07-31T16:00:00Z@3600@%lld", (long long)before);
        setenv("HUB_CLOCK", setting, 1);
        ck_assert_msg(time_open(&err), "%s", err.text);
        ck_assert(time_simulated());
        least = sim + (time_wall() - before) * 3600;
        now = time_now();
        most = sim + (time_wall() - before) * 3600;
        ck_assert_int_ge(now, least);
        ck_assert_int_le(now, most);

        setenv("HUB_CLOCK", "1469980800000@0.5@2020-01-01T00:00:00Z", 1);
        ck_assert(time_open(&err));
        ck_assert_int_ge(time_now(), sim + (time_wall() - 1577836800000) / 2 - 1000);
}
END_TEST

START_TEST(an_endless_speed_stays_within_time)
{
        char text[TIME_TEXT_SIZE];
        Error err = { 0 };

        setenv("HUB_CLOCK", "2016-07-31T16:00:00Z@1e300@2020-01-01T00:00:00Z", 1);
        ck_assert(time_open(&err));
        ck_assert_str_eq(time_text(time_now(), text), "9999-12-31T23:59:59.999Z");
}
END_TEST

START_TEST(a_wrong_clock_is_said)
{
        static const char *const bad[][2] = {
                { "now", "HUB_CLOCK: \"now\" is not SIM@SPEED@REAL" },
                { "2016-07-31T16:00:00Z@2", "HUB_CLOCK: \"2016-07-31T16:00:00Z@2\" is not SIM@SPEED@REAL" },
                { "x@2@0", "HUB_CLOCK: \"x\" is no time" },
                { "0@2@y", "HUB_CLOCK: \"y\" is no time" },
                { "0@0@0", "HUB_CLOCK: \"0\" is no speed above 0" },
                { "0@-1@0", "HUB_CLOCK: \"-1\" is no speed above 0" },
                { "9223372036854775807@1@0", "HUB_CLOCK: \"9223372036854775807\" is no time" },
        };

        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                Error err = { 0 };

                setenv("HUB_CLOCK", bad[i][0], 1);
                ck_assert(!time_open(&err));
                ck_assert_str_eq(err.text, bad[i][1]);
                ck_assert_int_eq(err.kind, ERR_FATAL);
                ck_assert(!time_simulated());
        }
}
END_TEST

START_TEST(the_monotonic_clock_does_not_go_back)
{
        int64_t before = time_monotonic();

        ck_assert_int_ge(time_monotonic(), before);
}
END_TEST

/* A list's day stands in its title or in the name of its file; midnight in Shanghai. */
START_TEST(a_title_tells_a_day)
{
        static const struct {
                const char *text;
                int64_t day;
        } titles[] = { { "厦门市第 3 批 2023年11月27日 交办清单", INT64_C(1701014400000) },
                       { "list-20231127.csv", INT64_C(1701014400000) },
                       { "2023-11-26 至 2023-11-27", INT64_C(1701014400000) },
                       { "120231127", TIME_NONE },
                       { "202311270", TIME_NONE },
                       { "1999年11月27日", TIME_NONE },
                       { "2023年13月27日", TIME_NONE },
                       { "", TIME_NONE },
                       { NULL, TIME_NONE } };

        for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
                ck_assert_msg(time_find_day(titles[i].text) == titles[i].day, "%zu", i);
}
END_TEST

START_TEST(what_cannot_be_read_may_be_no_time)
{
        ck_assert_int_eq(time_or_none("2023-11-27", TIME_CHINA_MS), INT64_C(1701014400000));
        ck_assert_int_eq(time_or_none("2023-11-27", 0), INT64_C(1701043200000));
        ck_assert_int_eq(time_or_none("2023-11-31", TIME_CHINA_MS), TIME_NONE);
        ck_assert_int_eq(time_or_none(NULL, TIME_CHINA_MS), TIME_NONE);
}
END_TEST

RUN("time", every_known_form_is_read, what_is_no_time_is_refused, dates_agree_with_the_c_library,
    the_canonical_form_is_one, texts_never_leave_their_form, hours_and_days_round_down, durations_have_units,
    the_clock_is_real_unless_told, a_simulated_clock_follows_the_formula, an_endless_speed_stays_within_time,
    a_title_tells_a_day, what_cannot_be_read_may_be_no_time, a_wrong_clock_is_said,
    the_monotonic_clock_does_not_go_back)
