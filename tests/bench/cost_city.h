#pragma once

/*
 * A made-up city for the bench of costs: report number i of a city with so many reports, the same on every run. The city grows with
 * the reports, so that as many stand on a square kilometre, and as many name one road, however many there are.
 */

#include "hub/base/memory.h"
#include "hub/event/json.h"

enum { CITY_DENSITY = 250, CITY_HOURS = 6 }; /* reports on a square kilometre; hours from the first to the last */
#define CITY_START 1701705600000             /* 2023-12-05T00:00:00+08:00 */

typedef struct {
        uint64_t reports, side; /* they stand in a square of so many rows */
} City;

City city_of(uint64_t reports);
/* Report `number` of the city, again: 0 the first time, else another one of the same problem. Texts live in the arena. */
void city_report(const City *city, uint64_t number, uint64_t again, Arena *arena, EventValue *out);
