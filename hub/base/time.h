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
#define TIME_TEXT_SIZE 25 /* "2023-12-05T00:42:10.000Z" and NUL */

typedef enum { PRECISION_MS, PRECISION_S, PRECISION_MIN, PRECISION_DAY } TimePrecision;

bool time_open(Error *err); /* reads HUB_CLOCK; a wrong one is ERR_FATAL */
bool time_simulated(void);
int64_t time_now(void);
int64_t time_wall(void);
int64_t time_monotonic(void);

char *time_text(int64_t ms, char out[TIME_TEXT_SIZE]); /* RFC 3339 UTC with milliseconds, years 0000 to 9999 (else the
                                                                   nearest); returns out */

/*
 * Reads every form that our platforms send (platforms.md section 2): RFC 3339 with 0 to 9 fraction digits, with or without
 * seconds, "T" or blank; "yyyy-MM-dd[ HH:mm[:ss]]" and the same with "/"; yyyyMMdd, yyyyMMddHHmmss, yyyyMMddHHmmssSSS;
 * epoch s (10 digits, with fraction or without), epoch ms (13 digits); RFC 822. Offsets: Z, +08:00, +0800, +08. Fractions are
 * cut to milliseconds. Impossible dates (2022-06-31) are refused, reason bad_time; so is RFC 822's "CST", which is Chicago
 * there and China here. Precision may be NULL.
 */
bool time_read(const char *text, int64_t *ms, TimePrecision *precision, Error *err);
bool time_read_canonical(const char *text, size_t size,
                         int64_t *ms);                    /* our own form only, any value that it can hold */
const char *time_precision_name(TimePrecision precision); /* "ms", "s", "min", "day" */

int64_t time_days(int64_t year, int month, int day);                /* days since 1970-01-01 of a Gregorian date */
int64_t time_hour(int64_t ms);                                      /* start of the UTC hour */
int64_t time_day_shanghai(int64_t ms);                              /* days since 1970-01-01 in Shanghai */
bool time_read_duration(const char *text, int64_t *ms, Error *err); /* "500ms", "30s", "10min", "4h", "14d" */
