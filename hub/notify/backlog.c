#include "hub/notify/backlog.h"

#include "hub/base/map.h"
#include "hub/base/memory.h"
#include "hub/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 16 };

static size_t place_of(const Backlog *backlog, int64_t feed)
{
        size_t at = backlog->size;

        while (at && backlog->items[at - 1].parcel.feed >= feed)
                at--;
        return at;
}

bool backlog_has(const Backlog *backlog, int64_t feed)
{
        const size_t at = place_of(backlog, feed);

        return at < backlog->size && backlog->items[at].parcel.feed == feed;
}

bool backlog_has_incident(const Backlog *backlog, const char *incident)
{
        for (size_t i = 0; i < backlog->size; i++)
                if (text_same(backlog->items[i].parcel.incident, incident))
                        return true;
        return false;
}

Waiting *backlog_add(Backlog *backlog, Parcel parcel)
{
        const size_t at = place_of(backlog, parcel.feed);

        if (backlog->size == backlog->room) {
                backlog->room = backlog->room ? 2 * backlog->room : ROOM_FIRST;
                backlog->items = mem_resize(backlog->items, backlog->room * sizeof(Waiting));
        }
        memmove(backlog->items + at + 1, backlog->items + at, (backlog->size - at) * sizeof(Waiting));
        backlog->items[at] = (Waiting){ .parcel = parcel, .backoff = backlog->backoff };
        metric_set(backlog->gauge, (int64_t)++backlog->size);
        return &backlog->items[at];
}

void backlog_drop(Backlog *backlog, size_t at)
{
        parcel_free(&backlog->items[at].parcel);
        backlog->size--;
        memmove(backlog->items + at, backlog->items + at + 1, (backlog->size - at) * sizeof(Waiting));
        metric_set(backlog->gauge, (int64_t)backlog->size);
}

void backlog_free(Backlog *backlog)
{
        while (backlog->size)
                backlog_drop(backlog, backlog->size - 1);
        free(backlog->items);
        *backlog = (Backlog){ 0 };
}

size_t backlog_due(const Backlog *backlog, int64_t now)
{
        CLEANUP(map_drop) Map *seen = map_new();
        size_t found = backlog->size;

        for (size_t i = 0; i < backlog->size; i++) {
                const Waiting *one = &backlog->items[i];
                const bool is_first = !map_get_text(seen, one->parcel.incident);

                if (is_first)
                        map_put_text(seen, one->parcel.incident, backlog->items);
                if (is_first && one->due <= now && (found == backlog->size || one->due < backlog->items[found].due))
                        found = i;
        }
        return found;
}
