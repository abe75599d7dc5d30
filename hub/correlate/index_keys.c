#include "hub/correlate/index_keys.h"

#include "hub/base/crypto.h"
#include "hub/base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
        KEY_BITS = 61,
        AXIS_BITS = 30,
        RARES_MOST = 8,                /* of a report: the rarest */
        CM_PER_MILLION_UNITS = 1113195 /* of latitude: a unit is 1e-7 degree, 1.113195 cm */
};

static int64_t floor_divide(int64_t value, int64_t by)
{
        return value >= 0 ? value / by : -((-value + by - 1) / by);
}

int64_t square_units(int64_t cell_cm)
{
        return cell_cm * 1000000 / CM_PER_MILLION_UNITS + 1;
}

Square square_of(GeoPoint point, int64_t units)
{
        return (Square){ floor_divide(point.lon, units * 2), floor_divide(point.lat, units) };
}

uint64_t square_key(KeyKind kind, Square square)
{
        const uint64_t mask = (UINT64_C(1) << AXIS_BITS) - 1;

        return (uint64_t)kind << KEY_BITS | ((uint64_t)square.x & mask) << AXIS_BITS | ((uint64_t)square.y & mask);
}

bool key_is_place(uint64_t key)
{
        return key >> KEY_BITS <= KEY_WIDE;
}

static uint64_t hash_key(KeyKind kind, uint64_t hash)
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

static void houses_add(const Member *member, IndexKeys *out)
{
        for (size_t i = 0; i < member->wording.houses.size; i++) {
                const House *house = &member->wording.houses.items[i];
                const uint64_t both = (uint64_t)house->street << 32 | house->number;

                if (house->road && house->street && house->number)
                        name_add(out, hash_key(KEY_HOUSE, hash64(&both, sizeof both)), member);
        }
}

void index_keys_things(const Member *member, IndexKeys *out)
{
        objects_add(member, out);
        houses_add(member, out);
}

void index_keys_names(const Member *member, IndexKeys *out)
{
        const Wording *wording = &member->wording;

        for (size_t i = 0; i < wording->rares_size && i < RARES_MOST; i++)
                name_add(out, hash_key(KEY_RARE, wording->rares[i]), member);
        for (size_t i = 0; i < wording->places.size; i++)
                if (wording->places.items[i].level == LEVEL_SPOT)
                        name_add(out, hash_key(KEY_PLACE, wording->places.items[i].hash), member);
}

void index_keys_incident(const RuleSet *rules, const Incident *incident, IndexKeys *out)
{
        const Member *linked[INCIDENT_LINKED_MOST];

        out->size = 0;
        for (size_t i = 0; i < incident->members_size; i++) {
                const Member *member = incident->members[i];
                const bool wide = member_wide(member, rules);

                if (member_active(member) && geo_known(member->point))
                        key_add(out,
                                square_key(wide ? KEY_WIDE : KEY_FINE,
                                           square_of(member->point,
                                                     square_units(wide ? rules->coarse_cm : rules->cell_cm))),
                                member);
        }
        for (size_t i = 0; i < incident->members_size; i++)
                if (member_active(incident->members[i]))
                        objects_add(incident->members[i], out);
        for (size_t i = 0, size = incident_linked(incident, linked); i < size; i++) {
                houses_add(linked[i], out);
                index_keys_names(linked[i], out);
        }
}

void index_keys_free(IndexKeys *keys)
{
        free(keys->items);
        *keys = (IndexKeys){ 0 };
}
