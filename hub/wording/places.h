#pragma once

/*
 * Names of places in a short text: towns and districts ("A3区", "湖里区"), and estates, roads, schools, known by their last
 * word and the two characters before it. As hashes: they are only compared.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLACES_MOST = 8 };

typedef enum { LEVEL_TOWN, LEVEL_DISTRICT, LEVEL_STREET, LEVEL_SPOT } PlaceLevel;

typedef struct {
        uint32_t hash;
        PlaceLevel level;
} PlaceName;

typedef struct {
        PlaceName items[PLACES_MOST];
        size_t size;
} PlaceNames;

void places_read(PlaceNames *names, const char *text, size_t points); /* of the first so many characters */
int places_match(const PlaceNames *one, const PlaceNames *other);     /* of spots: MATCH_* */
int places_area(const PlaceNames *one, const PlaceNames *other);      /* of towns and districts: AREA_* */
