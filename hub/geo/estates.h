#pragma once

/*
 * The estate registry (messages.md section 7): CSV with estate,building,lon,lat,crs; positions are turned to WGS 84 on loading.
 * For platforms that name an estate and a building and have no coordinates.
 *
 * Names are compared by what they say: an estate's without blanks and punctuation; a building's by its number, so that 12, １２,
 * 12#, 第12幢 and 12号楼 are one. Nothing is cut out of a longer text: "12-1203" is no building 12.
 *
 * A row without building is the estate as a whole. An estate whose building is unknown has the place of that row, else the mean of its
 * buildings (crs: the first one's; no raw texts), and reaches as far as the farthest of them, 200 m at least.
 */

#include "hub/base/memory.h"
#include "hub/geo/registry.h"

typedef struct {
        const char *estate, *building; /* as the registry writes them, borrowed from it; building "": the whole */
        RegistryPosition at;
        double radius_m; /* of a whole: how far it reaches; of a building 0 */
} Estate;

typedef struct Estates Estates;

Estates *estates_load(const char *path, Error *err); /* ERR_FATAL with file and line */

/* The building, else the whole estate; NULL: an unknown estate. Texts may be NULL. */
const Estate *estates_find(const Estates *estates, const char *estate, const char *building);
void estates_free(Estates *estates);

/* Appends what a building's name says: "12" of "第１２幢". "a" of "A座". */
void estates_building(Buffer *out, const char *building);

/* How people call it: as the registry writes it, else as told, a bare number as a building's (12号楼). A building that the registry
 * lacks only where it is short: "12-1203" would tell the room. */
const char *estates_address(const Estate *known, const char *estate, const char *building, Arena *arena);

extern const OptionKind estates_option; /* an OPTION_CUSTOM field of type Estates * */
