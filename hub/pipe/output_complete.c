#include "hub/pipe/output_complete.h"

#include "hub/base/text.h"
#include "hub/geo/distance.h"

#include <string.h>

static bool is_markup(const char *text, bool is_line)
{
        for (; *text; text++)
                if (*text == '<' || *text == '&' || (is_line && (unsigned char)*text < 0x20))
                        return true;
        return false;
}

/*
 * Masking comes after, so that a number in a tag is found, and the writer's exact cut comes last, so that no half of a
 * number escapes masking. What is far beyond that cut is dropped here already.
 */
static const char *text_ready(const char *text, bool is_line, Arena *arena)
{
        const size_t points_most = 2 * (size_t)EVENT_DESCRIPTION_MOST;
        CLEANUP(buffer_free) Buffer plain = { 0 };
        size_t size;

        if (!text || !text[0])
                return NULL;
        size = text_cut(text, points_most);
        if (is_markup(text, is_line)) {
                text_plain(&plain, text, size);
                text = plain.bytes;
                size = plain.size;
        }
        return size ? arena_copy(arena, text, size) : NULL;
}

static bool is_categorised(const Event *event)
{
        return event->kind == KIND_REPORT || event->category.code || event->category.raw_code ||
               event->category.raw_name;
}

static void category_fill(const OutputSetup *setup, Event *event)
{
        const Category *category;

        if (event->category.code) {
                category = categories_code(setup->categories, event->category.code);
                if (event->category.method == METHOD_NONE)
                        event->category.method = METHOD_CODE;
        } else {
                category = categories_find(setup->categories, event->category.raw_code, event->category.raw_name,
                                           event->title, event->description, &event->category.method);
                if (event->category.method == METHOD_DEFAULT && event->category.fallback &&
                    categories_code(setup->categories, event->category.fallback))
                        category = categories_code(setup->categories, event->category.fallback);
                event->category.code = category->code;
        }
        if (category && !event->category.name)
                event->category.name = category->name;
        if (event->severity == SEVERITY_NONE && category)
                event->severity = category->severity;
}

/* 350206003 lies in 350206, and that in 350200; a district that is told by its name contradicts nothing. */
static bool is_another(const char *told, const char *found)
{
        size_t size = told ? strlen(told) : 0;

        if (size == 0 || strspn(told, "0123456789") != size)
                return false;
        while (size > 2 && memcmp(told + size - 2, "00", 2) == 0)
                size -= 2;
        return strncmp(told, found, size) != 0;
}

/* Nor is it a place when the platform puts the case into another district than the one where it lies. */
static bool is_elsewhere(const OutputSetup *setup, const Event *event, const GazetteerPlace *place)
{
        const RegionPlace found =
                setup->regions ? regions_find(setup->regions, place->lon, place->lat) : (RegionPlace){ 0 };
        const char *lies = found.district ? found.district : found.subdistrict;

        return lies && is_another(event->place.district, lies);
}

/* Of a report that has only words; the accuracy that an adapter gives without a position is the best that its words allow. */
static void words_place(const OutputSetup *setup, Event *event)
{
        const char *const texts[] = { event->place.address, event->title, event->description };
        const GazetteerPlace *place;

        if (!setup->gazetteer || event->kind != KIND_REPORT || event->position.method != POSITION_NONE)
                return;
        place = gazetteer_find(setup->gazetteer, texts, sizeof texts / sizeof *texts);
        if (!place || is_elsewhere(setup, event, place))
                return;
        event->position.method = POSITION_GAZETTEER;
        event->position.lon = place->lon;
        event->position.lat = place->lat;
        if (!(event->position.accuracy_m > place->accuracy_m))
                event->position.accuracy_m = place->accuracy_m;
        event->position.crs = event->position.raw[0] = event->position.raw[1] = NULL;
}

/* What the platform says of the place stands: it knows its own cases. */
static void place_fill(const OutputSetup *setup, Event *event)
{
        const RegionPlace found = regions_find(setup->regions, event->position.lon, event->position.lat);

        if (!event->place.district)
                event->place.district = found.district;
        if (!event->place.subdistrict)
                event->place.subdistrict = found.subdistrict;
        if (!event->place.community)
                event->place.community = found.community;
        if (!event->place.grid)
                event->place.grid = found.grid;
        if (!found.district && !found.subdistrict)
                event->quality |= QUALITY_OUT_OF_DISTRICT;
}

/* Without a boundary there is a sanity box, Huli's own, so it judges only what is said to be in Huli. */
static void place_check(const OutputSetup *setup, Event *event)
{
        if (event->position.method == POSITION_NONE)
                return;
        if (setup->regions)
                place_fill(setup, event);
        else if (text_starts(setup->zone, "350206") && !geo_in_huli(event->position.lon, event->position.lat))
                event->quality |= QUALITY_OUT_OF_DISTRICT;
}

static void report_fill(Event *event)
{
        if (event->severity == SEVERITY_NONE)
                event->severity = SEVERITY_INFO;
        if (!event->title)
                event->title = event->category.name ? event->category.name : event->category.code;
}

void output_complete(const OutputSetup *setup, Event *event, Arena *arena)
{
        event->title = text_ready(event->title, true, arena);
        event->description = text_ready(event->description, false, arena);
        if (is_categorised(event))
                category_fill(setup, event);
        words_place(setup, event);
        if (event->kind == KIND_REPORT)
                report_fill(event);
        place_check(setup, event);
}
