#pragma once

/* The log of a lesson through zones of its own, under the present rules. */

#include "hub/learn/learn.h"

/* What a run gave, for the labelled subjects in log order. */
typedef struct {
        const char *subject, *truth; /* of the lesson */
        char incident[INCIDENT_ID_SIZE];
} Labelled;

typedef struct {
        Labelled *items;
        size_t size, room;
} LabelledList;

/* teacher.choose NULL: the rules decide. out may be NULL; else the run ends when so many labelled subjects are in it. */
bool learn_run(const Lesson *lesson, ZoneTeacher teacher, LabelledList *out, size_t most, Error *err);
void labelled_free(LabelledList *list);
