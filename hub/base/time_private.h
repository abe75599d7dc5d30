#pragma once

/*
 * What the readers of times share: the parts of a time, and what takes them off the front of a text. Takers move *at behind
 * what they took; after false it is anywhere.
 */

#include "hub/base/time.h"

typedef struct {
        int year, month, day, hour, minute, second, ms;
        int zone;    /* minutes east */
        int weekday; /* as written, 0 is Sunday; -1 when not written */
        TimePrecision precision;
} Parts;

enum { TIME_PLAIN_SIZE = 96 };

bool parts_is_digit(char c);
size_t parts_digits(const char *at); /* how many digits stand there */
bool parts_byte(const char **at, char byte);
bool parts_number(const char **at, size_t least, size_t most, int *value); /* that many digits, and none behind */
bool parts_exact(const char **at, int count, int *value);                  /* the next so many digits */
bool parts_fraction(const char **at, int *ms);                             /* any number of digits, cut */
int parts_name(const char **at, const char *names); /* of three letters out of a list of such; its index or -1 */
bool parts_clock(const char **at, Parts *parts);    /* [AM ]H:mm[:ss[.fraction]][ AM] */
bool parts_zone(const char **at, Parts *parts);     /* up to the end; nothing leaves the zone as it is */
bool parts_compose(const Parts *parts, int64_t *ms);

/* Readers of whole texts, in time_words.c. */
bool parts_read_named(const char *at, Parts *parts); /* a month by its name */
bool time_plain(const char *text,
                char out[TIME_PLAIN_SIZE]); /* Chinese words and widths as ASCII has them; false: too long */
