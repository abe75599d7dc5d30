#include "hub/index/index_private.h"

#include "hub/base/memory.h"

#include <stdlib.h>

Index *index_new(const RuleSet *rules)
{
        Index *index = mem_new(sizeof *index);

        index->rules = rules;
        index->cells = map_new();
        return index;
}

void index_free(Index *index)
{
        if (!index)
                return;
        map_free(index->cells, free);
        index_keys_free(&index->keys);
        free(index);
}

void incident_list_add(IncidentList *list, Incident *incident)
{
        if (list->size == list->room) {
                list->room = list->room ? list->room * 2 : 4;
                list->items = mem_resize(list->items, list->room * sizeof(Incident *));
        }
        list->items[list->size++] = incident;
}

void incident_list_free(IncidentList *list)
{
        free(list->items);
        *list = (IncidentList){ 0 };
}

static Cell *cell_of(Index *index, uint64_t key)
{
        Cell *cell = map_get(index->cells, &key, sizeof key);

        if (cell)
                return cell;
        cell = mem_new(sizeof *cell);
        cell->key = key;
        map_put(index->cells, &key, sizeof key, cell);
        return cell;
}

/* A newcomer's number is the highest: only an old member in a new place looks for its turn. */
static void stand_enter(Index *index, Stand *stand, const IndexKey *key)
{
        Cell *cell = cell_of(index, key->key);
        Stand *before = NULL, *after = cell->first;

        while (after && key_is_square(key->key) && after->member->number > key->member->number) {
                before = after;
                after = after->after;
        }
        *stand = (Stand){ cell, before, after, key->member };
        *(before ? &before->after : &cell->first) = stand;
        if (after)
                after->before = stand;
        cell->size++;
}

static void stand_leave(Index *index, const Stand *stand)
{
        Cell *cell = stand->cell;

        *(stand->before ? &stand->before->after : &cell->first) = stand->after;
        if (stand->after)
                stand->after->before = stand->before;
        if (--cell->size == 0)
                free(map_take(index->cells, &cell->key, sizeof cell->key));
}

/* From one place of memory to another. */
static void stand_move(Stand *stand, Stand *from, const Member *member)
{
        *stand = *from;
        stand->member = member;
        *(stand->before ? &stand->before->after : &stand->cell->first) = stand;
        if (stand->after)
                stand->after->before = stand;
        from->cell = NULL;
}

/* Where the incident stands under the key already. Keys come in much the same order as the last time: it looks from `at` on, around. */
static Stand *stand_find(const Incident *incident, const IndexKey *key, size_t *at)
{
        for (size_t i = 0; i < incident->stands_size; i++) {
                Stand *stand = &incident->stands[(*at + i) % incident->stands_size];

                if (!stand->cell || stand->cell->key != key->key ||
                    (key_is_square(key->key) && stand->member != key->member))
                        continue;
                *at = (size_t)(stand - incident->stands) + 1;
                return stand;
        }
        return NULL;
}

void index_put(Index *index, Incident *incident)
{
        IndexKeys *keys = &index->keys;
        size_t at = 0;

        index_keys_incident(index->rules, incident, keys);
        Stand *stands = keys->size > 0 ? mem_new(keys->size * sizeof *stands) : NULL;
        for (size_t i = 0; i < keys->size; i++) {
                Stand *old = stand_find(incident, &keys->items[i], &at);

                if (old)
                        stand_move(&stands[i], old, keys->items[i].member);
                else
                        stand_enter(index, &stands[i], &keys->items[i]);
        }
        index_take(index, incident);
        incident->stands = stands;
        incident->stands_size = keys->size;
}

void index_take(Index *index, Incident *incident)
{
        for (size_t i = 0; i < incident->stands_size; i++)
                if (incident->stands[i].cell)
                        stand_leave(index, &incident->stands[i]);
        free(incident->stands);
        incident->stands = NULL;
        incident->stands_size = 0;
        incident->asked = 0; /* another index counts questions of its own */
}
