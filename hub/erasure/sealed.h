#pragma once

/*
 * Rejected records: sealed, in whatever form they came, so nobody knows of whom they speak before they are opened. Those that
 * name a person who is erased (hub/privacy/named.h) lose their bytes, in the database and, where they were too large for it, in
 * the state folder, if that is here; hub rejected does not retry them any more. What cannot be opened stays as it is: what
 * comes of it when it is retried comes in empty, and without its key nobody reads it.
 */

#include "hub/config/config.h"
#include "hub/db/db.h"

#include <jansson.h>

typedef struct {
        size_t opened, emptied, shut;
        char *why;    /* the first that could not be opened; NULL: all could */
        char **files; /* of those that were emptied, to be dropped after the commit */
        size_t files_size;
} Sealed;

/* Within the caller's transaction. entries: of the chain, whose persons count up to their moment. */
bool sealed_empty(Sealed *sealed, Db *db, const Config *config, const char *const *entries, size_t size, Error *err);
void sealed_drop_files(const Sealed *sealed); /* after the commit */
void sealed_free(Sealed *sealed);             /* for CLEANUP */
