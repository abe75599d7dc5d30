#pragma once

/*
 * What stands on the sign before which a report stands: the names of shops, estates with a building's number, building sites and
 * schools, in its address ("枋湖西路88号老林茶庄": what follows road and number) and in its words, where a name ends with a word
 * for such a thing and begins at a particle, a road, a number or punctuation. A few letters each: they are only compared, and one
 * wrong letter is a slip of the pen.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNS_MOST = 6, SIGN_LETTERS_MOST = 10 };

typedef struct {
        uint16_t letters[SIGN_LETTERS_MOST]; /* the low bits of its characters */
        uint16_t size;
        uint16_t building; /* 3 of 3号楼, 3栋, 3幢; 0: none */
        bool mark;         /* a landmark, not a door */
} Sign;

typedef struct {
        Sign items[SIGNS_MOST];
        size_t size;
} Signs;

/* Any text may be NULL; only Chinese is read. */
void signs_read(Signs *signs, const char *address, const char *title, const char *description);
int signs_match(const Signs *one, const Signs *other); /* SIGN_* */
int signs_better(int one, int other);                  /* of two SIGN_*, the one that says more */
uint32_t sign_hash(const Sign *sign);

/* Where the part of a Chinese address begins that is not the city, the district or the town; the whole where it is not Chinese. */
const char *sign_address(const char *address);
bool sign_is_chinese(const char *text);
