#include "hub/base/time.h"

#include "hub/base/text.h"

#include <string.h>
#include <strings.h>

enum { SHANGHAI_MINUTES = 8 * 60 };

typedef struct {
        int year, month, day, hour, minute, second, ms;
        int zone;    /* minutes east */
        int weekday; /* as written, 0 is Sunday; -1 when not written */
        TimePrecision precision;
} Parts;

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

static bool byte_take(const char **at, char byte)
{
        if (**at != byte)
                return false;
        ++*at;
        return true;
}

/* Exactly count digits. */
static bool digits_take(const char **at, int count, int *value)
{
        *value = 0;
        for (int i = 0; i < count; i++, ++*at) {
                if (!is_digit(**at))
                        return false;
                *value = *value * 10 + (**at - '0');
        }
        return true;
}

/* One to nine digits after the point, cut to milliseconds. */
static bool fraction_take(const char **at, int *ms)
{
        int scale = 100, count = 0;

        *ms = 0;
        for (; is_digit(**at); ++*at, count++, scale /= 10)
                *ms += (**at - '0') * scale;
        return count >= 1 && count <= 9;
}

static int month_days(int year, int month)
{
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

        return days[month - 1] + (month == 2 && leap);
}

static bool parts_compose(const Parts *parts, int64_t *ms)
{
        int64_t days, seconds;

        if (parts->month < 1 || parts->month > 12 || parts->day < 1 ||
            parts->day > month_days(parts->year, parts->month))
                return false;
        if (parts->hour > 23 || parts->minute > 59 || parts->second > 60)
                return false;
        days = time_days(parts->year, parts->month, parts->day);
        if (parts->weekday >= 0 && ((days + 4) % 7 + 7) % 7 != parts->weekday)
                return false;
        seconds = days * 86400 + (int64_t)parts->hour * 3600 + ((int64_t)parts->minute - parts->zone) * 60 +
                  parts->second;
        if (parts->second == 60 && seconds % 86400 != 0)
                return false; /* a leap second ends a day of UTC, and no other minute */
        *ms = seconds * 1000 + parts->ms;
        return true;
}

/* Z, +08:00, +0800, +08; nothing leaves the zone as it is. */
static bool zone_take(const char **at, int *zone)
{
        int sign = **at == '-' ? -1 : 1, hours, minutes = 0;

        if (!**at)
                return true;
        if (byte_take(at, 'Z') || byte_take(at, 'z')) {
                *zone = 0;
                return true;
        }
        if (!byte_take(at, '+') && !byte_take(at, '-'))
                return false;
        if (!digits_take(at, 2, &hours))
                return false;
        if (**at && ((void)byte_take(at, ':'), !digits_take(at, 2, &minutes)))
                return false;
        *zone = sign * (hours * 60 + minutes);
        return hours <= 23 && minutes <= 59;
}

/* HH:mm[:ss[.fraction]] */
static bool clock_take(const char **at, Parts *parts)
{
        parts->precision = PRECISION_MIN;
        if (!digits_take(at, 2, &parts->hour) || !byte_take(at, ':') || !digits_take(at, 2, &parts->minute))
                return false;
        if (!byte_take(at, ':'))
                return true;
        parts->precision = PRECISION_S;
        if (!digits_take(at, 2, &parts->second))
                return false;
        if (!byte_take(at, '.'))
                return true;
        parts->precision = PRECISION_MS;
        return fraction_take(at, &parts->ms);
}

/* yyyy-MM-dd or yyyy/MM/dd, alone or with a time and an offset. */
static bool date_read(const char *at, Parts *parts)
{
        char separator;

        parts->precision = PRECISION_DAY;
        if (!digits_take(&at, 4, &parts->year) || (*at != '-' && *at != '/'))
                return false;
        separator = *at++;
        if (!digits_take(&at, 2, &parts->month) || !byte_take(&at, separator) || !digits_take(&at, 2, &parts->day))
                return false;
        if (!*at)
                return true;
        if (!byte_take(&at, 'T') && !byte_take(&at, 't') && !byte_take(&at, ' '))
                return false;
        return clock_take(&at, parts) && zone_take(&at, &parts->zone) && !*at;
}

/* yyyyMMdd, yyyyMMddHHmmss, yyyyMMddHHmmssSSS */
static bool compact_read(const char *at, Parts *parts)
{
        size_t size = strlen(at);

        if (strspn(at, "0123456789") != size || (size != 8 && size != 14 && size != 17))
                return false;
        parts->precision = size == 8 ? PRECISION_DAY : size == 14 ? PRECISION_S : PRECISION_MS;
        (void)(digits_take(&at, 4, &parts->year) && digits_take(&at, 2, &parts->month) &&
               digits_take(&at, 2, &parts->day));
        if (size > 8)
                (void)(digits_take(&at, 2, &parts->hour) && digits_take(&at, 2, &parts->minute) &&
                       digits_take(&at, 2, &parts->second));
        if (size > 14)
                (void)digits_take(&at, 3, &parts->ms);
        return true;
}

/* Epoch seconds of ten digits, with a fraction or without; epoch milliseconds of thirteen. */
static bool epoch_read(const char *at, int64_t *ms, TimePrecision *precision)
{
        size_t size = strspn(at, "0123456789");
        int high = 0, low = 0, rest = 0;

        *precision = PRECISION_MS;
        if (size != 10 && size != 13)
                return false;
        (void)(digits_take(&at, 5, &high) && digits_take(&at, 5, &low));
        if (size == 13)
                (void)digits_take(&at, 3, &rest);
        else if (!*at)
                *precision = PRECISION_S;
        else if (!byte_take(&at, '.') || !fraction_take(&at, &rest))
                return false;
        *ms = ((int64_t)high * 100000 + low) * 1000 + rest;
        return !*at;
}

/* A name of three letters out of a list of such; its index or -1. */
static int name_take(const char **at, const char *names)
{
        for (const char *name = names; *name; name += 3) {
                if (strncasecmp(*at, name, 3) == 0) {
                        *at += 3;
                        return (int)(name - names) / 3;
                }
        }
        return -1;
}

static bool blanks_take(const char **at)
{
        size_t size = strspn(*at, " ");

        *at += size;
        return size > 0;
}

/* RFC 822 section 5.1 without the military letters, and without CST and CDT, which mean China's zone in feeds from
 * here. */
static bool named_zone_take(const char **at, int *zone)
{
        static const struct {
                const char *name;
                int minutes;
        } zones[] = { { "GMT", 0 },    { "UTC", 0 },    { "UT", 0 },     { "Z", 0 },      { "EST", -300 },
                      { "EDT", -240 }, { "MST", -420 }, { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 } };

        for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
                if (strcasecmp(*at, zones[i].name) == 0) {
                        *at += strlen(*at);
                        *zone = zones[i].minutes;
                        return true;
                }
        }
        return (**at == '+' || **at == '-') && strlen(*at) == 5 && zone_take(at, zone);
}

/* "05 Dec 2023": years of two digits as RFC 2822 section 4.3 reads them. */
static bool mail_date_take(const char **at, Parts *parts)
{
        const char *year;

        if (!digits_take(at, is_digit((*at)[0]) && is_digit((*at)[1]) ? 2 : 1, &parts->day) || !blanks_take(at))
                return false;
        parts->month = name_take(at, "JanFebMarAprMayJunJulAugSepOctNovDec") + 1;
        if (!blanks_take(at))
                return false;
        year = *at;
        if (!digits_take(at, strspn(year, "0123456789") == 2 ? 2 : 4, &parts->year))
                return false;
        if (*at - year == 2)
                parts->year += parts->year < 50 ? 2000 : 1900;
        return true;
}

/* [Tue, ]05 Dec 2023 08:42[:10][ +0800] */
static bool mail_read(const char *at, Parts *parts)
{
        parts->weekday = name_take(&at, "SunMonTueWedThuFriSat");
        if (parts->weekday >= 0 && (!byte_take(&at, ',') || !blanks_take(&at)))
                return false;
        if (!mail_date_take(&at, parts) || !blanks_take(&at) || !clock_take(&at, parts) ||
            parts->precision == PRECISION_MS)
                return false;
        return !*at || (blanks_take(&at) && named_zone_take(&at, &parts->zone) && !*at);
}

bool time_read(const char *text, int64_t *ms, TimePrecision *precision, Error *err)
{
        static bool (*const readers[])(const char *, Parts *) = { date_read, compact_read, mail_read };
        TimePrecision unasked;

        if (!precision)
                precision = &unasked;
        if (epoch_read(text, ms, precision))
                return true;
        for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
                Parts parts = { .zone = SHANGHAI_MINUTES, .weekday = -1 };

                if (!readers[i](text, &parts))
                        continue;
                if (!parts_compose(&parts, ms))
                        return error_set(err, ERR_INPUT, "bad_time", "there is no such date or time");
                *precision = parts.precision;
                return true;
        }
        return error_set(err, ERR_INPUT, "bad_time", "%zu characters in no known form of a time", text_points(text));
}

bool time_read_canonical(const char *text, size_t size, int64_t *ms)
{
        static const char form[] = "0000-00-00T00:00:00.000Z";
        Parts parts = { .weekday = -1 };

        if (size != sizeof(form) - 1)
                return false;
        for (size_t i = 0; i < size; i++)
                if (form[i] == '0' ? !is_digit(text[i]) : text[i] != form[i])
                        return false;
        (void)(digits_take(&text, 4, &parts.year) && byte_take(&text, '-') && digits_take(&text, 2, &parts.month) &&
               byte_take(&text, '-') && digits_take(&text, 2, &parts.day) && byte_take(&text, 'T') &&
               digits_take(&text, 2, &parts.hour) && byte_take(&text, ':') && digits_take(&text, 2, &parts.minute) &&
               byte_take(&text, ':') && digits_take(&text, 2, &parts.second) && byte_take(&text, '.') &&
               digits_take(&text, 3, &parts.ms));
        return parts.second < 60 && parts_compose(&parts, ms);
}
