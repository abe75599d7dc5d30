#pragma once

/*
 * Where to look for incidents that may be the same problem: a hash grid of fine cells for reports with a good position, a
 * coarse one for wide ones (which every event asks too), the ids of objects, the houses that reports name (road and
 * number, or road and sign), and, where one side has no position, the rare words, place names and signs that they share. The index holds borrowed
 * incidents, in one index the candidates, in another those that are over; each stands in it under the place and the objects of its active members, and
 * under what those name that a newcomer is compared with.
 *
 * A question costs no more than its bounds allow, however many incidents there are: squares are looked at from the nearest on,
 * in each the newest members first; of names the least common first, and a name that very many share is none. Whom it
 * meets depends on the incidents in the index alone, not on the order in which they were put there.
 */

#include "hub/incident/incident.h"

typedef struct Index Index;

Index *index_new(const RuleSet *rules);
void index_free(Index *index);
void index_put(Index *index, Incident *incident); /* again after every change of its members */
void index_take(Index *index, Incident *incident);

typedef struct {
        Incident **items;
        size_t size, room;
} IncidentList;

/*
 * Every incident that shares a key with the newcomer and, where it is by the place alone, may be near enough; once each, in no
 * order that means anything. Returns whether a bound left some out.
 */
bool index_ask(Index *index, const Member *newcomer, IncidentList *out);
void incident_list_add(IncidentList *list, Incident *incident);
void incident_list_free(IncidentList *list);
