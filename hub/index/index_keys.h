#pragma once

/*
 * Under which keys a member stands in the index: 64 bits, four for the kind, the rest a square's numbers or a hash. Two
 * objects with one hash only meet to be compared; the score looks at the ids themselves.
 *
 * Places stand in grids: one of fine squares for good positions, then one of squares twice as large for each doubling of
 * the accuracy, so that whoever looks for what may reach him looks at few squares of each; the last holds all the rest.
 */

#include "hub/incident/incident.h"

typedef enum {
        KEY_SQUARE,
        KEY_OBJECT,
        KEY_RARE,
        KEY_SPOT,
        KEY_HOUSE,
        KEY_SIGN,
        KEY_SIGNED_ROAD, /* a sign and its road: as good as a house */
        KEY_UNPLACED = 8 /* beside the kind: a name of incidents without any position, which no grid holds */
} KeyKind;

typedef struct {
        uint64_t key;
        const Member *member;
} IndexKey;

typedef struct {
        IndexKey *items;
        size_t size, room;
} IndexKeys;

/* Squares are so many units of 1e-7 degree high and twice as many wide: as wide as high at least, up to 60 degrees north or south. */
typedef struct {
        size_t level;
        bool last;
        int64_t accuracy_cm; /* of the members in it, at most; in the last grid there are worse ones too */
        int64_t units;
        int64_t rings; /* so many squares around one's own are looked at, at most */
} Grid;

typedef struct {
        int64_t x, y;
} Square;

Grid grid_at(const RuleSet *rules, size_t level);
Square square_of(const Grid *grid, GeoPoint point);
uint64_t square_key(const Grid *grid, Square square);
bool key_is_square(uint64_t key);

/* Every active member's place and objects, and what those name that a newcomer is compared with, each name once. */
void index_keys_incident(const RuleSet *rules, const Incident *incident, IndexKeys *out);
void index_keys_things(const Member *member,
                       IndexKeys *out); /* what alone names a spot: objects, houses, signed roads */
/* Its rarest runs, places and signs of doors; unplaced: KEY_UNPLACED or 0. */
void index_keys_names(const Member *member, int unplaced, IndexKeys *out);
void index_keys_free(IndexKeys *keys);
