#include "hub/event/event.h"

#include <math.h>
#include <string.h>

void event_init(Event *event, EventKind kind)
{
        memset(event, 0, sizeof(*event));
        event->kind = kind;
        event->space = "";
        event->time.occurred = event->time.reported = event->time.updated = TIME_NONE;
        event->time.deadline = event->time.closed = event->time.received = TIME_NONE;
        event->valid.from = event->valid.to = TIME_NONE;
        event->confidence = (double)NAN;
        for (size_t i = 0; i < EVENT_MEASUREMENTS_MOST; i++)
                event->measurements[i].value = event->measurements[i].limit = (double)NAN;
}

void event_add_category(Event *event, const char *code, CategoryMethod method)
{
        if (!event->category.code) {
                event->category.code = code;
                event->category.method = code ? method : event->category.method;
                return;
        }
        if (!code || strcmp(event->category.code, code) == 0 || event->category.also_size == EVENT_ALSO_MOST)
                return;
        for (size_t i = 0; i < event->category.also_size; i++)
                if (strcmp(event->category.also[i], code) == 0)
                        return;
        event->category.also[event->category.also_size++] = code;
}

void event_add_object(Event *event, ObjectKind kind, const char *id)
{
        if (id && id[0] && event->objects_size < EVENT_OBJECTS_MOST)
                event->objects[event->objects_size++] = (EventObject){ kind, id };
}

void event_add_link(Event *event, const char *rel, const char *subject)
{
        if (rel && subject && subject[0] && event->links_size < EVENT_LINKS_MOST)
                event->links[event->links_size++] = (EventLink){ .rel = rel, .subject = subject };
}

void event_add_case_link(Event *event, const char *rel, const char *source_id)
{
        if (rel && source_id && source_id[0] && event->links_size < EVENT_LINKS_MOST)
                event->links[event->links_size++] = (EventLink){ .rel = rel, .source_id = source_id };
}

void event_add_media(Event *event, const char *url, const char *kind, const char *stage)
{
        if (url && url[0] && event->media_size < EVENT_MEDIA_MOST)
                event->media[event->media_size++] = (EventMedia){ .url = url, .kind = kind, .stage = stage };
}
