#pragma once

/*
 * One process an instance: a lock on FOLDER/lock that the kernel drops with the process, however it ends. The file
 * names the holder's process id. Two with one MQTT client id would evict each other for ever.
 */

#include "hub/base/error.h"

typedef struct {
        int descriptor; /* -1: not held */
} Lock;

bool lock_take(Lock *lock, const char *folder, const char *instance,
               Error *err); /* held by another: ERR_FATAL, says by whom */
void lock_release(Lock *lock);
