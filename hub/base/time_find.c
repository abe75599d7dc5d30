#include "hub/base/text.h"
#include "hub/base/time.h"

#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* Digits, at most four, and what follows them; -1: there are none. */
static int digits_take(const char **at, const char *behind)
{
        int value = 0, count = 0;

        for (; is_digit(**at) && count < 5; ++*at, count++)
                value = value * 10 + (**at - '0');
        if (!count || count == 5 || !text_starts(*at, behind))
                return -1;
        *at += strlen(behind);
        return value;
}

/* "2023年11月27日" */
static bool chinese_day(const char *at, int64_t *day)
{
        int year = digits_take(&at, "年"), month = year < 0 ? -1 : digits_take(&at, "月");
        int number = month < 0 ? -1 : digits_take(&at, "日");
        char text[64];
        Error unread;

        if (number < 0 || year < 2000)
                return false;
        (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, number);
        return time_read(text, day, NULL, &unread);
}

/* "20231127", "2023-11-27", with no digit before or behind */
static bool plain_day(const char *at, int64_t *day)
{
        const size_t size = is_digit(at[0]) && strspn(at, "0123456789") == 4 ? 10 : 8;
        char text[16] = "";
        Error unread;

        if (strncmp(at, "20", 2) != 0 || strlen(at) < size || is_digit(at[size]))
                return false;
        memcpy(text, at, size);
        return time_read(text, day, NULL, &unread);
}

int64_t time_find_day(const char *text)
{
        int64_t found = TIME_NONE, day;
        bool inside = false;

        for (; text && *text; inside = is_digit(*text), text++)
                if (!inside && is_digit(*text) && (chinese_day(text, &day) || plain_day(text, &day)))
                        found = day;
        return found;
}
