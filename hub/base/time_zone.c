#include "hub/base/time.h"

#include "hub/base/memory.h"
#include "hub/base/options.h"

#include <string.h>

enum { SHANGHAI_MS = 8 * 60 * 60 * 1000 };

/* A date, with or without a time of day, and nothing that names a zone. */
static bool is_zoneless(const char *text)
{
        size_t size = strspn(text, "0123456789");

        if (!text[size])
                return size == 8 || size == 14 || size == 17;
        if (size != 4)
                return false;
        for (int part = 0; part < 2; part++) { /* month and day: their dashes are no zone */
                text += size;
                text += strcspn(text, "0123456789");
                size = strspn(text, "0123456789");
        }
        return !strpbrk(text + size, "Zz+-[") && !strstr(text, "UTC") && !strstr(text, "GMT");
}

bool time_read_in(const char *text, int64_t zone_ms, int64_t *ms, TimePrecision *precision, Error *err)
{
        if (!time_read(text, ms, precision, err))
                return false;
        if (zone_ms != SHANGHAI_MS && is_zoneless(text))
                *ms += SHANGHAI_MS - zone_ms;
        return true;
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
