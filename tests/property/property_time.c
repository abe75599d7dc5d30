/*
 * A time is written and read back the same, from the year 0000 to 9999; so is each form that platforms write, of a time
 * between 2001 and 2033; and no text makes the reader fail.
 */

#include "hub/base/time.h"
#include "tests/property/random.h"

#include <string.h>
#include <time.h>

/* The same second of Shanghai in a form of others. */
static char *form_of(Chance *chance, int64_t ms, Arena *arena)
{
        static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
        static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
        const time_t local = (time_t)(ms / 1000 + 8 * 3600);
        struct tm at;

        gmtime_r(&local, &at);
        at.tm_year += 1900;
        switch (chance_below(chance, 12)) {
        case 0:
                return arena_format(arena, "%d/%d/%d %d:%02d:%02d", at.tm_year, at.tm_mon + 1, at.tm_mday, at.tm_hour,
                                    at.tm_min, at.tm_sec);
        case 1:
                return arena_format(arena, "%d-%d-%dT%02d:%02d:%02d,%03d +0800", at.tm_year, at.tm_mon + 1, at.tm_mday,
                                    at.tm_hour, at.tm_min, at.tm_sec, (int)(ms % 1000));
        case 2:
                return arena_format(arena, "%d年%d月%d日%d时%d分%d秒", at.tm_year, at.tm_mon + 1, at.tm_mday,
                                    at.tm_hour, at.tm_min, at.tm_sec);
        case 3:
                return arena_format(arena, "%d/%d/%d %s%d:%02d:%02d", at.tm_year, at.tm_mon + 1, at.tm_mday,
                                    at.tm_hour < 12 ? "上午" : "下午", at.tm_hour % 12 ? at.tm_hour % 12 : 12,
                                    at.tm_min, at.tm_sec);
        case 4:
                return arena_format(arena, "%s, %02d %s %d %02d:%02d:%02d +0800", days[at.tm_wday], at.tm_mday,
                                    months[at.tm_mon], at.tm_year, at.tm_hour, at.tm_min, at.tm_sec);
        case 5:
                return arena_format(arena, "%s %s %02d %d %02d:%02d:%02d GMT+0800 (CST)", days[at.tm_wday],
                                    months[at.tm_mon], at.tm_mday, at.tm_year, at.tm_hour, at.tm_min, at.tm_sec);
        case 6:
                return arena_format(arena, "%04d%02d%02d%02d%02d%02d", at.tm_year, at.tm_mon + 1, at.tm_mday,
                                    at.tm_hour, at.tm_min, at.tm_sec);
        case 7:
                return arena_format(arena, "/Date(%" PRId64 "+0800)/", ms);
        case 8:
                return arena_format(arena, "%.15e", (double)ms / 1000);
        case 9:
                return arena_format(arena, "%" PRId64 ".%03d00000000000000000", ms / 1000, (int)(ms % 1000));
        case 10:
                return arena_format(arena, "%d-%02d-%02dT%02d:%02d:%02d[Asia/Shanghai]", at.tm_year, at.tm_mon + 1,
                                    at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec);
        default:
                return arena_format(arena, "%s %d, %d %d:%02d:%02d %s", months[at.tm_mon], at.tm_mday, at.tm_year,
                                    at.tm_hour % 12 ? at.tm_hour % 12 : 12, at.tm_min, at.tm_sec,
                                    at.tm_hour < 12 ? "AM" : "PM");
        }
}

static void form_holds(Chance *chance, Arena *arena)
{
        int64_t ms = INT64_C(1000000000000) + (int64_t)(chance_bits(chance) % UINT64_C(1000000000000)), read;
        char *text = form_of(chance, ms, arena), *cut = arena_copy(arena, text, strlen(text));
        Error err = { 0 };

        must(time_read(text, &read, NULL, &err) && read / 1000 == ms / 1000, text, err.text);
        for (size_t i = chance_below(chance, 4); i > 0; i--)
                cut[chance_below(chance, strlen(text))] = (char)(chance_below(chance, 255) + 1);
        (void)time_read(cut, &read, NULL, &err);
        (void)time_read(chance_text(chance, arena, 120), &read, NULL, &err);
}

int main(void)
{
        static const int64_t least = INT64_C(-62167219200000), most = INT64_C(253402300799999);
        CLEANUP(arena_drop) Arena *arena = arena_new();
        Chance chance = chance_start("time");

        for (int64_t i = 0; i < chance.cases; i++) {
                int64_t ms = least + (int64_t)(chance_bits(&chance) % (uint64_t)(most - least + 1)), canonical, read;
                char text[TIME_TEXT_SIZE];
                Error err = { 0 };

                time_text(ms, text);
                must(strlen(text) == TIME_TEXT_SIZE - 1, "the text has its length", text);
                must(time_read_canonical(text, strlen(text), &canonical) && canonical == ms, "our own form comes back",
                     text);
                must(ms < 0 || (time_read(text, &read, NULL, &err) && read == ms), "every reader takes it", text);
                form_holds(&chance, arena);
                arena_reset(arena);
        }
        return EXIT_SUCCESS;
}
