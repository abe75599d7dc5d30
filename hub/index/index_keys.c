#include "hub/index/index_keys.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
        KEY_BITS = 60,
        AXIS_BITS = 27,
        RARES_MOST = 8,  /* of a report: the rarest */
        SIGNED_MOST = 2, /* roads and signs of a report that are keys together */
        RINGS_MOST = 16,
        CM_PER_MILLION_UNITS = 1113195 /* of latitude: a unit is 1e-7 degree, 1.113195 cm */
};

static int64_t floor_divide(int64_t value, int64_t by)
{
        return value >= 0 ? value / by : -((-value + by - 1) / by);
}

Grid grid_at(const RuleSet *rules, size_t level)
{
        const int64_t accuracy_cm = rules->wide_cm << level;
        const bool last = accuracy_cm >= rules->coarse_cm;
        const int64_t wide_cm = last ? rules->coarse_cm : accuracy_cm;
        const int64_t side_cm = level == 0 || wide_cm < rules->cell_cm ? rules->cell_cm : wide_cm;
        const int64_t rings = rules->coarse_cm / side_cm + 1;

        return (Grid){ .level = level,
                       .last = last,
                       .accuracy_cm = accuracy_cm,
                       .units = side_cm * 1000000 / CM_PER_MILLION_UNITS + 1,
                       .rings = rings < RINGS_MOST ? rings : RINGS_MOST };
}

static Grid grid_of(const RuleSet *rules, const Member *member)
{
        Grid grid = grid_at(rules, 0);

        while (!grid.last && member->accuracy_cm > grid.accuracy_cm)
                grid = grid_at(rules, grid.level + 1);
        return grid;
}

Square square_of(const Grid *grid, GeoPoint point)
{
        return (Square){ floor_divide(point.lon, grid->units * 2), floor_divide(point.lat, grid->units) };
}

uint64_t square_key(const Grid *grid, Square square)
{
        const uint64_t mask = (UINT64_C(1) << AXIS_BITS) - 1;

        return (uint64_t)KEY_SQUARE << KEY_BITS | (uint64_t)grid->level << 2 * AXIS_BITS |
               ((uint64_t)square.x & mask) << AXIS_BITS | ((uint64_t)square.y & mask);
}

bool key_is_square(uint64_t key)
{
        return key >> KEY_BITS == KEY_SQUARE;
}

static uint64_t hash_key(int kind, uint64_t hash)
{
        return (uint64_t)kind << KEY_BITS | (hash & ((UINT64_C(1) << KEY_BITS) - 1));
}

static void key_add(IndexKeys *keys, uint64_t key, const Member *member)
{
        if (keys->size == keys->room) {
                keys->room = keys->room ? keys->room * 2 : 32;
                keys->items = mem_resize(keys->items, keys->room * sizeof *keys->items);
        }
        keys->items[keys->size++] = (IndexKey){ key, member };
}

static void name_add(IndexKeys *keys, uint64_t key, const Member *member)
{
        for (size_t i = 0; i < keys->size; i++)
                if (keys->items[i].key == key)
                        return;
        key_add(keys, key, member);
}

static void objects_add(const Member *member, IndexKeys *out)
{
        for (size_t i = 0; i < member->objects_size; i++) {
                const MemberObject *object = &member->objects[i];

                name_add(out,
                         hash_key(KEY_OBJECT, hash64(object->id, strlen(object->id)) ^ (uint64_t)object->kind << 52),
                         member);
        }
}

static uint64_t pair_key(KeyKind kind, uint32_t one, uint32_t other)
{
        const uint64_t both = (uint64_t)one << 32 | other;

        return hash_key(kind, hash64(&both, sizeof both));
}

static void spots_add(const Member *member, IndexKeys *out)
{
        const Houses *houses = &member->wording.houses;
        const Signs *signs = &member->wording.signs;

        for (size_t i = 0; i < houses->size; i++) {
                const House *house = &houses->items[i];

                if (!house->road || !house->street)
                        continue;
                if (house->number)
                        name_add(out, pair_key(KEY_HOUSE, house->street, house->number), member);
                for (size_t j = 0; i < SIGNED_MOST && j < SIGNED_MOST && j < signs->size; j++)
                        if (!signs->items[j].mark)
                                name_add(out, pair_key(KEY_SIGNED_ROAD, house->street, sign_hash(&signs->items[j])),
                                         member);
        }
}

void index_keys_things(const Member *member, IndexKeys *out)
{
        objects_add(member, out);
        spots_add(member, out);
}

void index_keys_names(const Member *member, int unplaced, IndexKeys *out)
{
        const Wording *wording = &member->wording;

        for (size_t i = 0; i < wording->rares_size && i < RARES_MOST; i++)
                name_add(out, hash_key(KEY_RARE | unplaced, wording->rares[i]), member);
        for (size_t i = 0; i < wording->places.size; i++)
                if (wording->places.items[i].level == LEVEL_SPOT)
                        name_add(out, hash_key(KEY_SPOT | unplaced, wording->places.items[i].hash), member);
        for (size_t i = 0; i < wording->signs.size; i++)
                if (!wording->signs.items[i].mark)
                        name_add(out, hash_key(KEY_SIGN | unplaced, sign_hash(&wording->signs.items[i])), member);
}

void index_keys_incident(const RuleSet *rules, const Incident *incident, IndexKeys *out)
{
        const Member *linked[INCIDENT_LINKED_MOST];
        const int unplaced = geo_known(incident->point) ? 0 : KEY_UNPLACED;

        out->size = 0;
        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];

                if (!member_active(member) || !geo_known(member->point))
                        continue;
                const Grid grid = grid_of(rules, member);
                key_add(out, square_key(&grid, square_of(&grid, member->point)), member);
        }
        for (size_t i = 0; i < incident->members_size; i++)
                if (member_active(incident->members[i]))
                        objects_add(incident->members[i], out);
        for (size_t i = 0, size = incident_linked(incident, linked); i < size; i++) {
                spots_add(linked[i], out);
                index_keys_names(linked[i], unplaced, out);
        }
}

void index_keys_free(IndexKeys *keys)
{
        free(keys->items);
        *keys = (IndexKeys){ 0 };
}
