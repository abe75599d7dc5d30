#include "hub/base/text.h"
#include "hub/base/time_private.h"

#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60000, EXACT_DIGITS = 8 };

/* MySQL's 0000-00-00, which means none as year 1 does: the first of all days. A sheet's is 1900-01-00. */
static void zero_date(Parts *parts)
{
        if (parts->year == 0 && parts->month == 0 && parts->day == 0)
                parts->month = parts->day = 1;
        if (parts->year == 1900 && parts->month == 1 && parts->day == 0)
                parts->day = 1;
}

/* Behind the clock, where it did not stand in front of it. */
static bool weekday_take(const char **at, Parts *parts)
{
        const char *from = *at + strspn(*at, " ");
        int weekday;

        if (parts->weekday >= 0 || from == *at)
                return true;
        weekday = parts_name(&from, "SunMonTueWedThuFriSat");
        if (weekday < 0)
                return true;
        parts->weekday = weekday;
        *at = from;
        return true;
}

/* A date is followed by nothing, or by a clock and a zone. */
static bool clock_read(const char *at, Parts *parts)
{
        if (!*at)
                return true;
        if (!parts_byte(&at, 'T') && !parts_byte(&at, 't') && !parts_byte(&at, ' '))
                return false;
        parts->weekday = parts_name(&at, "SunMonTueWedThuFriSat");
        if (parts->weekday >= 0 && !*at)
                return true;
        at += parts->weekday >= 0 && *at == ' ';
        return parts_clock(&at, parts) && weekday_take(&at, parts) && parts_zone(&at, parts) && !*at;
}

/* yyyy-M-d, yyyy/M/d, yyyy.M.d */
static bool date_read(const char *at, Parts *parts)
{
        char separator;

        parts->precision = PRECISION_DAY;
        if (!parts_number(&at, 4, 4, &parts->year) || !*at || !strchr("-/.", *at))
                return false;
        separator = *at++;
        if (!parts_number(&at, 1, 2, &parts->month) || !parts_byte(&at, separator) ||
            !parts_number(&at, 1, 2, &parts->day))
                return false;
        zero_date(parts);
        return clock_read(at, parts);
}

/* HHmm, HHmmss, HHmmssSSS, a fraction, a zone */
static bool compact_clock(const char *at, Parts *parts)
{
        size_t size = parts_digits(at);

        if (size != 4 && size != 6 && size != 9)
                return false;
        parts->precision = size == 4 ? PRECISION_MIN : size == 6 ? PRECISION_S : PRECISION_MS;
        (void)(parts_exact(&at, 2, &parts->hour) && parts_exact(&at, 2, &parts->minute));
        if (size > 4)
                (void)parts_exact(&at, 2, &parts->second);
        if (size > 6)
                (void)parts_exact(&at, 3, &parts->ms);
        if (size == 6 && (*at == '.' || *at == ',')) {
                parts->precision = PRECISION_MS;
                at++;
                if (!parts_fraction(&at, &parts->ms))
                        return false;
        }
        return parts_zone(&at, parts) && !*at;
}

/* yyyyMMdd, and a clock that follows at once or behind a T or a blank. Twelve digits may be milliseconds, too, of a year
 * that is none of ours. */
static bool compact_read(const char *at, Parts *parts)
{
        size_t size = parts_digits(at);

        if (size != 8 && size != 12 && size != 14 && size != 17)
                return false;
        parts->precision = PRECISION_DAY;
        (void)(parts_exact(&at, 4, &parts->year) && parts_exact(&at, 2, &parts->month) &&
               parts_exact(&at, 2, &parts->day));
        zero_date(parts);
        if (size == 12 && (parts->year < 1990 || parts->year > 2099))
                return false;
        if (size > 8)
                return compact_clock(at, parts);
        if (*at && strchr("Tt ", *at) && parts_digits(at + 1) > 2)
                return compact_clock(at + 1, parts);
        return clock_read(at, parts);
}

static bool is_zero(const char *at)
{
        return *at == '0' && (!at[1] || (at[1] == '.' && at[2] && !at[2 + strspn(at + 2, "0")]));
}

/* Seconds of ten digits and milliseconds of thirteen, each with a fraction or without; micro- and nanoseconds of sixteen and
 * nineteen; 0, which is the same in all of them, and -1, which means none, too. */
static bool epoch_read(const char *at, int64_t *ms, TimePrecision *precision)
{
        size_t size = parts_digits(at);
        int rest = 0;

        *precision = PRECISION_MS;
        if (strcmp(at, "-1") == 0) {
                *ms = -1;
                return true;
        }
        if (size != 10 && size != 13 && !((size == 16 || size == 19) && *at == '1') && !is_zero(at))
                return false;
        *ms = strtoll(at, NULL, 10);
        for (size_t i = size; i > 13; i--)
                *ms /= 10;
        at += size;
        if (size == 10 && !*at)
                *precision = PRECISION_S;
        if (parts_byte(&at, '.') && !parts_fraction(&at, &rest))
                return false;
        *ms = size == 10 ? *ms * 1000 + rest : *ms;
        return !*at;
}

/* 1.701742800123E9: the point moves. Fewer than eight digits were rounded by a spreadsheet, and the time is lost. */
static bool exponent_read(const char *text, int64_t *ms, TimePrecision *precision)
{
        size_t whole = parts_digits(text), part = text[whole] == '.' ? parts_digits(text + whole + 1) : 0;
        const char *at = text + whole + (part ? part + 1 : 0);
        char plain[TIME_PLAIN_SIZE];
        size_t size = 0;
        int exponent;

        if (!whole || whole + part < EXACT_DIGITS || whole + part + 16 > sizeof(plain) ||
            (!parts_byte(&at, 'e') && !parts_byte(&at, 'E')))
                return false;
        at += *at == '+';
        if (!parts_number(&at, 1, 2, &exponent) || *at || exponent > 12)
                return false;
        for (size_t i = 0; i < whole + part || i < whole + (size_t)exponent; i++) {
                if (i == whole + (size_t)exponent)
                        plain[size++] = '.';
                plain[size] = '0';
                if (i < whole + part)
                        plain[size] = text[i + (i >= whole)];
                size++;
        }
        plain[size] = '\0';
        return epoch_read(plain, ms, precision);
}

/* /Date(1701742800123+0800)/: milliseconds since 1970 in UTC, whatever zone stands there. */
static bool dotnet_read(const char *at, int64_t *ms, TimePrecision *precision)
{
        static const int64_t least = INT64_C(-62167219200000), most = INT64_C(253402300799999); /* 0000 to 9999 */
        const bool before = text_starts(at, "/Date(-");
        size_t size;

        if (!text_starts(at, "/Date("))
                return false;
        at += strlen("/Date(") + before;
        size = parts_digits(at);
        if (!size || size > 15)
                return false;
        *ms = (before ? -1 : 1) * strtoll(at, NULL, 10);
        *precision = PRECISION_MS;
        at += size;
        at += *at == '+' || *at == '-' ? 1 + parts_digits(at + 1) : 0;
        return *ms >= least && *ms <= most && strcmp(at, ")/") == 0;
}

/* 45265.37847, a sheet's days since 1899-12-30 by the clock of its place, of 1990 to 2099; a fraction is good to the second. */
static bool serial_read(const char *text, int64_t zone_ms, int64_t *ms, TimePrecision *precision)
{
        enum { DAY_1970 = 25569, DAY_1990 = 32874, DAY_2100 = 73051, DIGITS = 5, SECOND_DECIMALS = 5 };
        size_t part = 0;
        double days;

        if (parts_digits(text) == DIGITS && text[DIGITS] == '.')
                part = parts_digits(text + DIGITS + 1);
        if (parts_digits(text) != DIGITS || text[DIGITS + (part ? part + 1 : 0)] || !text_read_number(text, &days) ||
            days < DAY_1990 || days >= DAY_2100)
                return false;
        *ms = (int64_t)((days - DAY_1970) * 86400 + 0.5) * 1000 - zone_ms;
        *precision = part == 0 ? PRECISION_DAY : part < SECOND_DECIMALS ? PRECISION_MIN : PRECISION_S;
        return true;
}

typedef enum { READ, UNKNOWN, IMPOSSIBLE } Verdict;

static Verdict forms_read(const char *text, int64_t zone_ms, int64_t *ms, TimePrecision *precision)
{
        static bool (*const numbers[])(const char *, int64_t *, TimePrecision *) = { epoch_read, exponent_read,
                                                                                     dotnet_read };
        static bool (*const readers[])(const char *, Parts *) = { date_read, compact_read, parts_read_named };

        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
                if (numbers[i](text, ms, precision))
                        return READ;
        if (serial_read(text, zone_ms, ms, precision))
                return READ;
        for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
                Parts parts = { .zone = (int)(zone_ms / MINUTE_MS), .weekday = -1 };

                if (!readers[i](text, &parts))
                        continue;
                *precision = parts.precision;
                return parts_compose(&parts, ms) ? READ : IMPOSSIBLE;
        }
        return UNKNOWN;
}

bool time_read(const char *text, int64_t *ms, TimePrecision *precision, Error *err)
{
        return time_read_in(text, TIME_CHINA_MS, ms, precision, err);
}

int64_t time_or_none(const char *text, int64_t zone_ms)
{
        Error unread;
        int64_t ms = TIME_NONE;

        return text && time_read_in(text, zone_ms, &ms, NULL, &unread) ? ms : TIME_NONE;
}

bool time_read_in(const char *text, int64_t zone_ms, int64_t *ms, TimePrecision *precision, Error *err)
{
        TimePrecision unasked;
        char plain[TIME_PLAIN_SIZE];
        Verdict verdict;

        precision = precision ? precision : &unasked;
        verdict = forms_read(text, zone_ms, ms, precision);
        if (verdict == UNKNOWN && time_plain(text, plain) && strcmp(text, plain) != 0)
                verdict = forms_read(plain, zone_ms, ms, precision);
        if (verdict == READ)
                return true;
        if (verdict == IMPOSSIBLE)
                return error_set(err, ERR_INPUT, "bad_time", "there is no such date or time");
        return error_set(err, ERR_INPUT, "bad_time", "%zu characters in no known form of a time", text_points(text));
}

bool time_read_canonical(const char *text, size_t size, int64_t *ms)
{
        static const char form[] = "0000-00-00T00:00:00.000Z";
        Parts parts = { .weekday = -1 };

        if (size != sizeof(form) - 1)
                return false;
        for (size_t i = 0; i < size; i++)
                if (form[i] == '0' ? !parts_is_digit(text[i]) : text[i] != form[i])
                        return false;
        (void)(parts_exact(&text, 4, &parts.year) && parts_byte(&text, '-') && parts_exact(&text, 2, &parts.month) &&
               parts_byte(&text, '-') && parts_exact(&text, 2, &parts.day) && parts_byte(&text, 'T') &&
               parts_exact(&text, 2, &parts.hour) && parts_byte(&text, ':') && parts_exact(&text, 2, &parts.minute) &&
               parts_byte(&text, ':') && parts_exact(&text, 2, &parts.second) && parts_byte(&text, '.') &&
               parts_exact(&text, 3, &parts.ms));
        return parts.second < 60 && parts_compose(&parts, ms);
}
