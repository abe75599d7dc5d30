#include "hub/cap/area.h"

#include "hub/base/json.h"
#include "hub/base/text.h"
#include "hub/geo/division.h"

#include <string.h>

#define AT(member) offsetof(CapDistrict, member)

enum { SHAPES_MOST = 1000 };

const Option cap_district_options[] = {
        { "district", OPTION_TEXT, AT(code),
          .about = "its code (350206): warnings that have only codes of others are ignored" },
        { "district_names", OPTION_LIST, AT(names), .about = "how texts call it, where no code is" },
        { "boundary", OPTION_CUSTOM, AT(boundary), .custom = &outline_option,
          .about = "its shape in WGS 84, for warnings of it that draw none" },
        { 0 },
};

static bool is_named(const CapDistrict *district, const char *text)
{
        for (size_t i = 0; text && i < district->names.size; i++)
                if (district->names.items[i][0] && strstr(text, district->names.items[i]))
                        return true;
        return false;
}

static void shapes_take(Crs crs, const json_t *list, bool circles, Outlines *shapes, Event *event)
{
        const json_t *item;
        Error unread;
        size_t i;

        json_array_foreach(list, i, item) {
                const char *text = shapes->size < SHAPES_MOST ? json_text(item, "#text") : NULL;

                if (!text || !outlines_add(shapes, circles ? outline_circle(crs, text, true, &unread)
                                                           : outline_ring(crs, text, true, &unread)))
                        event->quality |= QUALITY_PARTIAL;
        }
}

static void codes_take(const CapDistrict *district, const json_t *area, Arena *arena, bool *coded, Event *event)
{
        const json_t *geocode;
        size_t i;

        json_array_foreach(json_at(area, "geocode"), i, geocode) {
                const char *code = json_text(geocode, "value");

                if (!division_is(code))
                        continue;
                if (!district->code && strncmp(code + 4, "00", 2) != 0)
                        event->place.district = arena_copy(arena, code, 6);
                else if (district->code && division_covers(code, district->code))
                        event->place.district = district->code;
                *coded = district->code;
        }
}

bool cap_areas(const CapDistrict *district, Crs crs, const json_t *alert, const json_t *chosen, Arena *arena,
               Event *event)
{
        CLEANUP(outlines_free) Outlines shapes = { 0 };
        CLEANUP(outline_drop) Outline *all = NULL;
        const json_t *info, *area;
        bool coded = false;
        Error unread;
        size_t i, k;

        json_array_foreach(json_at(alert, "info"), i, info) {
                if (!text_same(json_text(info, "language"), json_text(chosen, "language")))
                        continue;
                json_array_foreach(json_at(info, "area"), k, area) {
                        shapes_take(crs, json_at(area, "polygon"), false, &shapes, event);
                        shapes_take(crs, json_at(area, "circle"), true, &shapes, event);
                        codes_take(district, area, arena, &coded, event);
                        if (!coded && !event->place.district && is_named(district, json_text(area, "areaDesc")))
                                event->place.district = district->code;
                }
        }
        all = shapes.size ? outlines_together(&shapes, &unread) : NULL;
        event->geometry = all ? outline_text(all, arena) : NULL;
        event->quality |= shapes.size && !event->geometry ? QUALITY_PARTIAL : 0;
        return event->place.district || !coded;
}

void cap_district_fill(const CapDistrict *district, Arena *arena, Event *event)
{
        if (!event->place.district && (is_named(district, event->title) || is_named(district, event->description)))
                event->place.district = district->code;
        if (!event->geometry && district->boundary && event->place.district &&
            text_same(event->place.district, district->code))
                event->geometry = outline_text(district->boundary, arena);
}
