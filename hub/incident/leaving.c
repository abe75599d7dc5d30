#include "hub/incident/leaving.h"

#include "hub/base/memory.h"

#include <stdlib.h>

/* Slots of incidents count from 1: 0 is in neither list. */
typedef struct {
        int64_t until; /* as it was when it began to wait */
        Incident *incident;
} Waiting;

struct Leaving {
        Waiting *heap;
        Incident **gone;
        size_t heap_size, heap_room, gone_size, gone_room;
};

Leaving *leaving_new(void)
{
        return mem_new(sizeof(Leaving));
}

void leaving_free(Leaving *leaving)
{
        if (!leaving)
                return;
        free(leaving->heap);
        free(leaving->gone);
        free(leaving);
}

static void heap_set(Leaving *leaving, size_t at, Waiting waiting)
{
        leaving->heap[at] = waiting;
        waiting.incident->leaving_slot = at + 1;
}

static void heap_rise(Leaving *leaving, size_t at, Waiting waiting)
{
        for (; at > 0 && leaving->heap[(at - 1) / 2].until > waiting.until; at = (at - 1) / 2)
                heap_set(leaving, at, leaving->heap[(at - 1) / 2]);
        heap_set(leaving, at, waiting);
}

static void heap_sink(Leaving *leaving, size_t at, Waiting waiting)
{
        for (size_t child; (child = 2 * at + 1) < leaving->heap_size; at = child) {
                if (child + 1 < leaving->heap_size && leaving->heap[child + 1].until < leaving->heap[child].until)
                        child++;
                if (leaving->heap[child].until >= waiting.until)
                        break;
                heap_set(leaving, at, leaving->heap[child]);
        }
        heap_set(leaving, at, waiting);
}

static void heap_place(Leaving *leaving, size_t at, Waiting waiting)
{
        if (at > 0 && leaving->heap[(at - 1) / 2].until > waiting.until)
                heap_rise(leaving, at, waiting);
        else
                heap_sink(leaving, at, waiting);
}

static void heap_remove(Leaving *leaving, size_t at)
{
        const Waiting last = leaving->heap[--leaving->heap_size];

        if (at < leaving->heap_size)
                heap_place(leaving, at, last);
}

static void gone_remove(Leaving *leaving, size_t at)
{
        leaving->gone[at] = leaving->gone[--leaving->gone_size];
        leaving->gone[at]->leaving_slot = at + 1;
}

void leaving_forget(Leaving *leaving, Incident *incident)
{
        if (incident->leaving_slot && incident->gone)
                gone_remove(leaving, incident->leaving_slot - 1);
        else if (incident->leaving_slot)
                heap_remove(leaving, incident->leaving_slot - 1);
        incident->leaving_slot = 0;
        incident->gone = false;
}

void leaving_wait(Leaving *leaving, Incident *incident, int64_t until)
{
        const Waiting waiting = { until, incident };

        if (incident->leaving_slot && !incident->gone) {
                heap_place(leaving, incident->leaving_slot - 1, waiting);
                return;
        }
        leaving_forget(leaving, incident);
        if (leaving->heap_size == leaving->heap_room) {
                leaving->heap_room = leaving->heap_room ? leaving->heap_room * 2 : 64;
                leaving->heap = mem_resize(leaving->heap, leaving->heap_room * sizeof *leaving->heap);
        }
        heap_rise(leaving, leaving->heap_size++, waiting);
}

void leaving_go(Leaving *leaving, Incident *incident)
{
        if (incident->gone)
                return;
        leaving_forget(leaving, incident);
        if (leaving->gone_size == leaving->gone_room) {
                leaving->gone_room = leaving->gone_room ? leaving->gone_room * 2 : 64;
                leaving->gone = mem_resize(leaving->gone, leaving->gone_room * sizeof *leaving->gone);
        }
        leaving->gone[leaving->gone_size++] = incident;
        incident->leaving_slot = leaving->gone_size;
        incident->gone = true;
}

Incident *leaving_due(Leaving *leaving, int64_t zone_time)
{
        if (leaving->heap_size == 0 || leaving->heap[0].until >= zone_time)
                return NULL;
        Incident *incident = leaving->heap[0].incident;
        leaving_go(leaving, incident);
        return incident;
}

Incident *leaving_gone(const Leaving *leaving)
{
        return leaving->gone_size > 0 ? leaving->gone[leaving->gone_size - 1] : NULL;
}
