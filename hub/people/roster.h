#pragma once

/*
 * Who is known, in a file that only its owner may read (0400 or 0600): lines of four words,
 *
 *     NAME ROLE ZONES SECRET          lin dispatcher 350206,350203 scrypt:32768:8:3:...
 *
 * '#' starts a comment line. ZONES "*": all. SECRET: of users a kept password (password.h), or "-": none; of API keys the SHA-256
 * of the key in hex. Names are of a-z 0-9 . _ -, up to 64. ERR_FATAL with file and line for all that is wrong.
 */

#include "hub/base/error.h"
#include "hub/people/person.h"

typedef enum { ROSTER_USERS, ROSTER_KEYS } RosterKind;

typedef struct {
        char *name, *secret;
        Role role;
        bool sees_all;
        char **zones; /* ends with NULL */
} RosterEntry;

typedef struct {
        RosterKind kind;
        RosterEntry *entries; /* in the order of the file */
        size_t size;
} Roster;

bool roster_load(Roster *roster, RosterKind kind, const char *path, Error *err);
const RosterEntry *roster_find(const Roster *roster, const char *name); /* NULL: nobody */
/* ERR_INPUT: name, role, zones or secret are of another form. Takes the place of whom the name names. */
bool roster_put(Roster *roster, const char *name, const char *role, const char *zones, const char *secret, Error *err);
bool roster_remove(Roster *roster, const char *name);
/* Whole or not at all, also when the power fails: a new file takes the place of the old one. */
bool roster_save(const Roster *roster, const char *path, Error *err);
void roster_zones(const RosterEntry *entry, char *out, size_t size); /* "*", "350206,350203" */
void roster_free(Roster *roster);                                    /* also for CLEANUP */
