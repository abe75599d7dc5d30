#pragma once

/* zones.yaml: {zone: {name, partition}}. A zone is an administrative code such as "350206"; its events go to one
 * partition. */

#include "hub/base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
        const char *id, *name;
        int32_t partition; /* 0..23 */
} ZoneEntry;

typedef struct Zones Zones;

Zones *zones_load(const char *path, Error *err); /* ERR_FATAL with file and line */
const ZoneEntry *zones_find(const Zones *zones, const char *id);
size_t zones_size(const Zones *zones);
const ZoneEntry *zones_at(const Zones *zones, size_t index);
void zones_free(Zones *zones);
