#pragma once

/*
 * Spots of a survey's earlier rounds: which of them lie where a spot of this one lies. A building that one round has told of
 * comes in the next under a new number, and nothing but its outline says that it is the same.
 *
 * An option names files of GeoJSON, of any character set, up to 64 MiB each; a pattern (done/2023-*.json) that fits none is no error, as
 * before the first round, a name of no file is. They are read once, by spots_read(), which asks the adapter what a Feature is, as it
 * is who knows the new ones. What is none, and a file that cannot be read, is passed over and counted: a round of
 * which one spot was set aside when it came must not keep the next from coming.
 */

#include "hub/geo/outline.h"

enum { SPOTS_UNDER_MOST = 3 };

typedef struct Spots Spots;

typedef struct {
        const char *number, *round; /* borrowed */
        Outline *outline;           /* NULL: it has no place */
} Spot;

/* One Feature. The outline is the caller's, also where it fails (ERR_INPUT); the texts may be in the arena. */
typedef bool SpotRead(const void *of, const json_t *feature, Arena *arena, Spot *spot, Error *err);

/* ERR_FATAL: a file that is named is not there. May be called again: it has read them. */
bool spots_read(Spots *spots, SpotRead *read, const void *of, Error *err);

/*
 * The numbers, which are the registry's, of those of another round and another number that share more than half of the
 * smaller area with this one; the largest share first. Spots may be NULL.
 */
size_t spots_under(const Spots *spots, const Spot *spot, const char *numbers[SPOTS_UNDER_MOST]);

void spots_note(const Spots *spots, Buffer *out); /* how many were passed over, and the first of them; or nothing */
void spots_free(Spots *spots);

extern const OptionKind spots_option; /* an OPTION_CUSTOM field of type Spots *, a list */
