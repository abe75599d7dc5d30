#pragma once

/*
 * The houses that a report names: street and number, in its address ("434 W Roscoe St", "湖里区枋湖南路12号") and in its words.
 * A Chinese road is known by its last word and the two characters before it, so that what stands before does not matter. As
 * hashes: they are only compared.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOUSES_MOST = 4 };

typedef struct {
        uint32_t street, number; /* 0: not known */
        bool road;               /* read as a road and a number; else the address as a whole */
} House;

typedef struct {
        House items[HOUSES_MOST];
        size_t size;
} Houses;

/* Any text may be NULL. */
void houses_read(Houses *houses, const char *address, const char *title, const char *description);
int houses_match(const Houses *one, const Houses *other); /* ADDRESS_* */
int houses_better(int one, int other);                    /* of two ADDRESS_*, the one that says more */
