/* Times with words in them: months by name, and what people and programs here write. */

#include "hub/base/text.h"
#include "hub/base/time_private.h"

#include <string.h>
#include <strings.h>

/* ---- months by name ---- */

typedef struct {
        bool day, year, clock, zone;
} Seen;

/* The zones of RFC 822 section 5.1 that parts_zone() does not know, but for CST and CDT, which mean China's in texts
 * from here, and the military letters. */
static bool american_take(const char **at, int *zone)
{
        static const struct {
                const char *name;
                int minutes;
        } zones[] = { { "EST", -300 }, { "EDT", -240 }, { "MST", -420 },
                      { "MDT", -360 }, { "PST", -480 }, { "PDT", -420 } };

        for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
                if (strcasecmp(*at, zones[i].name) == 0) {
                        *at += strlen(*at);
                        *zone = zones[i].minutes;
                        return true;
                }
        return false;
}

/* Of GMT+08:00 in front of a year, only that; else all the rest. */
static bool zone_take(const char **at, Parts *parts, Seen *seen)
{
        char token[TIME_PLAIN_SIZE];
        const char *part = token, *year = strrchr(*at, ' ');
        size_t size = strlen(*at);

        if (!seen->year && year && strlen(year + 1) == 4 && parts_digits(year + 1) == 4)
                size = (size_t)(year - *at);
        if (seen->zone || !seen->clock || size >= sizeof(token))
                return false;
        memcpy(token, *at, size);
        token[size] = '\0';
        seen->zone = (american_take(&part, &parts->zone) || parts_zone(&part, parts)) && !*part;
        *at += size;
        return seen->zone;
}

/* A year of two digits comes behind the day and the month, as RFC 2822 section 4.3 reads it. */
static bool number_take(const char **at, Parts *parts, Seen *seen)
{
        size_t size = parts_digits(*at);

        if (!seen->day && size <= 2) {
                seen->day = true;
                return parts_number(at, 1, 2, &parts->day);
        }
        if (seen->year || (size != 4 && (size != 2 || !parts->month)) || !parts_exact(at, (int)size, &parts->year))
                return false;
        if (size == 2)
                parts->year += parts->year < 50 ? 2000 : 1900;
        return seen->year = true;
}

static bool word_take(const char **at, Parts *parts, Seen *seen)
{
        const char *from = *at;
        int index = parts_name(at, "SunMonTueWedThuFriSat");
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

        if (index >= 0 && parts->weekday < 0) {
                parts->weekday = index;
        } else {
                *at = from;
                index = parts_name(at, "JanFebMarAprMayJunJulAugSepOctNovDec");
                if (index < 0 || parts->month)
                        return zone_take(at, parts, seen);
                parts->month = index + 1;
        }
        *at += strspn(*at, letters); /* Tuesday, December */
        *at += **at == '.';
        return true;
}

static bool token_take(const char **at, Parts *parts, Seen *seen)
{
        size_t digits = parts_digits(*at);

        if (digits && (*at)[digits] == ':') {
                bool fits = !seen->clock && parts_clock(at, parts);

                seen->clock = true;
                return fits;
        }
        if (digits)
                return number_take(at, parts, seen);
        return seen->clock && (**at == '+' || **at == '-') ? zone_take(at, parts, seen) : word_take(at, parts, seen);
}

bool parts_read_named(const char *at, Parts *parts)
{
        Seen seen = { 0 };

        parts->precision = PRECISION_DAY;
        while (*at) {
                if (!token_take(&at, parts, &seen))
                        return false;
                at += strspn(at, seen.clock ? " ," : " ,-");
        }
        return parts->month && seen.day && seen.year;
}

/* ---- as ASCII has it ---- */

typedef struct {
        char *bytes;
        size_t size;
} Plain;

static bool plain_add(Plain *plain, const char *text)
{
        for (; *text; text++) {
                if (*text == ' ' && (!plain->size || strchr(" -:", plain->bytes[plain->size - 1])))
                        continue;
                if (plain->size + 1 >= TIME_PLAIN_SIZE)
                        return false;
                plain->bytes[plain->size++] = *text;
        }
        plain->bytes[plain->size] = '\0';
        return true;
}

/* 9时5分: what stands alone in front of 分 and 秒 is of two digits elsewhere. */
static bool digit_pad(Plain *plain)
{
        const char *last = plain->bytes + plain->size;
        char digit[] = { '0', '\0', '\0' };

        if (plain->size < 2 || !parts_is_digit(last[-1]) || parts_is_digit(last[-2]))
                return true;
        digit[1] = last[-1];
        plain->size--;
        return plain_add(plain, digit);
}

typedef struct {
        const char *word, *plain;
        const char *last; /* in its place where no digit follows; NULL: the same */
        bool pads;
} Word;

static const Word *word_find(const char *text)
{
        static const Word words[] = {
                { "年", "-", NULL, false },         { "月", "-", NULL, false },
                { "日", " ", NULL, false },         { "号", " ", NULL, false },
                { "上午", " AM ", NULL, false },    { "早上", " AM ", NULL, false },
                { "凌晨", " AM ", NULL, false },    { "下午", " PM ", NULL, false },
                { "晚上", " EVE ", NULL, false },   { "中午", " NOON ", NULL, false },
                { "点半", ":30", NULL, false },     { "点整", ":00", NULL, false },
                { "时整", ":00", NULL, false },     { "时", ":", ":00", false },
                { "点", ":", ":00", false },        { "分", ":", "", true },
                { "秒", "", NULL, true },           { "星期一", " Mon ", NULL, false },
                { "星期二", " Tue ", NULL, false }, { "星期三", " Wed ", NULL, false },
                { "星期四", " Thu ", NULL, false }, { "星期五", " Fri ", NULL, false },
                { "星期六", " Sat ", NULL, false }, { "星期日", " Sun ", NULL, false },
                { "星期天", " Sun ", NULL, false }, { "周日", " Sun ", NULL, false },
                { "周一", " Mon ", NULL, false },   { "周二", " Tue ", NULL, false },
                { "周三", " Wed ", NULL, false },   { "周四", " Thu ", NULL, false },
                { "周五", " Fri ", NULL, false },   { "周六", " Sat ", NULL, false },
        };

        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (text_starts(text, words[i].word))
                        return &words[i];
        return NULL;
}

/* Of either width, blanks or none before it. */
static bool digit_follows(const char *behind)
{
        behind += strspn(behind, " ");
        return parts_is_digit(*behind) ||
               (text_starts(behind, "\xef\xbc") && behind[2] >= '\x90' && behind[2] <= '\x99');
}

static bool word_add(Plain *plain, const Word *word, const char *behind)
{
        if (plain->size && plain->bytes[plain->size - 1] == ' ')
                plain->size--;
        if (word->pads && !digit_pad(plain))
                return false;
        return plain_add(plain, word->last && !digit_follows(behind) ? word->last : word->plain);
}

static bool has_no_width(uint32_t point)
{
        return (point >= 0x200b && point <= 0x200f) || (point >= 0x202a && point <= 0x202e) || point == 0x2060 ||
               point == 0xfeff;
}

static bool point_add(Plain *plain, uint32_t point)
{
        if (point >= 0xff01 && point <= 0xff5e)
                point -= 0xfee0;
        if (has_no_width(point)) /* a browser marks the direction of each part */
                return true;
        if (point == 0xa0 || point == 0x202f || point == 0x3000 || (point >= 9 && point <= 13))
                point = ' ';
        if (point == 0x2212)
                point = '-';
        return point < 0x80 && plain_add(plain, (char[]){ (char)point, '\0' });
}

bool time_plain(const char *text, char out[TIME_PLAIN_SIZE])
{
        const char *end = text + strlen(text);
        Plain plain = { .bytes = out };

        out[0] = '\0';
        while (text < end) {
                const Word *word = (unsigned char)*text >= 0x80 ? word_find(text) : NULL;

                text += word ? strlen(word->word) : 0;
                if (word ? !word_add(&plain, word, text) : !point_add(&plain, text_next(&text, end)))
                        return false;
        }
        if (plain.size && out[plain.size - 1] == ' ')
                out[plain.size - 1] = '\0';
        return true;
}
