#pragma once

/*
 * Entries of what is known, and the file that holds them sorted by the bytes of their ids. An entry is 16 hexadecimal digits of
 * the digest, a blank, the id, a NUL. The file is mapped: a look-up walks over few entries, memory holds a place of each 32nd.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

enum { ENTRY_ID = 17 }; /* where the id begins */

void entry_add(Buffer *out, const char *id, uint64_t digest);
uint64_t entry_digest(const char *entry);
size_t entry_size(const char *bytes, size_t size, size_t at); /* its NUL included; 0: there is none that is whole */

typedef struct {
        char *bytes; /* NULL: empty; read only */
        size_t size, count;
        size_t *places;
} Sorted;

typedef struct {
        const char *id;
        uint64_t digest; /* 0: gone */
} Recent;

bool sorted_open(Sorted *sorted, const char *path, Error *err); /* absent: empty. ERR_FATAL: damaged */
void sorted_close(Sorted *sorted);
uint64_t sorted_get(const Sorted *sorted, const char *id); /* 0: unknown */

/* A new file in place of that one, in one step; recent ones count, in any order. `sorted` stays what it was. ERR_RETRY */
bool sorted_store(const Sorted *sorted, Recent *recent, size_t size, const char *path, Error *err);
