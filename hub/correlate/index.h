#pragma once

/*
 * Where to look for incidents that may be the same problem: a hash grid of fine cells for reports with a good position, a
 * coarse grid for wide ones (which every event asks too), the ids of objects, the houses that reports name (road and
 * number, or road and sign), and, where one side has no position, the rare words, place names and signs that they share.
 * The index holds borrowed incidents; an incident stands in it under each cell and object of its active members, and under
 * what those name that a newcomer is compared with. Only candidates at the asker's zone time are met, so that leaving or
 * entering memory cannot show.
 */

#include "hub/correlate/incident.h"

typedef struct Index Index;

Index *index_new(const RuleSet *rules);
void index_free(Index *index);
void index_put(Index *index, Incident *incident); /* again after every change of its members */
void index_take(Index *index, Incident *incident);

/* Every live incident that shares a key with the newcomer, once each, in no order that means anything. */
typedef struct {
        Incident **items;
        size_t size, room;
} IncidentList;

void index_ask(Index *index, const Member *newcomer, int64_t zone_time, IncidentList *out);
void incident_list_add(IncidentList *list, Incident *incident);
void incident_list_free(IncidentList *list);
