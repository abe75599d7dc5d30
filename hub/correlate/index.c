#include "hub/correlate/index.h"

#include "hub/base/crypto.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

/*
 * A key is 64 bits: three for the kind, the rest the cell's numbers or a hash. Two objects with one hash only meet to be
 * compared; the score looks at the ids themselves.
 */
typedef enum { KEY_FINE, KEY_WIDE, KEY_COARSE, KEY_OBJECT, KEY_RARE, KEY_PLACE, KEY_HOUSE } KeyKind;

enum {
        KEY_BITS = 61,
        AXIS_BITS = 30,
        RARES_MOST = 8,    /* of a report: the rarest */
        COMMON_LEAST = 256 /* live incidents under one rare key: it is not rare */
};
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
        const uint64_t mask = (UINT64_C(1) << AXIS_BITS) - 1;
        const uint64_t x = (uint64_t)(floor_divide(point.lon, units * 2) + dx) & mask;
        const uint64_t y = (uint64_t)(floor_divide(point.lat, units) + dy) & mask;

        return (uint64_t)kind << KEY_BITS | x << AXIS_BITS | y;
}

static uint64_t object_key(const MemberObject *object)
{
        const uint64_t id = hash64(object->id, strlen(object->id));

        return (uint64_t)KEY_OBJECT << KEY_BITS |
               ((id ^ (uint64_t)object->kind << 52) & ((UINT64_C(1) << KEY_BITS) - 1));
}

static uint64_t hash_key(KeyKind kind, uint32_t hash)
{
        return (uint64_t)kind << KEY_BITS | hash;
}

/* 0: no road and number. */
static uint64_t house_key(const House *house)
{
        const uint64_t both = (uint64_t)house->street << 32 | house->number;

        if (!house->road || !house->street || !house->number)
                return 0;
        return (uint64_t)KEY_HOUSE << KEY_BITS | (hash64(&both, sizeof both) & ((UINT64_C(1) << KEY_BITS) - 1));
}

static size_t rares_of(const Member *member)
{
        return member->wording.rares_size < RARES_MOST ? member->wording.rares_size : RARES_MOST;
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

/* What the members that a newcomer is compared with name. */
static void names_of(Incident *incident, size_t *room)
{
        const Member *members[INCIDENT_LINKED_MOST];

        for (size_t i = 0, size = incident_linked(incident, members); i < size; i++) {
                const PlaceNames *places = &members[i]->wording.places;

                for (size_t j = 0; j < rares_of(members[i]); j++)
                        cell_add(incident, hash_key(KEY_RARE, members[i]->wording.rares[j]), room);
                for (size_t j = 0; j < places->size; j++)
                        if (places->items[j].level == LEVEL_SPOT)
                                cell_add(incident, hash_key(KEY_PLACE, places->items[j].hash), room);
                for (size_t j = 0; j < members[i]->wording.houses.size; j++)
                        if (house_key(&members[i]->wording.houses.items[j]))
                                cell_add(incident, house_key(&members[i]->wording.houses.items[j]), room);
        }
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
        names_of(incident, &room);
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

typedef struct {
        Index *index;
        IncidentTest test;
        int64_t zone_time;
        IncidentList *out;
} Question;

static void key_ask(const Question *question, uint64_t key)
{
        const IncidentList *list = map_get(question->index->cells, &key, sizeof key);

        for (size_t i = 0; list && i < list->size; i++) {
                Incident *incident = list->items[i];

                if (incident->asked == question->index->question || !question->test(incident, question->zone_time))
                        continue;
                incident->asked = question->index->question;
                incident_list_add(question->out, incident);
        }
}

/* A key that many live incidents share names nothing. */
static void rare_ask(const Question *question, uint64_t key)
{
        const IncidentList *list = map_get(question->index->cells, &key, sizeof key);
        size_t live = 0;

        for (size_t i = 0; list && i < list->size && live < COMMON_LEAST; i++)
                live += question->test(list->items[i], question->zone_time);
        if (live < COMMON_LEAST)
                key_ask(question, key);
}

static void around_ask(const Question *question, KeyKind kind, GeoPoint point, int64_t cell_cm)
{
        for (int dx = -1; dx <= 1; dx++)
                for (int dy = -1; dy <= 1; dy++)
                        key_ask(question, cell_key(kind, point, cell_cm, dx, dy));
}

static void names_ask(const Question *question, const Member *newcomer)
{
        const PlaceNames *places = &newcomer->wording.places;

        for (size_t i = 0; i < rares_of(newcomer); i++)
                rare_ask(question, hash_key(KEY_RARE, newcomer->wording.rares[i]));
        for (size_t i = 0; i < places->size; i++)
                if (places->items[i].level == LEVEL_SPOT)
                        rare_ask(question, hash_key(KEY_PLACE, places->items[i].hash));
}

static void houses_ask(const Question *question, const Houses *houses)
{
        for (size_t i = 0; i < houses->size; i++)
                if (house_key(&houses->items[i]))
                        rare_ask(question, house_key(&houses->items[i]));
}

void index_ask(Index *index, const Member *newcomer, IncidentTest test, int64_t zone_time, IncidentList *out)
{
        const RuleSet *rules = index->rules;
        const Question question = { index, test, zone_time, out };

        index->question++;
        out->size = 0;
        if (geo_known(newcomer->point)) {
                around_ask(&question, KEY_WIDE, newcomer->point, rules->coarse_cm);
                if (member_wide(newcomer, rules))
                        around_ask(&question, KEY_COARSE, newcomer->point, rules->coarse_cm);
                else
                        around_ask(&question, KEY_FINE, newcomer->point, rules->cell_cm);
        } else {
                names_ask(&question, newcomer);
        }
        houses_ask(&question, &newcomer->wording.houses);
        for (size_t i = 0; i < newcomer->objects_size; i++)
                key_ask(&question, object_key(&newcomer->objects[i]));
}
