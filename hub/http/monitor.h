#pragma once

/*
 * What a process shows of itself: /metrics (Prometheus), /livez (200 while the loop turns), /readyz (200 while every peer is
 * reached; the body names each). It also keeps the health that systemd is told. Never a reason to end: a busy port is one
 * line in the log, and the process goes on without.
 */

#include "hub/base/health.h"
#include "hub/base/metric.h"
#include "hub/base/options.h"

/* The `metrics` section of the configuration; HUB_METRICS_LISTEN and HUB_METRICS_TARGETS of one process go before it. */
typedef struct {
        char *listen;  /* NULL: nothing is served */
        char *targets; /* NULL: no target file is written */
} MonitorOptions;

extern const Option monitor_options[];
extern const size_t monitor_options_size;

typedef struct Monitor Monitor;

/* part: "run", "correlate", "relay"; instance: NULL for a part without. Never NULL. */
Monitor *monitor_open(const MonitorOptions *options, const char *part, const char *instance);
Metrics *monitor_metrics(Monitor *monitor);
Health *monitor_health(Monitor *monitor);
void monitor_drop(Monitor **monitor); /* for CLEANUP */
