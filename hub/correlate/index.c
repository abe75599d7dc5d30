#include "hub/correlate/index.h"

#include "hub/base/crypto.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

/*
 * A key is 64 bits: two for the kind, the rest the cell's numbers or the hash of an object. Two objects with one hash only
 * meet to be compared; the score looks at the ids themselves.
 */
typedef enum { KEY_FINE, KEY_WIDE, KEY_COARSE, KEY_OBJECT } KeyKind;

enum { CM_PER_MILLION_UNITS = 1113195 }; /* of latitude: a unit is 1e-7 degree, 1.113195 cm */

struct Index {
        const RuleSet *rules;
        Map *cells; /* key -> IncidentList * */
        uint64_t question;
};

Index *index_new(const RuleSet *rules)
{
        Index *index = mem_new(sizeof *index);

        index->rules = rules;
        index->cells = map_new();
        return index;
}

static void list_free(void *list)
{
        incident_list_free(list);
        free(list);
}

void index_free(Index *index)
{
        if (!index)
                return;
        map_free(index->cells, list_free);
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

static int64_t floor_divide(int64_t value, int64_t by)
{
        return value >= 0 ? value / by : -((-value + by - 1) / by);
}

/*
 * Cells are squares of latitude; twice as many units wide in longitude, so that a cell is at least cell_cm wide up to 60
 * degrees north or south and three by three cells hold everything within it.
 */
static uint64_t cell_key(KeyKind kind, GeoPoint point, int64_t cell_cm, int dx, int dy)
{
        const int64_t units = cell_cm * 1000000 / CM_PER_MILLION_UNITS + 1;
        const uint64_t x = (uint64_t)(floor_divide(point.lon, units * 2) + dx) & 0x7fffffff;
        const uint64_t y = (uint64_t)(floor_divide(point.lat, units) + dy) & 0x7fffffff;

        return (uint64_t)kind << 62 | x << 31 | y;
}

static uint64_t object_key(const MemberObject *object)
{
        const uint64_t id = hash64(object->id, strlen(object->id));

        return (uint64_t)KEY_OBJECT << 62 | ((id ^ (uint64_t)object->kind << 56) & 0x3fffffffffffffff);
}

static void cell_add(Incident *incident, uint64_t key, size_t *room)
{
        for (size_t i = 0; i < incident->cells_size; i++)
                if (incident->cells[i] == key)
                        return;
        if (incident->cells_size == *room) {
                *room = *room ? *room * 2 : 4;
                incident->cells = mem_resize(incident->cells, *room * sizeof(uint64_t));
        }
        incident->cells[incident->cells_size++] = key;
}

static void cells_of(const Index *index, Incident *incident)
{
        size_t room = 0;

        free(incident->cells);
        incident->cells = NULL;
        incident->cells_size = 0;
        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];
                const bool wide = member_wide(member, index->rules);

                if (!member_active(member))
                        continue;
                if (geo_known(member->point)) {
                        cell_add(incident,
                                 cell_key(wide ? KEY_WIDE : KEY_COARSE, member->point, index->rules->coarse_cm, 0, 0),
                                 &room);
                        if (!wide)
                                cell_add(incident, cell_key(KEY_FINE, member->point, index->rules->cell_cm, 0, 0),
                                         &room);
                }
                for (size_t j = 0; j < member->objects_size; j++)
                        cell_add(incident, object_key(&member->objects[j]), &room);
        }
}

void index_put(Index *index, Incident *incident)
{
        index_take(index, incident);
        cells_of(index, incident);
        for (size_t i = 0; i < incident->cells_size; i++) {
                IncidentList *list = map_get(index->cells, &incident->cells[i], sizeof incident->cells[i]);

                if (!list) {
                        list = mem_new(sizeof *list);
                        map_put(index->cells, &incident->cells[i], sizeof incident->cells[i], list);
                }
                incident_list_add(list, incident);
        }
}

static void list_remove(IncidentList *list, const Incident *incident)
{
        for (size_t i = 0; i < list->size; i++) {
                if (list->items[i] == incident) {
                        list->items[i] = list->items[--list->size];
                        return;
                }
        }
}

void index_take(Index *index, Incident *incident)
{
        for (size_t i = 0; i < incident->cells_size; i++) {
                IncidentList *list = map_get(index->cells, &incident->cells[i], sizeof incident->cells[i]);

                if (!list)
                        continue;
                list_remove(list, incident);
                if (list->size == 0)
                        list_free(map_take(index->cells, &incident->cells[i], sizeof incident->cells[i]));
        }
        incident->cells_size = 0;
}

static void key_ask(Index *index, uint64_t key, IncidentList *out)
{
        const IncidentList *list = map_get(index->cells, &key, sizeof key);

        for (size_t i = 0; list && i < list->size; i++) {
                if (list->items[i]->asked == index->question)
                        continue;
                list->items[i]->asked = index->question;
                incident_list_add(out, list->items[i]);
        }
}

static void around_ask(Index *index, KeyKind kind, GeoPoint point, int64_t cell_cm, IncidentList *out)
{
        for (int dx = -1; dx <= 1; dx++)
                for (int dy = -1; dy <= 1; dy++)
                        key_ask(index, cell_key(kind, point, cell_cm, dx, dy), out);
}

void index_ask(Index *index, const Member *newcomer, IncidentList *out)
{
        index->question++;
        out->size = 0;
        if (geo_known(newcomer->point)) {
                around_ask(index, KEY_WIDE, newcomer->point, index->rules->coarse_cm, out);
                if (member_wide(newcomer, index->rules))
                        around_ask(index, KEY_COARSE, newcomer->point, index->rules->coarse_cm, out);
                else
                        around_ask(index, KEY_FINE, newcomer->point, index->rules->cell_cm, out);
        }
        for (size_t i = 0; i < newcomer->objects_size; i++)
                key_ask(index, object_key(&newcomer->objects[i]), out);
}
