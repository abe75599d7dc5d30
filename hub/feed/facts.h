#pragma once

/*
 * What filters ask of a version of an incident, and the filters: of lists of values each that is given must fit, of its values
 * one. "open" and "closed" stand for all states of incidents that are open or shut.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <jansson.h>
#include <stdbool.h>

typedef struct {
        const char *zone, *state, *severity, *category; /* borrowed; never NULL */
        const char *platforms;                          /* "p01,p09" */
        double lon, lat;
        bool has_position, is_shut;
} Facts;

/* Texts are put into `room` (each with its NUL), where they stay: it must not move, so facts_size() says how much they take. */
size_t facts_size(const json_t *version);
char *facts_read(Facts *facts, const json_t *version, char *room); /* returns what is behind them */

typedef enum { FILTER_ZONE, FILTER_STATE, FILTER_SEVERITY, FILTER_CATEGORY, FILTER_PLATFORM, FILTER_LISTS } FilterList;

typedef struct {
        char *lists[FILTER_LISTS]; /* ",one,two,"; NULL: all */
        bool has_box;
        double west, south, east, north;
} Filter;

extern const char *const filter_names[FILTER_LISTS + 1]; /* "zone", "state" ...; ends with NULL */

/* ERR_INPUT with the text of what is wrong: an empty value, an unknown severity or state, over 100 values. */
bool filter_list(Filter *filter, FilterList list, const char *values, Error *err); /* "a,b" */
bool filter_box(Filter *filter, const char *numbers, Error *err);                  /* west,south,east,north */
bool filter_is_empty(const Filter *filter);
bool filter_takes(const Filter *filter, const Facts *facts);
void filter_free(Filter *filter);
