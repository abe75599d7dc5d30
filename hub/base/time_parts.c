/* The parts of a time: what a clock, a zone and a date are, whatever stands around them. */

#include "hub/base/text.h"
#include "hub/base/time_private.h"

#include <string.h>
#include <strings.h>

bool parts_is_digit(char c)
{
        return c >= '0' && c <= '9';
}

size_t parts_digits(const char *at)
{
        return strspn(at, "0123456789");
}

bool parts_byte(const char **at, char byte)
{
        if (**at != byte)
                return false;
        ++*at;
        return true;
}

bool parts_exact(const char **at, int count, int *value)
{
        *value = 0;
        for (int i = 0; i < count; i++, ++*at) {
                if (!parts_is_digit(**at))
                        return false;
                *value = *value * 10 + (**at - '0');
        }
        return true;
}

bool parts_number(const char **at, size_t least, size_t most, int *value)
{
        size_t size = parts_digits(*at);

        return size >= least && size <= most && parts_exact(at, (int)size, value);
}

bool parts_fraction(const char **at, int *ms)
{
        int scale = 100;

        *ms = 0;
        if (!parts_is_digit(**at))
                return false;
        for (; parts_is_digit(**at); ++*at, scale /= 10)
                *ms += (**at - '0') * scale;
        return true;
}

int parts_name(const char **at, const char *names)
{
        for (const char *name = names; *name; name += 3) {
                if (strncasecmp(*at, name, 3) == 0) {
                        *at += 3;
                        return (int)(name - names) / 3;
                }
        }
        return -1;
}

static void blanks_skip(const char **at)
{
        *at += strspn(*at, " ");
}

/* ---- clock ---- */

/* Hours that are those of twelve and what they lack, and hours that a clock of 24 shows: 下午15:30 is what it says. */
typedef struct {
        const char *word;
        int from, to, lack;
        int plain_from, plain_to;
} DayPart;

static const DayPart *day_part_take(const char **at)
{
        static const DayPart parts[] = { { "AM", 12, 12, -12, 0, 11 },
                                         { "PM", 0, 11, 12, 12, 23 },
                                         { "EVE", 5, 11, 12, 17, 23 },
                                         { "NOON", 1, 2, 12, 11, 14 } };
        const char *from = *at + strspn(*at, " ");

        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
                size_t size = strlen(parts[i].word);

                if (strncasecmp(from, parts[i].word, size) != 0 ||
                    (from[size] && !strchr(" 0123456789+-,", from[size])))
                        continue;
                *at = from + size;
                blanks_skip(at);
                return &parts[i];
        }
        return NULL;
}

static bool hour_fit(const DayPart *part, int *hour)
{
        if (!part || (*hour >= part->plain_from && *hour <= part->plain_to))
                return true;
        if (*hour < part->from || *hour > part->to)
                return false;
        *hour += part->lack;
        return true;
}

static bool seconds_take(const char **at, Parts *parts)
{
        parts->precision = PRECISION_S;
        if (!parts_exact(at, 2, &parts->second))
                return false;
        if (**at != '.' && **at != ',' && **at != ':')
                return true;
        parts->precision = PRECISION_MS;
        if (parts_byte(at, ':'))
                return parts_number(at, 3, 3, &parts->ms);
        ++*at;
        return parts_fraction(at, &parts->ms);
}

bool parts_clock(const char **at, Parts *parts)
{
        const DayPart *part = day_part_take(at);

        parts->precision = PRECISION_MIN;
        if (!parts_number(at, 1, 2, &parts->hour) || !parts_byte(at, ':') || !parts_exact(at, 2, &parts->minute))
                return false;
        if (parts_byte(at, ':') && !seconds_take(at, parts))
                return false;
        return hour_fit(part ? part : day_part_take(at), &parts->hour);
}

/* ---- zone ---- */

/* +08:00, +0800, +08, +8 */
static bool offset_take(const char **at, int *zone)
{
        int sign = **at == '-' ? -1 : 1, hours, minutes = 0;

        if (!parts_byte(at, '+') && !parts_byte(at, '-'))
                return false;
        if (parts_digits(*at) == 4) {
                (void)(parts_exact(at, 2, &hours) && parts_exact(at, 2, &minutes));
        } else if (!parts_number(at, 1, 2, &hours) || (parts_byte(at, ':') && !parts_number(at, 2, 2, &minutes))) {
                return false;
        }
        *zone = sign * (hours * 60 + minutes);
        return hours <= 23 && minutes <= 59;
}

static bool region_known(const char *name, size_t size, int *zone)
{
        static const struct {
                const char *name;
                int minutes;
        } regions[] = { { "Asia/Shanghai", 480 },
                        { "Asia/Chongqing", 480 },
                        { "Asia/Hong_Kong", 480 },
                        { "PRC", 480 },
                        { "UTC", 0 },
                        { "GMT", 0 },
                        { "Etc/UTC", 0 },
                        { "Z", 0 } };

        for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++)
                if (strlen(regions[i].name) == size && strncasecmp(name, regions[i].name, size) == 0) {
                        *zone = regions[i].minutes;
                        return true;
                }
        return false;
}

/* [Asia/Shanghai] of RFC 9557; an offset in front of it decides, and lets any region stand. */
static bool region_take(const char **at, bool given, int *zone)
{
        size_t size;

        if (!parts_byte(at, '['))
                return true;
        size = strcspn(*at, "]");
        if (!(*at)[size] || !size || (!given && !region_known(*at, size, zone)))
                return false;
        *at += size + 1;
        return true;
}

static bool name_take(const char **at, int *zone)
{
        size_t size = strspn(*at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/_");
        bool may_add = size == 3;

        if (!size || !(region_known(*at, size, zone) || (size == 2 && strncasecmp(*at, "UT", 2) == 0)))
                return false;
        if (size == 2)
                *zone = 0;
        *at += size;
        return !may_add || (**at != '+' && **at != '-') || (*zone == 0 && offset_take(at, zone));
}

bool parts_zone(const char **at, Parts *parts)
{
        const char *from;
        bool given;

        blanks_skip(at);
        from = *at;
        if (*from && *from != '[' &&
            !(*from == '+' || *from == '-' ? offset_take(at, &parts->zone) : name_take(at, &parts->zone)))
                return false;
        given = *at > from;
        blanks_skip(at);
        if ((*from == '+' || *from == '-') && text_starts(*at, "CST")) /* the offset says whose, as Go writes it */
                *at += 3;
        if (given && **at == '(') /* what a browser calls it */
                *at += strlen(*at);
        return region_take(at, given, &parts->zone);
}

/* ---- date ---- */

static int month_days(int year, int month)
{
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

        return days[month - 1] + (month == 2 && leap);
}

bool parts_compose(const Parts *parts, int64_t *ms)
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
