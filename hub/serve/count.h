#pragma once

/* The numbers of hub serve: what was asked, what was told, how long it took, how many wait. */

#include "hub/base/metric.h"

void count_request(Metrics *metrics, const char *route, unsigned status, int64_t ms); /* route: its path's form */
void count_waiting(Metrics *metrics, int64_t waiting);                                /* for a worker */
