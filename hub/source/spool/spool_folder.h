#pragma once

/* Inside of spool: its folder, the numbers of the segments in it, and the file that says what is acknowledged. */

#include "hub/base/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
        int descriptor, acknowledged; /* of the folder and of the file; -1: in memory */
} SpoolFolder;

#define SPOOL_FOLDER_NONE ((SpoolFolder){ -1, -1 })

bool spool_folder_open(SpoolFolder *folder, const char *parent, Error *err);
bool spool_folder_numbers(const SpoolFolder *folder, uint32_t **numbers, size_t *size, Error *err); /* owned, rising */
uint64_t spool_folder_acknowledged(const SpoolFolder *folder); /* token, 0: none, or not to be trusted */
void spool_folder_acknowledge(const SpoolFolder *folder, uint64_t token);
void spool_folder_close(SpoolFolder *folder);
