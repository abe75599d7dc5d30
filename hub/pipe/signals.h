#pragma once

/*
 * Signals as something to ask for, not something that interrupts: SIGTERM and SIGINT (stop) and SIGHUP (reload) are
 * blocked in all threads and read from a descriptor. Open before any thread starts.
 */

#include <stdbool.h>

typedef struct {
        int descriptor;
        bool stop, reload;
} Signals;

void signals_open(Signals *signals);
bool signals_stop(Signals *signals);   /* from the first SIGTERM or SIGINT on */
bool signals_reload(Signals *signals); /* once for each SIGHUP since it was asked last */
void signals_close(Signals *signals);
