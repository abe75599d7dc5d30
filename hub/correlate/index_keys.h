#pragma once

/*
 * Under which keys a member stands in the index: 64 bits, three for the kind, the rest the cell's numbers or a hash. Two objects
 * with one hash only meet to be compared; the score looks at the ids themselves.
 */

#include "hub/correlate/incident.h"

/* Of those up to KEY_WIDE a member stands under one: they are of places, the others of names. */
typedef enum { KEY_FINE, KEY_WIDE, KEY_OBJECT, KEY_RARE, KEY_PLACE, KEY_HOUSE } KeyKind;

typedef struct {
        uint64_t key;
        const Member *member;
} IndexKey;

typedef struct {
        IndexKey *items;
        size_t size, room;
} IndexKeys;

/* A square of the grid: cell_cm of latitude high, twice as many units wide, so that it is cell_cm wide up to 60 degrees north or south. */
typedef struct {
        int64_t x, y;
} Square;

int64_t square_units(int64_t cell_cm); /* its height in units of 1e-7 degree */
Square square_of(GeoPoint point, int64_t units);
uint64_t square_key(KeyKind kind, Square square);
bool key_is_place(uint64_t key);

/* Every active member's place and objects, and what those name that a newcomer is compared with, each name once. */
void index_keys_incident(const RuleSet *rules, const Incident *incident, IndexKeys *out);
void index_keys_things(const Member *member, IndexKeys *out); /* its objects and houses */
void index_keys_names(const Member *member, IndexKeys *out);  /* its rarest runs and places */
void index_keys_free(IndexKeys *keys);
