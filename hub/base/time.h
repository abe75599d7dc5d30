#pragma once

/*
 * Time is milliseconds since 1970-01-01T00:00:00Z in an int64_t; TIME_NONE is "not known". time_now() is the only clock of
 * the product: it honours HUB_CLOCK=SIM@SPEED@REAL (two RFC 3339 or epoch-ms times, and a factor): SIM + (now - REAL) x SPEED.
 * Timeouts, back-off and tick intervals use time_monotonic(); Kafka's own stamps and log lines time_wall().
 *
 * Zone-less times of a source are Asia/Shanghai, UTC+8; no daylight saving since 1991.
 */

#include "hub/base/error.h"

#include <stdint.h>

#define TIME_NONE      INT64_MIN
#define TIME_CHINA_MS  INT64_C(28800000) /* how far its clocks are ahead of UTC */
#define TIME_TEXT_SIZE 25                /* "2023-12-05T00:42:10.000Z" and NUL */

typedef enum { PRECISION_MS, PRECISION_S, PRECISION_MIN, PRECISION_DAY } TimePrecision;

bool time_open(Error *err); /* reads HUB_CLOCK; a wrong one is ERR_FATAL */
bool time_simulated(void);
int64_t time_now(void);
int64_t time_wall(void);
int64_t time_monotonic(void);

char *time_text(int64_t ms, char out[TIME_TEXT_SIZE]); /* RFC 3339 UTC with milliseconds, years 0000 to 9999 (else the
                                                                   nearest); returns out */

/*
 * Reads every form that can be read in one way only. Precision may be NULL; fractions of any length are cut to milliseconds.
 *
 *   2023-12-05T08:42:10.137+08:00   RFC 3339, with or without seconds, fraction (point or comma) and zone; T or blank
 *   2023-12-5 8:42, 2023/12/5, 2023.12.5, 2023年12月5日 上午8时5分, 2023/12/5 8:42:10 PM
 *   20231205, 202312050842, 20231205084210[137], 20231205T084210Z
 *   1701736930[.137], 1701736930137, 1.701736930137E9 (eight digits at least: fewer were rounded), 16 and 19 digits
 *   /Date(1701736930137+0800)/, 45265.36304 (a sheet's days, of 1990 to 2099)
 *   Tue, 05 Dec 2023 08:42:10 +0800 (RFC 822), and other orders with the month's name
 *
 * Zones: Z, UTC, GMT, +08:00, +0800, +08, +8, GMT+8, at once or behind a blank, [Asia/Shanghai] behind them or alone.
 * 0, -1, MySQL's 0000-00-00 and a sheet's 1900-01-00 are read as times long ago, as year 1 is: they mean none, which their user says.
 *
 * Refused, reason bad_time: impossible dates (2022-06-31), 05/12/2023 (two days, by country), RFC 822's "CST", which is
 * Chicago there and China here, and what was cut or rounded.
 */
bool time_read(const char *text, int64_t *ms, TimePrecision *precision, Error *err);
/* The same; a time that names no zone is of one that lies zone_ms east of UTC. */
bool time_read_in(const char *text, int64_t zone_ms, int64_t *ms, TimePrecision *precision, Error *err);
/* What is good to know and turns nobody away: TIME_NONE where there is no text (NULL), or none that can be read. */
int64_t time_or_none(const char *text, int64_t zone_ms);
int64_t time_find_day(
        const char *
                text); /* the last date in a title or a file's name, 2023年11月27日, 20231127, 2023-11-27; TIME_NONE: none */
int64_t time_day_end(int64_t ms, int64_t zone_ms); /* when the day of ms had ended, zone_ms east of UTC */
bool time_read_canonical(const char *text, size_t size,
                         int64_t *ms);                    /* our own form only, any value that it can hold */
const char *time_precision_name(TimePrecision precision); /* "ms", "s", "min", "day" */

int64_t time_days(int64_t year, int month, int day);                /* days since 1970-01-01 of a Gregorian date */
int64_t time_hour(int64_t ms);                                      /* start of the UTC hour */
int64_t time_day_shanghai(int64_t ms);                              /* days since 1970-01-01 in Shanghai */
bool time_read_duration(const char *text, int64_t *ms, Error *err); /* "500ms", "30s", "10min", "4h", "14d" */
