#include "hub/base/time.h"

#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND_MS   INT64_C(1000)
#define HOUR_MS     (3600 * SECOND_MS)
#define DAY_MS      (24 * HOUR_MS)
#define SHANGHAI_MS (8 * HOUR_MS)
#define LEAST_MS    INT64_C(-62167219200000) /* 0000-01-01 */
#define MOST_MS     INT64_C(253402300799999) /* 9999-12-31 */

typedef struct {
        bool simulated;
        int64_t simulated_ms, real_ms;
        double speed;
} Clock;

/* The one clock of the process; time_open() sets it before threads start. */
static Clock the_clock;

static int64_t clock_read(clockid_t id)
{
        struct timespec now;

        if (clock_gettime(id, &now) != 0)
                abort();
        return now.tv_sec * SECOND_MS + now.tv_nsec / 1000000;
}

int64_t time_wall(void)
{
        return clock_read(CLOCK_REALTIME);
}

int64_t time_monotonic(void)
{
        return clock_read(CLOCK_MONOTONIC);
}

bool time_simulated(void)
{
        return the_clock.simulated;
}

int64_t time_now(void)
{
        double passed;

        if (!the_clock.simulated)
                return time_wall();
        passed = floor((double)(time_wall() - the_clock.real_ms) * the_clock.speed);
        passed = fmin(fmax(passed, (double)(LEAST_MS - the_clock.simulated_ms)),
                      (double)(MOST_MS - the_clock.simulated_ms));
        return the_clock.simulated_ms + (int64_t)passed;
}

static bool clock_time_read(const char *text, int64_t *ms)
{
        Error ignored;

        if (!text_read_integer(text, ms) && !time_read(text, ms, NULL, &ignored))
                return false;
        return *ms >= LEAST_MS && *ms <= MOST_MS;
}

bool time_open(Error *err)
{
        CLEANUP(mem_drop) char *setting = text_copy(getenv("HUB_CLOCK"));
        Clock read = { .simulated = true };
        char *speed, *real;

        the_clock = (Clock){ 0 };
        if (!setting || !setting[0])
                return true;
        speed = strchr(setting, '@');
        real = speed ? strchr(speed + 1, '@') : NULL;
        if (!real)
                return error_set(err, ERR_FATAL, NULL, "HUB_CLOCK: \"%s\" is not SIM@SPEED@REAL", setting);
        *speed++ = '\0';
        *real++ = '\0';
        if (!clock_time_read(setting, &read.simulated_ms))
                return error_set(err, ERR_FATAL, NULL, "HUB_CLOCK: \"%s\" is no time", setting);
        if (!clock_time_read(real, &read.real_ms))
                return error_set(err, ERR_FATAL, NULL, "HUB_CLOCK: \"%s\" is no time", real);
        if (!text_read_number(speed, &read.speed) || read.speed <= 0)
                return error_set(err, ERR_FATAL, NULL, "HUB_CLOCK: \"%s\" is no speed above 0", speed);
        the_clock = read;
        return true;
}

static int64_t floor_divide(int64_t value, int64_t by)
{
        return value / by - (value % by < 0);
}

/* Howard Hinnant's days_from_civil and civil_from_days, proleptic Gregorian. */
int64_t time_days(int64_t year, int month, int day)
{
        int64_t era, of_era;
        int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

        year -= month <= 2;
        era = floor_divide(year, 400);
        of_era = year - era * 400;
        return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void date_of(int64_t days, int *year, int *month, int *day)
{
        int64_t era = floor_divide(days + 719468, 146097);
        int of_era = (int)(days + 719468 - era * 146097);
        int of_era_year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
        int of_year = of_era - (365 * of_era_year + of_era_year / 4 - of_era_year / 100);
        int part = (5 * of_year + 2) / 153;

        *day = of_year - (153 * part + 2) / 5 + 1;
        *month = part < 10 ? part + 3 : part - 9;
        *year = (int)(of_era_year + era * 400) + (*month <= 2);
}

static char *digits_write(char *out, int value, int size, char after)
{
        for (int i = size; i-- > 0; value /= 10)
                out[i] = (char)('0' + value % 10);
        out[size] = after;
        return out + size + 1;
}

char *time_text(int64_t ms, char out[TIME_TEXT_SIZE])
{
        int year, month, day, left;
        int64_t days;
        char *at;

        ms = ms < LEAST_MS ? LEAST_MS : ms > MOST_MS ? MOST_MS : ms;
        days = floor_divide(ms, DAY_MS);
        left = (int)(ms - days * DAY_MS);
        date_of(days, &year, &month, &day);

        at = digits_write(out, year, 4, '-');
        at = digits_write(at, month, 2, '-');
        at = digits_write(at, day, 2, 'T');
        at = digits_write(at, left / 3600000, 2, ':');
        at = digits_write(at, left / 60000 % 60, 2, ':');
        at = digits_write(at, left / 1000 % 60, 2, '.');
        at = digits_write(at, left % 1000, 3, 'Z');
        *at = '\0';
        return out;
}

const char *time_precision_name(TimePrecision precision)
{
        static const char *const names[] = { "ms", "s", "min", "day" };

        return names[precision];
}

int64_t time_hour(int64_t ms)
{
        return floor_divide(ms, HOUR_MS) * HOUR_MS;
}

int64_t time_day_shanghai(int64_t ms)
{
        return floor_divide(ms, DAY_MS) + (ms - floor_divide(ms, DAY_MS) * DAY_MS >= DAY_MS - SHANGHAI_MS);
}

bool time_read_duration(const char *text, int64_t *ms, Error *err)
{
        static const struct {
                const char *name;
                int64_t ms;
        } units[] = { { "ms", 1 }, { "s", SECOND_MS }, { "min", 60 * SECOND_MS }, { "h", HOUR_MS }, { "d", DAY_MS } };
        size_t size = strspn(text, "0123456789");
        int64_t value;

        for (size_t i = 0; size > 0 && size <= 15 && i < sizeof(units) / sizeof(units[0]); i++) {
                if (!text_same(text + size, units[i].name))
                        continue;
                value = strtoll(text, NULL, 10);
                if (value > INT64_MAX / units[i].ms)
                        break;
                *ms = value * units[i].ms;
                return true;
        }
        return error_set(err, ERR_FATAL, NULL, "\"%s\" is no duration such as 500ms, 30s, 10min, 4h or 14d", text);
}
