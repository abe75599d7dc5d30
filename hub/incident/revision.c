#include "hub/incident/revision.h"

#include "hub/base/text.h"

bool revision_without_category(const Event *event)
{
        return event->category.method == METHOD_DEFAULT && !event->category.raw_code && !event->category.raw_name;
}

static bool is_title(const char *title, const char *code, const char *name)
{
        return title && !text_same(title, name) && !text_same(title, code);
}

bool revision_with_title(const Event *event)
{
        return is_title(event->title, event->category.code, event->category.name) &&
               !text_same(event->title, event->category.raw_name);
}

static void category_complete(Event *whole, const Member *known, const Rules *rules)
{
        const bool titled = revision_with_title(whole),
                   was_titled = is_title(known->title, known->category, known->category_name),
                   without = revision_without_category(whole);

        if (!titled && (was_titled || without))
                whole->title = known->title;
        if (!without)
                return;
        if (whole->severity == rules_severity(rules, whole->category.code))
                whole->severity = known->severity; /* of the category that nobody named */
        whole->category.code = known->category;
        whole->category.name = known->category_name;
}

static void times_complete(Event *whole, const Member *known)
{
        const bool dated = whole->time.closed != TIME_NONE || whole->time.updated != TIME_NONE;

        if (whole->quality & QUALITY_CLOCK_MISSING)
                whole->time.occurred = known->occurred;
        if (whole->status.state == STATE_CLOSED && !dated)
                whole->time.closed = known->closed != TIME_NONE ? known->closed : whole->time.received;
        if (whole->time.updated == TIME_NONE)
                whole->time.updated = known->updated;
        if (whole->time.deadline == TIME_NONE)
                whole->time.deadline = known->deadline;
}

static void text_complete(const char **text, const char *known)
{
        if (!*text)
                *text = known;
}

static bool names_kind(const Event *event, ObjectKind kind)
{
        for (size_t i = 0; i < event->objects_size; i++)
                if (event->objects[i].kind == kind)
                        return true;
        return false;
}

/* Things of a kind that the revision does not name. */
static void objects_complete(Event *whole, const Event *event, const Member *known)
{
        for (size_t i = 0; i < known->objects_size; i++)
                if (!names_kind(event, known->objects[i].kind))
                        event_add_object(whole, known->objects[i].kind, known->objects[i].id);
}

static void reporters_complete(Event *whole, const Member *known)
{
        for (size_t i = 0; whole->reporter.ids_size == i && i < EVENT_REPORTER_IDS_MOST && known->reporters[i]; i++)
                whole->reporter.ids[whole->reporter.ids_size++] = known->reporters[i];
}

void revision_complete(Event *whole, const Event *event, const Member *known, const Rules *rules)
{
        *whole = *event;
        category_complete(whole, known, rules);
        times_complete(whole, known);
        text_complete(&whole->source.channel, known->channel);
        text_complete(&whole->place.address, known->place[PLACE_ADDRESS]);
        text_complete(&whole->place.district, known->place[PLACE_DISTRICT]);
        text_complete(&whole->place.subdistrict, known->place[PLACE_SUBDISTRICT]);
        text_complete(&whole->place.community, known->place[PLACE_COMMUNITY]);
        text_complete(&whole->place.grid, known->place[PLACE_GRID]);
        objects_complete(whole, event, known);
        if (event->reporter.ids_size == 0)
                reporters_complete(whole, known);
}
