#include "hub/dialect/fill.h"

#include "hub/base/json.h"
#include "hub/base/text.h"

#include <math.h>
#include <string.h>

enum { DISTRICT = 6, SUBDISTRICT = 9, DIGITS_MOST = 12 };

void fill_category(const char *code, CategoryMethod method, Event *event)
{
        if (event->category.code)
                return;
        event->category.code = code;
        event->category.method = method;
}

void fill_mapped(const char *word, const char *mapped, const char *name, Event *event)
{
        const bool coded = mapped && strpbrk(mapped, "0123456789");

        event->category.raw_code = word;
        event->category.raw_name = mapped && !coded ? mapped : name;
        event->category.code = coded ? mapped : NULL;
        event->category.method = coded ? METHOD_CODE : METHOD_NONE;
}

bool fill_link(const char *rel, const char *number, Event *event)
{
        if (!number || text_is_exponent(number) || text_same(number, event->source.id))
                return false;
        for (size_t i = 0; i < event->links_size; i++)
                if (text_same(event->links[i].source_id, number))
                        return false;
        event_add_case_link(event, rel, number);
        return true;
}

void fill_links(const LinkMember *members, const json_t *item, Event *event)
{
        for (; members->path; members++)
                (void)fill_link(members->rel, json_text(item, members->path), event);
}

void fill_measurement(const json_t *item, const char *path, const EventMeasurement *what, double most, Event *event)
{
        EventMeasurement *into = &event->measurements[event->measurements_size];
        Error unread;

        if (!json_text(item, path))
                return;
        *into = *what;
        into->limit = (double)NAN;
        if (json_number(item, path, &into->value, &unread) && into->value >= 0 && into->value <= most)
                event->measurements_size++;
        else
                event->quality |= QUALITY_PARTIAL;
}

bool fill_division(const char *code, Arena *arena, Event *event)
{
        const size_t digits = code ? strspn(code, "0123456789") : 0;

        if (digits < DISTRICT || digits > DIGITS_MOST || code[digits])
                return false;
        event->place.district = arena_copy(arena, code, DISTRICT);
        if (digits >= SUBDISTRICT && strncmp(code + DISTRICT, "000", 3) != 0)
                event->place.subdistrict = arena_copy(arena, code, SUBDISTRICT);
        return true;
}

bool fill_deleted(const CaseOptions *options, const Record *record, EventKind kind, const char *id, Arena *arena,
                  Event *event, Error *err)
{
        event_init(event, kind);
        if (!id)
                return error_set(err, ERR_INPUT, "missing_field", "key: missing, and there is no value");
        event->space = options->space;
        event->source.id = id;
        event->source.revision = arena_format(arena, "%s-deleted", record->position);
        event->status.state = STATE_DELETED;
        return true;
}
