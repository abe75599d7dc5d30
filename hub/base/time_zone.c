#include "hub/base/memory.h"
#include "hub/base/options.h"
#include "hub/base/time.h"

#include <string.h>

int64_t time_day_end(int64_t ms, int64_t zone_ms)
{
        enum { DAY_MS = 24 * 60 * 60 * 1000 };
        int64_t local = ms + zone_ms, rest = local % DAY_MS;

        return local - (rest < 0 ? rest + DAY_MS : rest) + DAY_MS - zone_ms;
}

static bool zone_read(const char *text, const char *folder, void *field, Error *err)
{
        static const int64_t begin_2000 = INT64_C(946684800000);
        CLEANUP(mem_drop) char *moment = text_format("2000-01-01T00:00:00%s", text);
        int64_t *zone_ms = field, ms;
        Error unread;

        (void)folder;
        if (!text[0] || !strchr("+-Z", text[0]) || !time_read(moment, &ms, NULL, &unread))
                return error_set(err, ERR_FATAL, NULL, "\"%s\" is no zone such as +08:00", text);
        *zone_ms = begin_2000 - ms;
        return true;
}

const OptionKind zone_option = { .form = "zone such as +08:00", .size = sizeof(int64_t), .read = zone_read };
