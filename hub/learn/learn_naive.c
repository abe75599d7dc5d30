#include "hub/learn/learn_naive.h"

#include "hub/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LATITUDE_UNITS = 14000 /* over 150 m in 1e-7 degrees */, HOUR_MS = 3600000 };

static const int64_t metres_tried[] = { 5, 10, 15, 20, 35, 50, 100, 150 }, hours_tried[] = { 2, 6, 24, 72, 168, 400 };
enum {
        METRES = sizeof metres_tried / sizeof *metres_tried,
        HOURS = sizeof hours_tried / sizeof *hours_tried,
        TRIED = METRES * HOURS
};

/* An incident of a naive rule. */
typedef struct {
        const Labelled *first;
        int64_t last;
        size_t number;
        size_t before; /* the last one of its category before it, plus one; 0: none */
} Led;

typedef struct {
        Led *items;
        size_t size;
        Map *newest; /* hash of a category -> its newest one, plus one */
} LedList;

/* The nearest one in reach; NULL: none is. */
static Led *led_find(const LedList *led, const Labelled *newcomer, const Naive *rule)
{
        int64_t nearest = rule->metres * 100 + 1;
        size_t at = (uintptr_t)map_get(led->newest, &newcomer->category, sizeof newcomer->category);
        Led *found = NULL;

        for (; at > 0; at = led->items[at - 1].before) {
                Led *one = &led->items[at - 1];
                const int64_t north = llabs((long long)one->first->point.lat - newcomer->point.lat);

                if (north > LATITUDE_UNITS || newcomer->at - one->last > rule->hours * HOUR_MS)
                        continue;
                const int64_t distance = geo_distance_cm(one->first->point, newcomer->point);
                if (distance > nearest || (distance == nearest && found))
                        continue;
                nearest = distance;
                found = one;
        }
        return found;
}

static void led_add(LedList *led, const Labelled *first, size_t number)
{
        const uintptr_t before = (uintptr_t)map_get(led->newest, &first->category, sizeof first->category);

        led->items[led->size++] = (Led){ first, first->at, number, before };
        map_put(led->newest, &first->category, sizeof first->category, (void *)led->size);
}

/* The list as the rule would decide it. */
static void rule_apply(const LabelledList *list, const Naive *rule, LabelledList *out)
{
        CLEANUP(mem_drop) Led *items = mem_new((list->size + 1) * sizeof *items);
        CLEANUP(map_drop) Map *newest = map_new();
        LedList led = { items, 0, newest };

        for (size_t i = 0; i < list->size; i++) {
                const bool placed = geo_known(list->items[i].point);
                Led *found = placed ? led_find(&led, &list->items[i], rule) : NULL;

                out->items[i] = list->items[i];
                snprintf(out->items[i].incident, sizeof out->items[i].incident, "%zu", found ? found->number : i);
                if (found)
                        found->last = list->items[i].at;
                else if (placed)
                        led_add(&led, &list->items[i], i);
        }
        out->size = list->size;
        out->labelled = list->labelled;
}

typedef struct {
        Naive rule;
        Counts all, folds[LEARN_FOLDS];
} Tried;

static void rule_try(const Folding *folding, LabelledList *room, Tried *tried)
{
        rule_apply(&folding->shipped, &tried->rule, room);
        for (size_t i = 0; i < LEARN_FOLDS; i++) {
                tried->folds[i] = learn_fold_count(folding, room, &folding->folds[i]);
                counts_add(&tried->all, &tried->folds[i], 1);
        }
}

void learn_naive(const Folding *folding, Counts *counts, Naive *rule)
{
        CLEANUP(mem_drop) Labelled *items = mem_new((folding->shipped.size + 1) * sizeof *items);
        CLEANUP(mem_drop) Tried *tried = mem_new((size_t)TRIED * sizeof *tried);
        LabelledList room = { .items = items };
        size_t best = 0;

        for (size_t i = 0; i < TRIED; i++) {
                tried[i].rule = (Naive){ metres_tried[i / HOURS], hours_tried[i % HOURS] };
                rule_try(folding, &room, &tried[i]);
                best = counts_f1(&tried[i].all) > counts_f1(&tried[best].all) ? i : best;
        }
        *rule = tried[best].rule;
        *counts = (Counts){ 0 };
        for (size_t fold = 0; fold < LEARN_FOLDS; fold++) {
                size_t chosen = 0;
                double most = -1;

                for (size_t i = 0; i < TRIED; i++) {
                        Counts rest = tried[i].all;

                        counts_add(&rest, &tried[i].folds[fold], -1);
                        if (counts_f1(&rest) <= most)
                                continue;
                        most = counts_f1(&rest);
                        chosen = i;
                }
                counts_add(counts, &tried[chosen].folds[fold], 1);
        }
}
