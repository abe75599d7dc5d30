#pragma once

/*
 * When incidents cease to be what they are: a heap by time. An incident waits in it or is gone: of no use any more, and only in
 * memory until the next commit. Each step costs the logarithm of how many wait, whatever the zone's time does.
 */

#include "hub/incident/incident.h"

typedef struct Leaving Leaving;

Leaving *leaving_new(void);
void leaving_free(Leaving *leaving); /* incidents are borrowed */

/* Either may be said again, and whatever was said before. */
void leaving_wait(Leaving *leaving, Incident *incident, int64_t until);
void leaving_go(Leaving *leaving, Incident *incident);
void leaving_forget(Leaving *leaving, Incident *incident);

Incident *
leaving_due(Leaving *leaving,
            int64_t zone_time); /* its time has passed, and it is gone unless it is to wait again; NULL: none */
Incident *leaving_gone(const Leaving *leaving); /* one of those that are gone; NULL: none */
