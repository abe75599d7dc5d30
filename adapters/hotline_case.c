#include "adapters/hotline.h"

#include "hub/base/crypto.h"
#include "hub/base/text.h"

#include <string.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, SHANGHAI_MS = 8 * 60 * 60 * 1000, URL_MOST = 2048 };

static bool is_zoneless(const char *text)
{
        size_t digits = strspn(text, "0123456789");

        if (!text[digits])
                return digits == 8 || digits == 14 || digits == 17;
        return digits == 4 && strlen(text) >= 10 && !strpbrk(text + 10, "Zz+-");
}

static bool time_take(const HotlineOptions *options, const Case *found, Role role, int64_t *ms,
                      TimePrecision *precision, Error *err)
{
        const char *text = found->texts[role];

        if (!text)
                return true;
        if (!time_read(text, ms, precision, err))
                return error_add(err, "%s", role_name(role));
        if (is_zoneless(text))
                *ms += SHANGHAI_MS - options->zone_ms;
        return true;
}

/* A time that is good to know, but for which no case is turned away. */
static int64_t time_try(const HotlineOptions *options, const Case *found, Role role, Event *event)
{
        int64_t ms = TIME_NONE;
        Error unread;

        if (!time_take(options, found, role, &ms, NULL, &unread)) {
                event->quality |= QUALITY_PARTIAL;
                return TIME_NONE;
        }
        return ms;
}

static int64_t day_end(int64_t ms, int64_t zone_ms)
{
        int64_t local = ms + zone_ms, rest = local % DAY_MS;

        return local - (rest < 0 ? rest + DAY_MS : rest) + DAY_MS - zone_ms;
}

static int64_t closed_read(const HotlineOptions *options, const Case *found, Event *event)
{
        int64_t closed = time_try(options, found, ROLE_CLOSED, event);

        if (closed == TIME_NONE && found->texts[ROLE_END_OF_DAY_CLOSED]) {
                closed = time_try(options, found, ROLE_END_OF_DAY_CLOSED, event);
                if (closed != TIME_NONE)
                        closed = day_end(closed, options->zone_ms);
        }
        return event->status.state == STATE_CLOSED ? closed : TIME_NONE;
}

static bool times_fill(const HotlineOptions *options, const Case *found, Event *event, Error *err)
{
        TimePrecision precision = PRECISION_MS;

        if (!time_take(options, found, ROLE_UPDATED, &event->time.updated, &precision, err))
                return false;
        event->time.occurred = event->time.updated;
        event->time.precision = precision;
        if (!time_take(options, found, ROLE_OCCURRED, &event->time.occurred, &event->time.precision, err))
                return false;
        event->time.deadline = time_try(options, found, ROLE_DEADLINE, event);
        event->time.closed = closed_read(options, found, event);
        return true;
}

/* Of a case that tells no time of its change: everything that we map of it, one a line, in the order of the roles. */
static const char *case_hash(const Case *found, Arena *arena)
{
        CLEANUP(buffer_free) Buffer all = { 0 };
        char digest[SHA256_TEXT_SIZE];

        for (Role role = ROLE_STATUS; role < ROLES; role++)
                if (found->texts[role])
                        buffer_format(&all, "%s=%s\n", role_name(role), found->texts[role]);
        return arena_format(arena, "%.16s", sha256_text(all.bytes, all.size, digest));
}

static const char *revision_make(const Case *found, Arena *arena)
{
        const char *updated = found->texts[ROLE_UPDATED], *step = found->texts[ROLE_STEP];

        if (updated && step)
                return arena_format(arena, "%s-%s", updated, step);
        if (updated || step)
                return updated ? updated : step;
        return case_hash(found, arena);
}

static void category_fill(const HotlineOptions *options, const Case *found, Event *event)
{
        const char *code = found->texts[ROLE_CATEGORY_CODE], *name = found->texts[ROLE_CATEGORY];
        const char *by_code = code ? table_get(&options->categories, code) : NULL;
        const char *by_name = name ? table_get(&options->categories, name) : NULL;

        event->category.raw_code = code;
        event->category.raw_name = name ? name : found->texts[ROLE_CONTACT_KIND];
        event->category.code = by_code ? by_code : by_name;
        if (event->category.code)
                event->category.method = by_code ? METHOD_CODE : METHOD_NAME;
}

static void position_fill(const HotlineOptions *options, const Case *found, Event *event)
{
        const char *lon_text = found->texts[ROLE_LON], *lat_text = found->texts[ROLE_LAT];
        bool wrong;

        if (!position_read(options->crs, lon_text, lat_text, &event->position.lon, &event->position.lat, &wrong)) {
                event->quality |= wrong ? QUALITY_PARTIAL : 0;
                return;
        }
        event->position.method = POSITION_GPS;
        event->position.accuracy_m = options->accuracy_m;
        event->position.crs = crs_name(options->crs);
        event->position.raw[0] = lon_text;
        event->position.raw[1] = lat_text;
}

static void media_fill(const Case *found, Event *event)
{
        const char *url = found->texts[ROLE_MEDIA];

        if (!url)
                return;
        if ((text_starts(url, "https://") || text_starts(url, "http://")) && strlen(url) <= URL_MOST)
                event_add_media(event, url, "image", "report");
        else
                event->quality |= QUALITY_PARTIAL;
}

static void persons_fill(const Case *found, Event *event)
{
        event->reporter.name = found->texts[ROLE_REPORTER];
        event->reporter.id = found->texts[ROLE_PHONE];
        if (event->reporter.name || event->reporter.id)
                event->reporter.kind = "citizen";
        event->org.responsible = found->texts[ROLE_RESPONSIBLE];
}

static void objects_fill(const HotlineOptions *options, const Case *found, Arena *arena, Event *event)
{
        const char *other = found->texts[ROLE_CASE];

        event_add_object(event, OBJECT_PLATE, found->texts[ROLE_PLATE]);
        event_add_object(event, OBJECT_ASSET, found->texts[ROLE_ASSET]);
        event_add_object(event, OBJECT_CASE, other);
        if (other)
                event_add_link(event, "case",
                               arena_format(arena, "p01:%s:%s", options->space ? options->space : "", other));
}

static void place_fill(const Case *found, Event *event)
{
        event->place.address = found->texts[ROLE_ADDRESS];
        event->place.subdistrict = found->texts[ROLE_SUBDISTRICT];
        event->place.community = found->texts[ROLE_COMMUNITY];
        event->place.grid = found->texts[ROLE_GRID];
}

bool case_event(const HotlineOptions *options, const Case *found, Arena *arena, Event *event, Error *err)
{
        event_init(event, KIND_REPORT);
        event->space = options->space;
        event->source.id = found->texts[ROLE_ID];
        event->source.revision = revision_make(found, arena);
        event->source.channel = found->texts[ROLE_CHANNEL];
        event->title = found->texts[ROLE_TITLE];
        event->description = found->texts[ROLE_DESCRIPTION];
        if (!event->source.id)
                return error_set(err, ERR_INPUT, "missing_field", "id: missing");
        if (!status_fill(options, found, event, err) || !times_fill(options, found, event, err))
                return false;
        category_fill(options, found, event);
        position_fill(options, found, event);
        place_fill(found, event);
        persons_fill(found, event);
        objects_fill(options, found, arena, event);
        media_fill(found, event);
        return true;
}
