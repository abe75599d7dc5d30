#pragma once

/*
 * The state folder of a target: how far the feed was read (`place`), up to which erasure its files were looked at (`erasures`),
 * and a file for each change that is not delivered yet: WAITING/ for those that are tried again, DEAD/ for those that were
 * given up. A file is there whole or not at all; one that is moved from DEAD/ to WAITING/ is tried again, by a process that
 * runs, too.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <stdint.h>

typedef struct {
        int64_t feed;
        char *id; /* INCIDENT:EPOCH:VERSION */
        char *incident;
        Buffer body;
        int64_t since; /* wall time of the first try */
        int64_t tries;
        char *why; /* the last trouble; NULL: none */
} Parcel;

void parcel_free(Parcel *parcel); /* what it owns */

typedef struct {
        char *folder, *waiting, *dead;
} Shelf;

bool shelf_open(Shelf *shelf, const char *state, const char *name, Error *err);
void shelf_close(Shelf *shelf); /* for CLEANUP */

/* Removes what a kill left half written: nobody would send it, or empty it at an erasure. For who holds the lock. */
void shelf_tidy(const Shelf *shelf);

bool shelf_place(const Shelf *shelf, int64_t *feed, bool *is_known, Error *err);
bool shelf_place_store(const Shelf *shelf, int64_t feed, Error *err);

/* Up to which erasure what is held was looked at; -1: never. */
bool shelf_erasures(const Shelf *shelf, int64_t *count, Error *err);
bool shelf_erasures_store(const Shelf *shelf, int64_t count, Error *err);

/* Numbers of the files in a folder of it, rising; owned. */
bool shelf_list(const char *folder, int64_t **feeds, size_t *size, Error *err);
bool shelf_read(const char *folder, int64_t feed, Parcel *parcel, Error *err);
bool shelf_store(const char *folder, const Parcel *parcel, Error *err);
void shelf_drop(const char *folder, int64_t feed);
bool shelf_bury(const Shelf *shelf, const Parcel *parcel, Error *err); /* into DEAD/, out of WAITING/ */
bool shelf_raise(const Shelf *shelf, int64_t feed, Error *err);        /* and back, as if it had never been tried */
