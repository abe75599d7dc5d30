#include "hub/correlate/index.h"

#include "hub/base/crypto.h"
#include "hub/base/map.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

/*
 * A key is 64 bits: five for the kind, the rest the cell's numbers or a hash. Two objects with one hash only meet to be
 * compared; the score looks at the ids themselves.
 */
typedef enum {
        KEY_FINE,
        KEY_WIDE,
        KEY_COARSE,
        KEY_OBJECT,
        KEY_RARE,
        KEY_PLACE,
        KEY_HOUSE,
        KEY_SIGN,
        KEY_SIGNED_ROAD,  /* a sign and its road: as good as a house */
        KEY_UNPLACED = 16 /* names of incidents without any position: what has one asks for no others */
} KeyKind;

enum {
        KEY_BITS = 59,
        AXIS_BITS = 29,
        RARES_MOST = 8,    /* of a report: the rarest */
        SIGNED_MOST = 2,   /* roads and signs of a report that are keys together */
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

static uint64_t hash_key(int kind, uint64_t hash)
{
        return (uint64_t)kind << KEY_BITS | (hash & ((UINT64_C(1) << KEY_BITS) - 1));
}

static uint64_t object_key(const MemberObject *object)
{
        return hash_key(KEY_OBJECT, hash64(object->id, strlen(object->id)) ^ (uint64_t)object->kind << 52);
}

static uint64_t pair_key(KeyKind kind, uint32_t one, uint32_t other)
{
        const uint64_t both = (uint64_t)one << 32 | other;

        return hash_key(kind, hash64(&both, sizeof both));
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

typedef struct {
        uint64_t items[RARES_MOST + PLACES_MOST + SIGNS_MOST + HOUSES_MOST + SIGNED_MOST * SIGNED_MOST];
        size_t size;
} NameKeys;

/* What alone names a spot, wherever a position was put. */
static void spots_add(NameKeys *keys, const Wording *wording)
{
        const Houses *houses = &wording->houses;
        const Signs *signs = &wording->signs;

        for (size_t i = 0; i < houses->size; i++) {
                const House *house = &houses->items[i];

                if (!house->road || !house->street)
                        continue;
                if (house->number)
                        keys->items[keys->size++] = pair_key(KEY_HOUSE, house->street, house->number);
                for (size_t j = 0; i < SIGNED_MOST && j < SIGNED_MOST && j < signs->size; j++)
                        if (!signs->items[j].mark)
                                keys->items[keys->size++] =
                                        pair_key(KEY_SIGNED_ROAD, house->street, sign_hash(&signs->items[j]));
        }
}

/* What else a report names: rare words, places, signs of doors. unplaced: KEY_UNPLACED or 0. */
static void names_add(NameKeys *keys, const Wording *wording, int unplaced)
{
        for (size_t i = 0; i < wording->rares_size && i < RARES_MOST; i++)
                keys->items[keys->size++] = hash_key(KEY_RARE | unplaced, wording->rares[i]);
        for (size_t i = 0; i < wording->places.size; i++)
                if (wording->places.items[i].level == LEVEL_SPOT)
                        keys->items[keys->size++] = hash_key(KEY_PLACE | unplaced, wording->places.items[i].hash);
        for (size_t i = 0; i < wording->signs.size; i++)
                if (!wording->signs.items[i].mark)
                        keys->items[keys->size++] = hash_key(KEY_SIGN | unplaced, sign_hash(&wording->signs.items[i]));
}

/* What the members that a newcomer is compared with name. */
static void names_of(Incident *incident, size_t *room)
{
        const Member *members[INCIDENT_LINKED_MOST];
        const int unplaced = geo_known(incident->point) ? 0 : KEY_UNPLACED;

        for (size_t i = 0, size = incident_linked(incident, members); i < size; i++) {
                NameKeys keys = { .size = 0 };

                spots_add(&keys, &members[i]->wording);
                names_add(&keys, &members[i]->wording, unplaced);
                for (size_t j = 0; j < keys.size; j++)
                        cell_add(incident, keys.items[j], room);
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
        int64_t zone_time;
        IncidentList *out;
} Question;

static void key_ask(const Question *question, uint64_t key)
{
        const IncidentList *list = map_get(question->index->cells, &key, sizeof key);

        for (size_t i = 0; list && i < list->size; i++) {
                Incident *incident = list->items[i];

                if (incident->asked == question->index->question || !incident_candidate(incident, question->zone_time))
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
                live += incident_candidate(list->items[i], question->zone_time);
        if (live < COMMON_LEAST)
                key_ask(question, key);
}

static void around_ask(const Question *question, KeyKind kind, GeoPoint point, int64_t cell_cm)
{
        for (int dx = -1; dx <= 1; dx++)
                for (int dy = -1; dy <= 1; dy++)
                        key_ask(question, cell_key(kind, point, cell_cm, dx, dy));
}

/* One without a position asks all that names what it names; one with a position only those that the grids do not hold. */
static void names_ask(const Question *question, const Member *newcomer)
{
        NameKeys keys = { .size = 0 };

        spots_add(&keys, &newcomer->wording);
        names_add(&keys, &newcomer->wording, KEY_UNPLACED);
        if (!geo_known(newcomer->point)) {
                for (size_t i = 0; i < keys.size; i++)
                        rare_ask(question, keys.items[i]);
                keys.size = 0;
                names_add(&keys, &newcomer->wording, 0);
        }
        for (size_t i = 0; i < keys.size; i++)
                rare_ask(question, keys.items[i]);
}

void index_ask(Index *index, const Member *newcomer, int64_t zone_time, IncidentList *out)
{
        const RuleSet *rules = index->rules;
        const Question question = { index, zone_time, out };

        index->question++;
        out->size = 0;
        if (geo_known(newcomer->point)) {
                around_ask(&question, KEY_WIDE, newcomer->point, rules->coarse_cm);
                if (member_wide(newcomer, rules))
                        around_ask(&question, KEY_COARSE, newcomer->point, rules->coarse_cm);
                else
                        around_ask(&question, KEY_FINE, newcomer->point, rules->cell_cm);
        }
        names_ask(&question, newcomer);
        for (size_t i = 0; i < newcomer->objects_size; i++)
                key_ask(&question, object_key(&newcomer->objects[i]));
}
