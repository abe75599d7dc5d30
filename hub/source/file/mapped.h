#pragma once

/*
 * The bytes of a file as a record's: a small one's are copied, a large one's mapped, so that 128 MiB cost no copy. They are
 * followed by a NUL, also when the size is a multiple of the page's and when the file grows meanwhile. A mapped file that is
 * cut while it is read ends the process with SIGBUS: the record is read again after the restart.
 */

#include "hub/base/buffer.h"
#include "hub/base/error.h"

#include <stddef.h>
#include <sys/types.h>

typedef struct {
        Buffer copy; /* of a small one; its memory is used again */
        char *bytes; /* NULL: nothing is open */
        size_t size;
        size_t room;  /* of the map; 0: none */
        size_t paged; /* so many of the first are the file's pages: hub/base/pages.h */
} Mapped;

/* The first `size` bytes, size > 0, in place of what was open. ERR_RETRY, also when the file has fewer by now. */
bool mapped_open(Mapped *mapped, int descriptor, size_t size, Error *err);

/* Whether a process of this machine has the file open for writing, as far as the kernel tells us: of files that are not ours it does not. */
bool mapped_is_written(int descriptor);

/* Whether it ends as a whole file does: with a line end, or a bracket that closes a document. */
bool mapped_ends(int folder, const char *name, off_t size);
void mapped_close(Mapped *mapped); /* nothing open: fine */
void mapped_free(Mapped *mapped);  /* also closes */
