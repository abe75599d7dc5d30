/* What the rows of registries say of a report. Whatever order they stand in, the answer is the same. */

#include "hub/zone/context_private.h"

#include "hub/base/text.h"

#include <string.h>

enum { BESIDE_CM = 5000, SHANGHAI_MINUTES = 8 * 60, DAY_MINUTES = 24 * 60, MINUTE_MS = 60000 };

bool context_names(const ContextRow *row, const MemberObject *objects, size_t size)
{
        for (size_t i = 0; i < row->objects_size; i++)
                for (size_t j = 0; j < size; j++)
                        if (row->objects[i].kind == objects[j].kind && text_same(row->objects[i].id, objects[j].id))
                                return true;
        return false;
}

bool context_beside(const ContextRow *row, const Member *member, int64_t wide_cm)
{
        enum { FAR = 50000 }; /* 1e-7 degree: over 500 m, farther than two that are not wide can reach */
        const int64_t reach = BESIDE_CM + member->accuracy_cm + row->accuracy_cm;

        if (!geo_known(row->point) || !geo_known(member->point) || member->accuracy_cm > wide_cm ||
            row->accuracy_cm > wide_cm)
                return false;
        if (reach <= FAR && (member->point.lat > row->point.lat + FAR || member->point.lat < row->point.lat - FAR))
                return false;
        return geo_distance_cm(row->point, member->point) <= reach;
}

static bool smaller(const ContextRow *row, const ContextRow *than)
{
        return !than || strcmp(row->subject, than->subject) < 0;
}

/* ---- the site of a stall ---- */

typedef struct {
        const MemberObject *objects;
        size_t size;
        bool hours; /* hours are wanted, else a place */
        const ContextRow *found;
} Site;

static bool site_ask(const void *key, size_t size, void *value, void *of)
{
        const ContextRow *row = value;
        Site *site = of;
        const bool has = site->hours ? row->opens >= 0 : geo_known(row->point);

        (void)key;
        (void)size;
        if (has && row->ended == TIME_NONE && smaller(row, site->found) &&
            context_names(row, site->objects, site->size))
                site->found = row;
        return true;
}

static const ContextRow *site_find(const Context *context, const MemberObject *objects, size_t size, bool hours)
{
        Site site = { objects, size, hours, NULL };

        if (size > 0)
                map_each(context->rows, site_ask, &site);
        return site.found;
}

/* ---- in force? ---- */

static bool is_open(const Context *context, const ContextRow *row, int64_t at)
{
        const ContextRow *hours = row->opens >= 0 ? row : site_find(context, row->objects, row->objects_size, true);
        const int32_t minute =
                (int32_t)(((at / MINUTE_MS + SHANGHAI_MINUTES) % DAY_MINUTES + DAY_MINUTES) % DAY_MINUTES);

        if (!hours)
                return true;
        if (hours->opens <= hours->closes)
                return minute >= hours->opens && minute < hours->closes;
        return minute >= hours->opens || minute < hours->closes;
}

static RegistryWord word_of(const Context *context, const ContextRow *row, int64_t at)
{
        if (!row->granted || (row->from != TIME_NONE && at < row->from))
                return REGISTRY_SILENT;
        if (row->until != TIME_NONE && at >= row->until)
                return at - row->until <= CONTEXT_LAPSED_MS ? REGISTRY_LAPSED : REGISTRY_SILENT;
        return is_open(context, row, at) ? REGISTRY_IN_FORCE : REGISTRY_OFF_HOURS;
}

typedef struct {
        const Context *context;
        const char *category;
        const Member *member;
        int64_t wide_cm;
        const ContextRow *row; /* the best so far */
        RegistryWord word;
        bool named;
} Judging;

static bool row_judge(const void *key, size_t size, void *value, void *of)
{
        const ContextRow *row = value;
        Judging *best = of;

        (void)key;
        (void)size;
        if (row->ended != TIME_NONE || !text_same(row->category, best->category))
                return true;
        const bool named = context_names(row, best->member->objects, best->member->objects_size);
        if ((best->row && best->named && !named) || (!named && !context_beside(row, best->member, best->wide_cm)))
                return true;
        const RegistryWord word = word_of(best->context, row, best->member->occurred);
        if (word == REGISTRY_SILENT)
                return true;
        if (!best->row || named > best->named ||
            (named == best->named && (word < best->word || (word == best->word && smaller(row, best->row))))) {
                best->row = row;
                best->word = word;
                best->named = named;
        }
        return true;
}

RegistryWord context_judge(const Context *context, const char *category, const Member *member, int64_t wide_cm,
                           const char **subject)
{
        Judging best = { .context = context, .category = category, .member = member, .wide_cm = wide_cm };

        map_each(context->rows, row_judge, &best);
        *subject = best.row ? best.row->subject : NULL;
        return best.row ? best.word : REGISTRY_SILENT;
}

/* ---- the place of a thing ---- */

typedef struct {
        const Context *context;
        const MemberObject *objects;
        size_t size;
        const ContextRow *named, *place;
} Placing;

/* A stall that two rows name stands where the first of them that knows a place says. */
static bool place_ask(const void *key, size_t size, void *value, void *of)
{
        const ContextRow *row = value;
        Placing *placing = of;

        (void)key;
        (void)size;
        if (row->ended != TIME_NONE || !smaller(row, placing->named) ||
            !context_names(row, placing->objects, placing->size))
                return true;
        const ContextRow *place =
                geo_known(row->point) ? row : site_find(placing->context, row->objects, row->objects_size, false);
        if (place) {
                placing->named = row;
                placing->place = place;
        }
        return true;
}

const ContextRow *context_place(const Context *context, const EventObject *objects, size_t size)
{
        MemberObject things[EVENT_OBJECTS_MOST];
        Placing placing = { context, things, 0, NULL, NULL };

        for (size_t i = 0; i < size && placing.size < EVENT_OBJECTS_MOST; i++)
                if (objects[i].kind != OBJECT_CAMERA && objects[i].kind != OBJECT_DEVICE)
                        things[placing.size++] = (MemberObject){ objects[i].kind, (char *)(uintptr_t)objects[i].id };
        if (placing.size > 0)
                map_each(context->rows, place_ask, &placing);
        return placing.place;
}
