#pragma once

/* The log of a lesson through zones of its own, under the present rules. */

#include "hub/learn/learn.h"

enum { RUN_SUGGESTED_MOST = INCIDENT_SUGGESTED_MOST };

/* What a run gave for a subject. */
typedef struct {
        const char *truth; /* of the lesson; NULL: nobody said */
        uint32_t number;   /* among the labelled ones, in log order */
        int64_t at;        /* when it happened */
        GeoPoint point;
        uint64_t category; /* hash of its code */
        char incident[INCIDENT_ID_SIZE];
        bool fresh;                            /* it opened its incident */
        int32_t suggested[RUN_SUGGESTED_MOST]; /* scores, highest first */
        size_t suggested_size;
} Labelled;

/* Subjects in log order, those that nobody labelled among them. */
typedef struct {
        Labelled *items;
        size_t size, room, labelled;
} LabelledList;

/* teacher.choose NULL: the rules decide. out may be NULL; else the run ends when so many labelled subjects are in it. */
bool learn_run(const Lesson *lesson, ZoneTeacher teacher, LabelledList *out, size_t most, Error *err);
void labelled_free(LabelledList *list);
