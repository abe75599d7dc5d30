#pragma once

/*
 * The record of erasures, twice: ops.erasure, and a file beside the database that a restored back-up does not take back. A line
 * is "HASH TAB ENTRY LF": HASH is the SHA-256 of ENTRY, a JSON object whose "previous" is the HASH of the line before (of the
 * first: 64 zeros) and whose "number" counts from 1. An unfinished last line was never promised, and does not count.
 */

#include "hub/base/crypto.h"
#include "hub/db/db.h"

typedef struct {
        char *entry;
        char hash[SHA256_TEXT_SIZE];
} ChainLink;

typedef struct {
        ChainLink *items;
        size_t size;
} Chain;

void chain_free(Chain *chain); /* also for CLEANUP */

/* Every link follows the one before. ERR_RETRY: the first that does not, with its number. */
bool chain_file(Chain *chain, const char *path, Error *err); /* no file: an empty chain */
bool chain_rows(Chain *chain, Db *db, Error *err);           /* ops.erasure */

/* ERR_RETRY where both hold a link and they differ. */
bool chain_agree(const Chain *file, const Chain *rows, Error *err);

/* On disk when it returns true. */
bool chain_append(const char *path, const char *entry, const char *hash, Error *err);
