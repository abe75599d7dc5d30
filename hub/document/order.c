#include "hub/document/order.h"

#include "hub/base/json.h"
#include "hub/base/memory.h"
#include "hub/base/time.h"

#include <stdlib.h>

typedef struct {
        int64_t ms;
        size_t index;
        json_t *item; /* its reference is ours, then the array's again */
} Timed;

static int timed_compare(const void *one, const void *other)
{
        const Timed *a = one, *b = other;

        if (a->ms != b->ms)
                return a->ms < b->ms ? -1 : 1;
        return a->index < b->index ? -1 : 1;
}

void items_order(json_t *items, const char *paths)
{
        const size_t size = json_array_size(items);
        CLEANUP(mem_drop) Timed *timed = mem_new((size + 1) * sizeof(Timed));

        for (size_t i = 0; i < size; i++) {
                json_t *item = json_array_get(items, i);

                timed[i] = (Timed){ time_or_none(json_first(item, paths), TIME_CHINA_MS), i, json_incref(item) };
        }
        qsort(timed, size, sizeof(Timed), timed_compare);
        json_array_clear(items);
        for (size_t i = 0; i < size; i++)
                json_array_append_new(items, timed[i].item);
}
