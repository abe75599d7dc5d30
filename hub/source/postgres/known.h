#pragma once

/*
 * What a table's owner was heard to say: the id of every row that was handed over, and a digest of the row as it was when it
 * was delivered. So an overlap that shows a row again, unchanged, costs nothing, and a scan of all ids finds what is gone, what
 * was never shown, and what changed without a new time. An id is known before its row is handed over, with KNOWN_UNSURE: a row
 * that got into Kafka, was never acknowledged and is deleted before we look again was seen, and has to be taken back.
 *
 * FOLDER/known-MARK, of what is asked there, is sorted by the bytes of the ids and mapped; FOLDER/known-MARK.log is what came since, at most 65,536 ids, the
 * only part that memory holds. An entry is 16 hexadecimal digits, a blank, the id, a NUL; digest 0: gone. After a kill all that
 * was kept by known_keep() is there; a half-written end of the log is cut. Without a folder it is a memory of the last 65,536.
 */

#include "hub/base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { KNOWN_UNSURE = 1, KNOWN_UNREAD = 2 }; /* digests: perhaps delivered; refused, and never seen whole */

typedef struct Known Known;

Known *known_open(const char *folder, uint64_t mark, Error *err); /* NULL: in memory. ERR_FATAL */
void known_close(Known *known);                                   /* what was not kept is forgotten */

bool known_doubt(Known *known, Error *err);             /* all ids are unsure: each row comes again; ERR_RETRY */
uint64_t known_get(const Known *known, const char *id); /* 0: unknown */
bool known_has(const Known *known, const char *id, uint64_t digest);
void known_put(Known *known, const char *id, uint64_t digest); /* 0: gone */
bool known_keep(Known *known, Error *err); /* on disk for good; nothing to do is fine. ERR_RETRY: a full disk, say */

/* Sorted by the bytes of the id, for a scan. ERR_RETRY. No known_put() between begin and the last next. */
typedef struct {
        const char *id; /* NULL: the end; borrowed until the next known_put() */
        uint64_t digest;
        size_t at;
} KnownEntry;

bool known_begin(Known *known, KnownEntry *entry, Error *err); /* the first one */
void known_next(const Known *known, KnownEntry *entry);
size_t known_size(const Known *known); /* after known_begin() */
