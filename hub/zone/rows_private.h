#pragma once

/* What rows.c, which saves, and rows_load.c share. */

#include "hub/base/map.h"
#include "hub/zone/rows.h"

typedef struct {
        char *text;
        int64_t kept_until;
        Map *subjects; /* of this incident: subject -> SubjectRow * (borrowed) */
} IncidentRow;

typedef struct {
        char *text;
        char incident[INCIDENT_ID_SIZE];
} SubjectRow;

typedef struct {
        char *rule, *command;
} PairRow;

struct Rows {
        Map *incidents, *subjects, *pairs, *effects; /* pairs: "one NUL other" -> PairRow *; effects: command -> text */
        Map *contexts;                               /* subject -> text */
        char *zone;
        Buffer words;   /* up to the last midnight; empty before the first */
        int64_t offset; /* of the day's first record */
        Map *today;     /* offset -> CountedRow *: what the day's records say */
};

typedef struct {
        char *title, *description;
} CountedRow;
