#pragma once

/*
 * The rows of the correlator's store, in memory: the very texts that dw.zone, dw.incident and dw.subject hold in their column
 * correlator. `hub decide` lives on them, and a reload from them must change nothing.
 */

#include "hub/zone/zone.h"

typedef struct Rows Rows;

Rows *rows_new(void);
void rows_free(Rows *rows);
void rows_save(Rows *rows, Zone *zone);                   /* the zone's changes since the last save */
bool rows_load(const Rows *rows, Zone *zone, Error *err); /* zone time, and the incidents that are candidates */

/* Saves, forgets what changed since the last time, and loads just that again from its rows. */
bool rows_renew(Rows *rows, Zone *zone, Error *err);

bool rows_fetch(const Rows *rows, Zone *zone, const EventValue *value, Error *err); /* what the value needs beside */
