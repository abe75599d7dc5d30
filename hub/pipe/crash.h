#pragma once

/*
 * A record that kills us must not do so for ever. A mapped page in the state folder counts, for each position, how
 * often the process died by ABRT, SEGV, BUS or FPE while translating it; after CRASH_MOST the runner rejects that
 * record as `crashed` without touching it. SIGKILL never counts: somebody else's doing. The page survives the process,
 * not the machine: after a power cut the counting starts anew.
 */

#include "hub/base/error.h"

#include <stdint.h>

enum { CRASH_MOST = 3 };

typedef struct Crash Crash;

Crash *crash_open(const char *folder, Error *err);     /* installs the handlers; one in a process */
uint64_t crash_key(const char *position);              /* never 0 */
bool crash_poisoned(const Crash *crash, uint64_t key); /* this position killed us CRASH_MOST times */
void crash_enter(Crash *crash, uint64_t key);          /* translating starts */
void crash_leave(Crash *crash);                        /* and is over */
void crash_forget(Crash *crash, uint64_t key);         /* its rejection is acknowledged */
void crash_close(Crash *crash);
