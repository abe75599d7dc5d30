#include "hub/pipe/seen.h"

#include "hub/base/map.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
        uint64_t window, token;
} Sight;

struct Seen {
        Map *sights;     /* event id -> Sight * */
        uint64_t window; /* of the newest acknowledged record */
        uint64_t token;  /* acknowledged up to here */
};

typedef struct {
        const Seen *seen;
        json_t *ids;
} Visit;

Seen *seen_new(void)
{
        Seen *seen = mem_new(sizeof(Seen));

        seen->sights = map_new();
        return seen;
}

bool seen_add(Seen *seen, const char *id, uint64_t window, uint64_t token)
{
        Sight *sight = map_get_text(seen->sights, id);

        if (sight) {
                sight->window = window;
                return false;
        }
        sight = mem_new(sizeof(Sight));
        *sight = (Sight){ window, token };
        map_put_text(seen->sights, id, sight);
        return true;
}

static bool old_take(const void *key, size_t size, void *value, void *context)
{
        Seen *seen = context;
        Sight *sight = value;

        if (sight->window + 1 < seen->window)
                free(map_take(seen->sights, key, size));
        return true;
}

void seen_acknowledged(Seen *seen, uint64_t window, uint64_t token)
{
        seen->token = token;
        if (window == seen->window)
                return;
        seen->window = window;
        map_each(seen->sights, old_take, seen);
}

static bool id_write(const void *key, size_t size, void *value, void *context)
{
        const Visit *visit = context;
        const Sight *sight = value;

        if (sight->token <= visit->seen->token)
                json_array_append_new(visit->ids, json_stringn(key, size));
        return true;
}

json_t *seen_write(const Seen *seen)
{
        Visit visit = { .seen = seen, .ids = json_array() };

        map_each(seen->sights, id_write, &visit);
        return visit.ids;
}

void seen_read(Seen *seen, const json_t *ids)
{
        for (size_t i = 0; i < json_array_size(ids); i++) {
                const char *id = json_string_value(json_array_get(ids, i));

                if (id)
                        seen_add(seen, id, 0, 0);
        }
}

size_t seen_size(const Seen *seen)
{
        return map_size(seen->sights);
}

void seen_free(Seen *seen)
{
        if (!seen)
                return;
        map_free(seen->sights, free);
        free(seen);
}
